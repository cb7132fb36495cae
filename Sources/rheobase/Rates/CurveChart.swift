/// Curves over one axis as a self-contained SVG drawing, with their names beside it.
struct CurveChart: Sendable {
  var title: String
  var horizontal: String
  var vertical: String
  private var curves: [(name: String, points: [(Double, Double)])] = []

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
    curves.append((name, points))
  }

  var svg: String {
    let points = curves.flatMap(\.points)
    var panel = SVGPanel(
      number: 1, x: 80, y: 40, width: 420, height: 360,
      horizontal: SVGPanel.range(of: points.map(\.0)), vertical: SVGPanel.range(of: [0] + points.map(\.1)))
    var names = ""
    for (index, curve) in curves.enumerated() {
      let colour = Self.colours[index % Self.colours.count]
      panel.line(curve.points, color: colour)
      let y = 50 + 20 * index
      names += "<path d=\"M515 \(y)h20\" stroke=\"\(colour)\" stroke-width=\"2\"/>"
      names += "<text x=\"540\" y=\"\(y + 4)\">\(SVGPanel.escaped(curve.name))</text>\n"
    }
    let height = max(460, 80 + 20 * curves.count)
    return """
      <svg xmlns="http://www.w3.org/2000/svg" width="720" height="\(height)" font-family="sans-serif" font-size="12">
      <rect width="100%" height="100%" fill="white"/>
      \(panel.svg(title: title, across: horizontal, up: vertical))\(names)</svg>

      """
  }
}
