import Diagnostics
import Documents
import Quantities
import Testing

private enum Kind: String, CaseIterable { case clocked, continuous }

@Suite struct ReaderTests {
  private func reader(_ text: String) throws -> DocumentReader {
    DocumentReader(try Document.parse(json5: text, place: "f"), place: "f")
  }

  @Test func readsEveryKind() throws {
    let reader = try reader(
      "{ s: 'x', n: 2.5, i: 7, b: true, k: 'clocked', q: '12 fF', p: 0.5, o: { a: 1 }, l: ['u', 'v'] }")
    let root = reader.root
    #expect(root.string("s") == "x")
    #expect(root.number("n", in: 0...3) == 2.5)
    #expect(root.integer("i", in: 0...7) == 7)
    #expect(root.bool("b") == true)
    #expect(root.oneOf("k", as: Kind.self) == .clocked)
    #expect(root.quantity("q", .farads) == 12e-15)
    #expect(root.quantity("p", .none) == 0.5)
    #expect(root.object("o")?.integer("a", in: 0...1) == 1)
    #expect(root.array("l")?.map { $0.asString() } == ["u", "v"])
    #expect(root.optionalString("absent") == nil)
    root.finish()
    #expect(reader.diagnostics.all.isEmpty)
  }

  @Test func collectsEveryProblem() throws {
    let reader = try reader(
      """
      { s: 1, n: 9, i: 2.5, j: 8, b: 'x', k: 'clokced', q: '12 fS', r: 12, t: '12 fX', u: '3 F', o: [], l: 5,
        nested: { knwon: 1 }, list: [{ size: 0 }], nul: null }
      """)
    let root = reader.root
    #expect(root.string("s") == nil)
    #expect(root.number("n", in: 0...3) == nil)
    #expect(root.integer("i", in: 0...7) == nil)
    #expect(root.integer("j", in: 0...7) == nil)
    #expect(root.bool("b") == nil)
    #expect(root.oneOf("k", as: Kind.self) == nil)
    for key in ["q", "r", "t"] { #expect(root.quantity(key, .farads) == nil) }
    #expect(root.quantity("u", .farads, in: 0...1e-6) == nil)
    #expect(root.object("o") == nil)
    #expect(root.array("l") == nil)
    #expect(root.object("nested")?.optionalNumber("known") == nil)
    #expect(root.array("list")?.first?.integer("size", in: 1...9) == nil)
    #expect(root.integer("absent", in: 0...1) == nil)
    #expect(root.string("nul") == nil)
    root.finish()
    let found = reader.diagnostics.all.map { "\($0.subject) \($0.id)" }
    #expect(
      found == [
        "s document.type", "n document.range", "i document.type", "j document.range", "b document.type",
        "k document.choice", "q document.dimension", "r document.type", "t document.quantity",
        "u document.range",
        "o document.type", "l document.type", "list[0].size document.range", "absent document.missingKey",
        "nul document.missingKey", "nested.knwon document.unknownKey",
      ])
    let all = reader.diagnostics.all
    #expect(all[5].remedy == "Perhaps \"clocked\" is meant")
    #expect(all[6].formatted.contains("expected a capacitance such as \"12 fF\""))
    #expect(all[9].expected == "0 F to 1 uF")
    #expect(all.last?.remedy == "Perhaps known is meant")
    #expect(all.allSatisfy { $0.place == "f" })
  }

  @Test func aDocumentThatIsNoObjectIsSaidOnce() throws {
    let reader = try reader("[1]")
    _ = reader.root.string("a")
    _ = reader.root.integer("b", in: 0...1)
    reader.root.finish()
    #expect(reader.diagnostics.all.map(\.id) == ["document.type"])
  }

  @Test(
    arguments: [
      ("axnos", "axons"), ("Axons", "axons"), ("neuron", "neurons"), ("zzz", nil), ("a", nil),
      ("delaySlot", "delaySlots"),
    ] as [(String, String?)])
  func nearestNameIsFound(name: String, expected: String?) {
    #expect(nearestName(to: name, among: ["axons", "neurons", "delaySlots"]) == expected)
  }
}

@Suite struct SettingTests {
  private let document = Document.object([
    "a": .object(["b": .number(1), "c": .string("x")]), "d": .number(2),
  ])

  @Test(arguments: [
    ("a.b", "5", #"{"a":{"b":5,"c":"x"},"d":2}"#), ("a.b", "50fF", #"{"a":{"b":"50fF","c":"x"},"d":2}"#),
    ("a.b", "true", #"{"a":{"b":true,"c":"x"},"d":2}"#),
    ("e.f", "[0,1]", #"{"a":{"b":1,"c":"x"},"d":2,"e":{"f":[0,1]}}"#),
    ("a", "'y'", #"{"a":"y","d":2}"#), ("d", "", #"{"a":{"b":1,"c":"x"},"d":""}"#),
    ("d", "Infinity", #"{"a":{"b":1,"c":"x"},"d":"Infinity"}"#),
  ])
  func replaces(path: String, text: String, result: String) throws {
    #expect(try document.setting(path: path, to: text).serialized(pretty: false) == result)
  }

  @Test(arguments: ["", "a.", ".a", "a..b", "d.x", "a.c.x"])
  func refuses(path: String) {
    let failure = #expect(throws: Failure.self) { try document.setting(path: path, to: "1") }
    #expect(failure?.reason == .usage)
  }
}
