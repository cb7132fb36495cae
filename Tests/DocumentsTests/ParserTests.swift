import Diagnostics
import Documents
import Foundation
import TestSupport
import Testing

@Suite struct ParserTests {
  @Test(
    arguments: [
      ("{}", Document.object([:])), ("[]", .array([])), (" null ", .null), ("true", .bool(true)),
      ("'a'", .string("a")),
      (
        "{a: 1, 'b': [1, 2,], \"c\": {},}",
        .object(["a": .number(1), "b": .array([.number(1), .number(2)]), "c": .object([:])])
      ),
      ("// c\n/* d */ 1 // e", .number(1)), ("\u{FEFF}\u{A0}1\u{2028}", .number(1)), (".5", .number(0.5)),
      ("5.", .number(5)),
      ("+0x1F", .number(31)), ("-0xff", .number(-255)), ("1e-15", .number(1e-15)), ("-0", .number(0)),
      (#""\u00e9\x41\n\t\0\'\z""#, .string("éA\n\t\0'z")), (#""\uD834\uDD1E""#, .string("𝄞")),
      ("'a\\\nb\\\r\nc\\\u{2028}d'", .string("abcd")), ("{$_a1: 0}", .object(["$_a1": .number(0)])),
    ] as [(String, Document)])
  func reads(text: String, document: Document) throws {
    #expect(try Document.parse(json5: text, place: "test") == document)
  }

  /// Text, position of the problem.
  @Test(arguments: [
    ("", "t:1:1"), ("{", "t:1:2"), ("{a:1", "t:1:5"), ("{\n  a: 1\n  b: 2 }", "t:3:3"), ("[1 2]", "t:1:4"),
    ("{a: 1, b: 2, a: 3}", "t:1:14"), ("NaN", "t:1:1"), ("[1, -Infinity]", "t:1:5"), ("Infinity", "t:1:1"),
    ("1e999", "t:1:1"), ("[12fF]", "t:1:4"), ("'abc", "t:1:1"), ("'a\nb'", "t:1:3"), (#"'\uD800'"#, "t:1:4"),
    (#"'\x4'"#, "t:1:5"), (#"'\1'"#, "t:1:3"), ("/* open", "t:1:1"), ("1 1", "t:1:3"), ("01", "t:1:1"),
    ("[,]", "t:1:2"),
    ("\"é\" x", "t:1:5"), ("\r\n\r\n!", "t:3:1"), ("\r\r!", "t:3:1"), ("{1: 2}", "t:1:2"), ("yes", "t:1:1"),
    ("0x", "t:1:3"), ("1e", "t:1:3"), ("1.2.3", "t:1:4"), ("--1", "t:1:2"), ("0x12345678123456789", "t:1:1"),
    ("/", "t:1:1"),
  ])
  func refusesAt(text: String, place: String) {
    let failure = #expect(throws: Failure.self) { try Document.parse(json5: text, place: "t") }
    #expect(failure?.reason == .badInput)
    #expect(failure?.diagnostics.map(\.place) == [place])
  }

  @Test func depthIsLimited() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    _ = try Document.parse(json5: nested(Document.maximumDepth), place: "t")
    for depth in [Document.maximumDepth + 1, 2_000_000] {
      #expect(throws: Failure.self) { try Document.parse(json5: nested(depth), place: "t") }
    }
    let objects = String(repeating: "{a:", count: 1_000_000)
    #expect(throws: Failure.self) { try Document.parse(json5: objects, place: "t") }
  }

  @Test func sizeIsLimited() {
    let text = String(repeating: " ", count: Document.maximumBytes + 1)
    let failure = #expect(throws: Failure.self) { try Document.parse(json5: text, place: "t") }
    #expect(failure?.diagnostics.first?.id == "document.tooLarge")
  }

  /// 3000 damaged documents: never a crash, and whatever is accepted means the same to Foundation's own
  /// JSON5 reader.
  @Test func damagedTextIsNeverFatal() throws {
    let seed = #"""
      // comment
      { name: "tessera", 'list': [1, -2.5e-3, 0x1F, .5, +7,], nested: { a: null, b: true, "c d": 'é\u00e9\n' }, /* x */
        text: "a\\b\"c", empty: {}, none: [], big: 123456789012, }
      """#
    let original = Array(seed.utf8)
    var random = SeededGenerator(state: 7)
    var accepted = 0
    for _ in 0..<3000 {
      var bytes = original
      for _ in 0..<Int(1 + random.next() % 3) {
        let at = Int(random.next() % UInt64(bytes.count))
        switch random.next() % 4 {
        case 0: bytes.removeLast(bytes.count - max(1, at))
        case 1: bytes[at] ^= 1 << UInt8(random.next() % 8)
        case 2: bytes.remove(at: at)
        default: bytes.insert(bytes[Int(random.next() % UInt64(bytes.count))], at: at)
        }
        if bytes.isEmpty { bytes = [0x20] }
      }
      let text = String(decoding: bytes, as: UTF8.self)
      guard let ours = try? Document.parse(json5: text, place: "t") else { continue }
      accepted += 1
      let theirs = try? foundation(text)
      #expect(theirs == nil || theirs == ours, "\(text)")
      #expect(try Document.parse(json5: ours.serialized(pretty: false), place: "t") == ours)
    }
    #expect(accepted > 300)
  }

  /// Line continuations are left out: Foundation keeps the line break, the JSON5 standard (5.1) does not.
  @Test func agreesWithFoundation() throws {
    for text in [
      #"{"a":[1,2.5,-3e-7,1e300,0.1,9007199254740991],"b":{"c":"é\ud834\udd1e\"\\\/"},"d":[true,false,null]}"#,
      "{ a: .5, b: 5., c: 0xAF, d: +1, 'e': \"x\", /* k */ f: [1,], }",
    ] {
      #expect(try Document.parse(json5: text, place: "t") == foundation(text))
    }
  }

  private func foundation(_ text: String) throws -> Document {
    let decoder = JSONDecoder()
    decoder.allowsJSON5 = true
    return try decoder.decode(FoundationDocument.self, from: Data(text.utf8)).document
  }
}

/// What Foundation makes of a text.
private struct FoundationDocument: Decodable {
  var document: Document

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      document = .null
    } else if let value = try? container.decode(Bool.self) {
      document = .bool(value)
    } else if let value = try? container.decode(Double.self) {
      document = .number(value)
    } else if let value = try? container.decode(String.self) {
      document = .string(value)
    } else if let value = try? container.decode([FoundationDocument].self) {
      document = .array(value.map(\.document))
    } else {
      document = .object(try container.decode([String: FoundationDocument].self).mapValues(\.document))
    }
  }
}
