import Quantities
import ReferenceModel

/// The figures of `neuron` as one SVG file that needs nothing else: trace, f-I curve and, with two variables, the
/// phase portrait.
struct NeuronPlot {
  let svg: String

  init<Model: NeuronModel>(_ model: Model, _ report: NeuronReport) {
    var text = """
      <svg xmlns="http://www.w3.org/2000/svg" width="960" height="720" viewBox="0 0 960 720" \
      font-family="sans-serif" font-size="12" fill="#222">
      <rect width="960" height="720" fill="white"/>
      <text x="70" y="24" font-size="15">\(SVGPanel.escaped("\(report.title), \(report.preset)"))</text>

      """
    text += Self.trace(report) + Self.rates(report) + Self.portrait(model, report)
    svg = text + "</svg>\n"
  }

  private static func label(_ name: String, _ unit: String) -> String {
    unit.isEmpty ? name : "\(name) (\(unit))"
  }

  private static func trace(_ report: NeuronReport) -> String {
    let trace = report.trace
    let potentials = trace.variables[0].values
    var panel = SVGPanel(
      number: 1, x: 70, y: 60, width: 860, height: 230, horizontal: 0...trace.duration,
      vertical: SVGPanel.range(of: potentials))
    panel.line(zip(trace.times, potentials).map { ($0, $1) }, color: "#1f4e9c")
    for time in trace.spikeTimes { panel.tick(at: time, color: "#c0392b") }
    let unit = report.units.current
    let current = formatQuantity(trace.current, unit: "", digits: 6) + (unit.isEmpty ? "" : " " + unit)
    return panel.svg(
      title:
        "Trace, I = \(current); spikes are marked above",
      across: label("t", report.units.time), up: label(trace.variables[0].name, trace.variables[0].unit))
  }

  private static func rates(_ report: NeuronReport) -> String {
    let points = report.curve
    var panel = SVGPanel(
      number: 2, x: 70, y: 370, width: 380, height: 290,
      horizontal: SVGPanel.range(of: points.map(\.0)),
      vertical: SVGPanel.range(of: points.map(\.1) + [0]))
    panel.line(points, color: "#1f4e9c")
    for point in points { panel.dot(point, color: "#1f4e9c", filled: true) }
    if let rheobase = report.rheobase { panel.tick(at: rheobase.current, color: "#c0392b") }
    return panel.svg(
      title: "f-I curve" + (report.rheobase == nil ? "" : "; the rheobase is marked above"),
      across: label("I", report.units.current), up: label("rate", report.units.rate))
  }

  /// Nullclines, directions, trajectory and equilibria; empty unless there are two variables.
  private static func portrait<Model: NeuronModel>(_ model: Model, _ report: NeuronReport) -> String {
    guard Model.form.isPlanar, let nullclines = report.nullclines else { return "" }
    let (first, second) = (report.trace.variables[0], report.trace.variables[1])
    var panel = SVGPanel(
      number: 3, x: 550, y: 370, width: 380, height: 290, horizontal: SVGPanel.range(of: first.values),
      vertical: SVGPanel.range(of: second.values + report.equilibria.map { $0.state[1] }))
    for row in 0..<12 {
      for column in 0..<16 {
        let point = (
          share(panel.horizontal, (Double(column) + 0.5) / 16),
          share(panel.vertical, (Double(row) + 0.5) / 12)
        )
        let slope = model.derivative(
          of: NeuronState(point.0, point.1, 0, 0), current: report.trace.current)
        panel.arrow(at: point, along: (slope[0], slope[1]), color: "#b8b8b8")
      }
    }
    let potentials = nullclines.potentials
    panel.line(
      zip(potentials, nullclines.potentialNullcline).map { v, w in w.map { (v, $0) } }, color: "#c0392b",
      dashes: "6 3")
    panel.line(
      zip(potentials, nullclines.recoveryNullcline).map { ($0, $1) }, color: "#1e8449", dashes: "6 3")
    panel.line(trajectory(report, resets: Model.form.resets), color: "#1f4e9c")
    for point in report.equilibria {
      let isStable = point.kind == .stableNode || point.kind == .stableFocus
      panel.dot((point.state[0], point.state[1]), color: "#222", filled: isStable)
    }
    return panel.svg(
      title: "Phase portrait; red \(first.name)' = 0, green \(second.name)' = 0",
      across: label(first.name, first.unit), up: label(second.name, second.unit))
  }

  /// The sampled path, interrupted where a spike resets it.
  private static func trajectory(_ report: NeuronReport, resets: Bool) -> [(Double, Double)?] {
    let trace = report.trace
    var path: [(Double, Double)?] = []
    var spikes = trace.spikeTimes[...]
    for (time, point) in zip(trace.times, zip(trace.variables[0].values, trace.variables[1].values)) {
      if let spike = spikes.first, spike < time {
        spikes = spikes.drop { $0 < time }
        if resets { path.append(nil) }
      }
      path.append(point)
    }
    return path
  }

  private static func share(_ range: ClosedRange<Double>, _ part: Double) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * part
  }
}
