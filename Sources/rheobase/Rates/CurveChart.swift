import Foundation
import Reports

/// Curves over one axis as a self-contained SVG drawing.
struct CurveChart: Sendable {
  var title: String
  var horizontal: String
  var vertical: String
  private var curves: [(name: String, points: [(x: Double, y: Double)])] = []

  private static let width = 720.0
  private static let plot = (left: 70.0, top: 40.0, right: 500.0, bottom: 400.0)
  /// Colours that stay apart for most readers (Okabe and Ito).
  private static let colours = [
    "#000000", "#E69F00", "#56B4E9", "#009E73", "#0072B2", "#D55E00", "#CC79A7", "#999933",
  ]

  init(title: String, horizontal: String, vertical: String) {
    self.title = title
    self.horizontal = horizontal
    self.vertical = vertical
  }

  mutating func add(_ name: String, _ points: [(Double, Double)]) {
    curves.append((name, points.map { (x: $0.0, y: $0.1) }))
  }

  var svg: String {
    let xs = curves.flatMap { $0.points.map(\.x) }
    let ys = curves.flatMap { $0.points.map(\.y) }
    let across = Axis(low: xs.min() ?? 0, high: xs.max() ?? 1)
    let up = Axis(low: 0, high: ys.max() ?? 1)
    let plot = Self.plot
    let height = max(plot.bottom + 60, plot.top + 20 * Double(curves.count) + 20)
    func x(_ value: Double) -> Double { plot.left + across.share(value) * (plot.right - plot.left) }
    func y(_ value: Double) -> Double { plot.bottom - up.share(value) * (plot.bottom - plot.top) }
    func place(_ value: Double) -> String { decimal(value, places: 1) }
    var text = """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(place(Self.width))" height="\(place(height))" \
      font-family="sans-serif" font-size="12">
      <rect width="100%" height="100%" fill="white"/>
      <text x="\(place(plot.left))" y="22" font-size="14">\(Self.escaped(title))</text>

      """
    for tick in across.ticks {
      text += "<line x1=\"\(place(x(tick)))\" y1=\"\(place(plot.top))\" x2=\"\(place(x(tick)))\" "
      text += "y2=\"\(place(plot.bottom))\" stroke=\"#dddddd\"/>\n"
      text += "<text x=\"\(place(x(tick)))\" y=\"\(place(plot.bottom + 18))\" text-anchor=\"middle\">"
      text += "\(across.label(tick))</text>\n"
    }
    for tick in up.ticks {
      text += "<line x1=\"\(place(plot.left))\" y1=\"\(place(y(tick)))\" x2=\"\(place(plot.right))\" "
      text += "y2=\"\(place(y(tick)))\" stroke=\"#dddddd\"/>\n"
      text += "<text x=\"\(place(plot.left - 8))\" y=\"\(place(y(tick) + 4))\" text-anchor=\"end\">"
      text += "\(up.label(tick))</text>\n"
    }
    text += "<text x=\"\(place((plot.left + plot.right) / 2))\" y=\"\(place(plot.bottom + 42))\" "
    text += "text-anchor=\"middle\">\(Self.escaped(horizontal))</text>\n"
    text += "<text transform=\"translate(18 \(place((plot.top + plot.bottom) / 2))) rotate(-90)\" "
    text += "text-anchor=\"middle\">\(Self.escaped(vertical))</text>\n"
    for (index, curve) in curves.enumerated() {
      let colour = Self.colours[index % Self.colours.count]
      let points = curve.points.map { "\(place(x($0.x))),\(place(y($0.y)))" }.joined(separator: " ")
      text += "<polyline points=\"\(points)\" fill=\"none\" stroke=\"\(colour)\" stroke-width=\"1.5\"/>\n"
      let line = plot.top + 20 * Double(index) + 10
      text += "<line x1=\"\(place(plot.right + 15))\" y1=\"\(place(line))\" x2=\"\(place(plot.right + 35))\" "
      text += "y2=\"\(place(line))\" stroke=\"\(colour)\" stroke-width=\"2\"/>\n"
      text +=
        "<text x=\"\(place(plot.right + 40))\" y=\"\(place(line + 4))\">\(Self.escaped(curve.name))</text>\n"
    }
    return text + "</svg>\n"
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
  }

  /// An axis with ticks at 1, 2 or 5 times a power of ten.
  private struct Axis {
    let low: Double
    let high: Double
    let step: Double

    init(low: Double, high: Double) {
      let span = high > low ? high - low : 1
      self.low = low
      self.high = low + span
      let raw = span / 5
      let power = pow(10, (log10(raw)).rounded(.down))
      let factor = raw / power
      step = power * (factor < 1.5 ? 1 : factor < 3.5 ? 2 : factor < 7.5 ? 5 : 10)
    }

    func share(_ value: Double) -> Double { (value - low) / (high - low) }

    var ticks: [Double] {
      let first = (low / step - 1e-9).rounded(.up)
      let last = (high / step + 1e-9).rounded(.down)
      return first <= last ? stride(from: first, through: last, by: 1).map { $0 * step } : []
    }

    func label(_ value: Double) -> String {
      decimal(value, places: max(0, min(9, -Int(log10(step).rounded(.down)))))
    }
  }
}
