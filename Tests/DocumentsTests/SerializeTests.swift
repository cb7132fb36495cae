import Documents
import Foundation
import TestSupport
import Testing

@Suite struct SerializeTests {
  static let sample = Document.object([
    "b": .array([.number(1), .number(-2.5), .number(1e-15), .number(1e300), .number(0.1)]),
    "a": .object(["z": .null, "y": .bool(true)]), "empty": .object([:]), "none": .array([]),
    "text": .string("line\nquote\" back\\ bell\u{7} é 𝄞 \u{2028}"),
    "rows": .array([.array([.number(1)]), .array([])]),
  ])

  @Test func isCompactAndSorted() {
    #expect(
      Self.sample.serialized(pretty: false)
        == #"{"a":{"y":true,"z":null},"b":[1,-2.5,1e-15,1e+300,0.1],"empty":{},"none":[],"rows":[[1],[]],"#
        + #""text":"line\nquote\" back\\ bell\u0007 é 𝄞 \u2028"}"#)
  }

  @Test func isIndentedWhenPretty() {
    let document = Document.object([
      "a": .array([.number(1), .number(2)]), "b": .object(["c": .array([.array([])])]),
    ])
    #expect(
      document.serialized(pretty: true) == """
        {
          "a": [1, 2],
          "b": {
            "c": [
              []
            ]
          }
        }

        """)
  }

  @Test(arguments: [true, false])
  func isReadBack(pretty: Bool) throws {
    let text = Self.sample.serialized(pretty: pretty)
    #expect(try Document.parse(json5: text, place: "t") == Self.sample)
    // Strict JSON: Foundation's plain reader takes it.
    _ = try JSONSerialization.jsonObject(with: Data(text.utf8))
  }

  @Test func everyDoubleSurvives() throws {
    var random = SeededGenerator(state: 3)
    var values: [Double] = [
      0, -0.0, 0x1p53, -0x1p53, 0x1p63, .greatestFiniteMagnitude, .leastNonzeroMagnitude,
    ]
    for _ in 0..<3000 {
      let value = Double(bitPattern: random.next())
      if value.isFinite { values.append(value) }
    }
    for value in values {
      guard
        case .number(let back) = try Document.parse(
          json5: Document.number(value).serialized(pretty: false), place: "t")
      else {
        Issue.record("not a number")
        continue
      }
      #expect(back.bitPattern == value.bitPattern)
    }
    #expect(Document.number(.nan).serialized(pretty: false) == "null")
  }
}
