extension RatesReport {
  /// Comma-separated: one row per population, and per current of a sweep. Numbers with all their digits; what does not
  /// apply is empty.
  var csv: String {
    let columns = PopulationPrediction.Column.allCases
    let names =
      ["population", "neurons"] + columns.map(\.rawValue) + ["emulatedStandardErrorHz", "flags"]
    let currentName = ["A": "currentAmperes", "V/s": "currentVoltsPerSecond"][sweep?.unit ?? ""] ?? "current"
    var text = ((sweep == nil ? [] : [currentName]) + names).joined(separator: ",") + "\n"
    func add(_ population: PopulationPrediction, current: Double?) {
      func number(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }
      let cells =
        (current.map { ["\($0)"] } ?? []) + [Self.quoted(population.name), "\(population.neurons)"]
        + columns.map { number(population[$0]) }
        + [
          number(population.emulatedStandardErrorHz),
          population.flags.map(\.id.rawValue).joined(separator: " "),
        ]
      text += cells.joined(separator: ",") + "\n"
    }
    for population in populations { add(population, current: nil) }
    for point in sweep?.points ?? [] {
      for population in point.populations { add(population, current: point.current) }
    }
    return text
  }

  private static func quoted(_ name: String) -> String {
    guard name.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return name }
    return "\"" + name.replacing("\"", with: "\"\"") + "\""
  }

  /// The sweep as curves: every column of every population. Nil without one.
  var curves: CurveChart? {
    guard let sweep, let first = sweep.points.first else { return nil }
    var chart = CurveChart(
      title: source,
      horizontal: ["A": "current / pA", "V/s": "current / (mV/ms)"][sweep.unit ?? ""] ?? "current",
      vertical: "rate / Hz")
    let unit = sweep.unit == "A" ? 1e12 : 1
    for (p, population) in first.populations.enumerated() {
      for column in PopulationPrediction.Column.allCases {
        let points = sweep.points.compactMap { point -> (Double, Double)? in
          guard point.populations.indices.contains(p), let rate = point.populations[p][column] else {
            return nil
          }
          return (point.current * unit, rate)
        }
        if !points.isEmpty { chart.add("\(population.name), \(column.title)", points) }
      }
    }
    return chart
  }
}
