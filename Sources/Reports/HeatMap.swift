/// The routers of a mesh as digits: each router's flits relative to the busiest one.
///
/// A router's flits are those that its five outputs granted. `.` is no flit; otherwise the digit is
/// `⌈9 · flits / busiest⌉`, so 9 is the busiest and 1 up to a ninth of it. Row y, column x, from 0.
public struct HeatMap: Sendable {
  /// Routers on a side that still fit on a terminal's line.
  public static let largest = 32

  /// [y][x]
  public let flits: [[UInt64]]

  public init(flits: [[UInt64]]) { self.flits = flits }

  /// From grants, [routers · 5], as in `RunRecord`. Nil without a flit, and for a mesh wider or higher than `largest`.
  public init?(linkFlits: [UInt64], width: Int, height: Int) {
    guard (1...Self.largest).contains(width), (1...Self.largest).contains(height),
      linkFlits.count == width * height * 5, linkFlits.contains(where: { $0 > 0 })
    else { return nil }
    flits = (0..<height).map { y in
      (0..<width).map { x in
        let first = (y * width + x) * 5
        return linkFlits[first..<first + 5].reduce(0, +)
      }
    }
  }

  /// A line that says what the digits mean, one with x, and one per y.
  public var text: String {
    let busiest = flits.joined().max() ?? 0
    func line(_ label: String, _ cells: [String]) -> String {
      String(repeating: " ", count: max(0, 4 - label.count)) + label + cells.map { " " + $0 }.joined() + "\n"
    }
    // Of two digits of x, the last.
    return "flits per router: 9 is the busiest with \(busiest), . is none\n"
      + line("x", (flits.first ?? []).indices.map { "\($0 % 10)" })
      + flits.enumerated().map { y, row in
        line(y == 0 ? "y 0" : "\(y)", row.map { Self.digit($0, of: busiest) })
      }.joined()
  }

  private static func digit(_ flits: UInt64, of busiest: UInt64) -> String {
    guard flits > 0 else { return "." }
    // In floating point because 9 · flits need not fit.
    let ninths = (Double(flits) / Double(busiest) * 9).rounded(.up)
    return "\(max(1, min(9, Int(ninths))))"
  }
}
