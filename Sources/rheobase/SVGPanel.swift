import Quantities

/// A drawing surface with two axes, as SVG elements. Everything is drawn inside the frame.
struct SVGPanel {
  /// Of the frame, in pixels.
  var x: Double
  var y: Double
  var width: Double
  var height: Double
  var horizontal: ClosedRange<Double>
  var vertical: ClosedRange<Double>
  var elements = ""
  /// Where names stand.
  private var names: [(span: ClosedRange<Double>, line: Double)] = []
  private let clip: String

  /// - Parameter number: distinguishes the panels of one file.
  init(
    number: Int, x: Double, y: Double, width: Double, height: Double, horizontal: ClosedRange<Double>,
    vertical: ClosedRange<Double>
  ) {
    (self.x, self.y, self.width, self.height) = (x, y, width, height)
    self.horizontal = horizontal
    self.vertical = vertical
    clip = "panel\(number)"
  }

  /// The smallest range that holds the values, widened by a twentieth, and never empty.
  static func range(of values: [Double]) -> ClosedRange<Double> {
    let finite = values.filter(\.isFinite)
    guard let low = finite.min(), let high = finite.max() else { return 0...1 }
    let margin = high > low ? (high - low) / 20 : max(low.magnitude, 1) / 20
    return low - margin...high + margin
  }

  private func across(_ value: Double) -> Double {
    x + width * (value - horizontal.lowerBound) / (horizontal.upperBound - horizontal.lowerBound)
  }
  private func down(_ value: Double) -> Double {
    y + height * (1 - (value - vertical.lowerBound) / (vertical.upperBound - vertical.lowerBound))
  }
  /// A coordinate with two decimals.
  private func pixel(_ value: Double) -> String { "\((value * 100).rounded() / 100)" }

  /// A line through points; it is interrupted where a point is nil or far outside.
  mutating func line(_ points: [(Double, Double)?], color: String, dashes: String? = nil) {
    var path = ""
    var isDown = false
    for point in points {
      guard let point, near(down(point.1), y, height), near(across(point.0), x, width) else {
        isDown = false
        continue
      }
      path += "\(isDown ? "L" : "M")\(pixel(across(point.0))) \(pixel(down(point.1)))"
      isDown = true
    }
    guard !path.isEmpty else { return }
    let dashed = dashes.map { " stroke-dasharray=\"\($0)\"" } ?? ""
    elements += "<path d=\"\(path)\" fill=\"none\" stroke=\"\(color)\" stroke-width=\"1.2\"\(dashed)/>\n"
  }

  private func near(_ pixel: Double, _ start: Double, _ length: Double) -> Bool {
    pixel > start - 20 * length && pixel < start + 21 * length
  }

  mutating func dot(_ point: (Double, Double), color: String, filled: Bool) {
    elements +=
      "<circle cx=\"\(pixel(across(point.0)))\" cy=\"\(pixel(down(point.1)))\" r=\"3.5\" "
      + "fill=\"\(filled ? color : "white")\" stroke=\"\(color)\"/>\n"
  }

  /// Words to the right of a point, or to its left where it lies in the right quarter of the panel; a line lower where
  /// others already stand.
  mutating func name(_ text: String, at point: (Double, Double)) {
    let isRight = across(point.0) > x + 0.75 * width
    // Letters are about this wide; only whether words meet depends on it.
    let length = 7 * Double(text.count)
    let begin = across(point.0) + (isRight ? -8 - length : 8)
    let span = begin...begin + length
    var line = down(point.1) + 4
    while names.contains(where: { $0.span.overlaps(span) && abs($0.line - line) < 13 }) { line += 14 }
    names.append((span, line))
    elements +=
      "<text x=\"\(pixel(isRight ? begin + length : begin))\" y=\"\(pixel(line))\""
      + (isRight ? " text-anchor=\"end\"" : "") + ">\(Self.escaped(text))</text>\n"
  }

  /// A short stroke from a point along a direction, given in units of the axes; a dot marks where it starts.
  mutating func arrow(at point: (Double, Double), along direction: (Double, Double), color: String) {
    let dx = direction.0 * width / (horizontal.upperBound - horizontal.lowerBound)
    let dy = -direction.1 * height / (vertical.upperBound - vertical.lowerBound)
    let length = (dx * dx + dy * dy).squareRoot()
    guard length > 0, length.isFinite else { return }
    let (a, b) = (across(point.0), down(point.1))
    elements +=
      "<path d=\"M\(pixel(a)) \(pixel(b))l\(pixel(dx / length * 9)) \(pixel(dy / length * 9))\" "
      + "stroke=\"\(color)\" stroke-width=\"0.8\"/>\n"
      + "<circle cx=\"\(pixel(a))\" cy=\"\(pixel(b))\" r=\"1.1\" fill=\"\(color)\"/>\n"
  }

  /// A mark at the upper edge.
  mutating func tick(at value: Double, color: String) {
    elements +=
      "<path d=\"M\(pixel(across(value))) \(pixel(y + 2))v8\" stroke=\"\(color)\" stroke-width=\"1.2\"/>\n"
  }

  /// Frame, axes with round numbers, labels and what was drawn.
  func svg(title: String, across label: String, up upLabel: String) -> String {
    let frame =
      "x=\"\(pixel(x))\" y=\"\(pixel(y))\" width=\"\(pixel(width))\" height=\"\(pixel(height))\""
    var text = "<clipPath id=\"\(clip)\"><rect \(frame)/></clipPath>\n"
    text +=
      "<text x=\"\(pixel(x))\" y=\"\(pixel(y - 8))\" font-weight=\"bold\">\(Self.escaped(title))</text>\n"
    for value in Self.roundNumbers(in: horizontal) {
      let place = across(value)
      text += "<path d=\"M\(pixel(place)) \(pixel(y + height))v4\" stroke=\"#444\"/>"
      text +=
        "<text x=\"\(pixel(place))\" y=\"\(pixel(y + height + 16))\" text-anchor=\"middle\">"
        + "\(Self.figure(value))</text>\n"
    }
    for value in Self.roundNumbers(in: vertical) {
      let place = down(value)
      text += "<path d=\"M\(pixel(x)) \(pixel(place))h-4\" stroke=\"#444\"/>"
      text +=
        "<text x=\"\(pixel(x - 7))\" y=\"\(pixel(place + 4))\" text-anchor=\"end\">\(Self.figure(value))</text>\n"
    }
    text +=
      "<text x=\"\(pixel(x + width / 2))\" y=\"\(pixel(y + height + 33))\" text-anchor=\"middle\">"
      + "\(Self.escaped(label))</text>\n"
    text +=
      "<text transform=\"translate(\(pixel(x - 52)) \(pixel(y + height / 2))) rotate(-90)\" "
      + "text-anchor=\"middle\">\(Self.escaped(upLabel))</text>\n"
    text += "<g clip-path=\"url(#\(clip))\">\n\(elements)</g>\n"
    return text + "<rect \(frame) fill=\"none\" stroke=\"#444\"/>\n"
  }

  private static func figure(_ value: Double) -> String { formatQuantity(value, unit: "", digits: 6) }

  /// About five multiples of 1, 2 or 5 times a power of ten.
  private static func roundNumbers(in range: ClosedRange<Double>) -> [Double] {
    let raw = (range.upperBound - range.lowerBound) / 5
    guard raw > 0, raw.isFinite else { return [] }
    var power = 1.0
    while power > raw { power /= 10 }
    while power * 10 <= raw { power *= 10 }
    let step = power * (raw / power < 2 ? 2 : raw / power < 5 ? 5 : 10)
    let first = (range.lowerBound / step).rounded(.up)
    return (0..<12).map { (first + Double($0)) * step }.filter { range.contains($0) }
  }

  static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
  }
}
