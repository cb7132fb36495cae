import Compiler
import Diagnostics
import NetworkFormats
import Quantities
import Reports

/// What `rheobase rates` reports, as the document of docs/rates.md.
struct RatesReport: Encodable, Sendable {
  /// The network or program.
  var source: String
  var chip: String
  /// Left out for a program, into which they are compiled.
  var parasitics: Parasitics?
  var dtSeconds: Double
  /// Whether the chip holds the network.
  var isCompiled = false
  var rates: Rates?
  var sweep: Sweep?
  /// Populations of the file that no chip runs.
  var densities: [DensityReport]?
  var conductances: [ConductanceReport]?
  var emulation: EmulationPlan.Settings?
  var diagnostics: [Diagnostic] = []

  struct Rates: Encodable, Sendable {
    var populations: [PopulationPrediction]
  }
  struct Sweep: Encodable, Sendable {
    /// Of the current; left out for a unit-free network.
    var unit: String?
    var points: [Point]
  }
  struct Point: Encodable, Sendable {
    var current: Double
    var populations: [PopulationPrediction]
  }

  private enum CodingKeys: String, CodingKey {
    case source, chip, parasitics, dtSeconds, isCompiled, rates, sweep, densities, conductances, emulation,
      diagnostics
  }

  /// False for a file of populations that are only solved.
  var hasNeurons = true

  init(source: String, chip: String, parasitics: Parasitics?, dt: Double) {
    self.source = source
    self.chip = chip
    self.parasitics = parasitics
    dtSeconds = dt
  }

  var populations: [PopulationPrediction] {
    get { rates?.populations ?? [] }
    set { rates = Rates(populations: newValue) }
  }

  mutating func take(_ solved: SolvedPopulations) {
    if !solved.densities.isEmpty { densities = solved.densities.map(DensityReport.init) }
    if !solved.conductances.isEmpty { conductances = solved.conductances.map(ConductanceReport.init) }
  }

  /// What the predictor says about the network as a whole.
  mutating func take(_ predictor: RatePredictor) {
    isCompiled = predictor.image != nil
    diagnostics += predictor.diagnostics
  }

  // MARK: - Text

  var text: String {
    let lists =
      (densities.map { "\n" + DensityReport.table($0) } ?? "")
      + (conductances.map { "\n" + ConductanceReport.table($0) } ?? "")
    return hasNeurons ? neuronText + lists : "\(source)\n" + lists
  }

  private var neuronText: String {
    var text = "\(source) on \(chip)"
    if let parasitics { text += ", parasitics \(parasitics.rawValue)" }
    text += ", ticks of \(formatQuantity(dtSeconds, unit: "s"))\n"
    if !isCompiled { text += "The chip does not hold it: no columns of the chip.\n" }
    if let emulation {
      text +=
        "emulated: \(emulation.samples) samples of \(emulation.ticks) ticks, the first \(emulation.warmUpTicks) left out\n"
    }
    if let sweep {
      text += "\n" + sweepTable(sweep).text
    } else {
      text += "\n" + rateTable.text + causeLines + flagLines
    }
    return text
  }

  private static func cell(_ rate: Double?) -> String { rate.map { decimal($0, places: 3) } ?? "" }

  private static func emulatedCell(_ population: PopulationPrediction) -> String {
    guard let rate = population.emulatedHz else { return "" }
    return cell(rate) + (population.emulatedStandardErrorHz.map { " ± " + decimal($0, places: 3) } ?? "")
  }

  private var rateTable: TextTable {
    var table = TextTable(
      [("population", .left), ("model", .left), ("neurons", .right)]
        + PopulationPrediction.Column.allCases.map { ($0.title + " Hz", .right) }
        + [("shot noise Hz", .right), ("balanced Hz", .right), ("CV", .right)])
    for population in populations {
      table.add(
        [population.name, population.model, "\(population.neurons)"]
          + PopulationPrediction.Column.allCases.map { column in
            column == .emulatedHz ? Self.emulatedCell(population) : Self.cell(population[column])
          } + [
            Self.cell(population.shotNoiseHz), Self.cell(population.balancedHz),
            population.intervalVariation.map { decimal($0, places: 3) } ?? "",
          ])
    }
    return table
  }

  private var causeLines: String {
    var table = TextTable([
      ("population", .left), ("from", .left), ("to", .left), ("change", .right), ("cause", .left),
    ])
    for population in populations {
      for deviation in population.deviations {
        table.add([
          population.name, deviation.from.title, deviation.to.title,
          deviation.relative.map(signedPercent) ?? hertz(deviation.hertz), deviation.cause,
        ])
      }
    }
    return table.isEmpty ? "" : "\n" + table.text
  }

  private var flagLines: String {
    let lines = populations.flatMap { population in
      population.flags.map { "\(population.name): \($0.id.rawValue): \($0.text)\n" }
    }
    return lines.isEmpty ? "" : "\n" + lines.joined()
  }

  private func sweepTable(_ sweep: Sweep) -> TextTable {
    var table = TextTable(
      [("current", .right), ("population", .left)]
        + PopulationPrediction.Column.allCases.map { ($0.title + " Hz", .right) } + [("flags", .left)])
    for point in sweep.points {
      for population in point.populations {
        table.add(
          [
            sweep.unit.map { formatQuantity(point.current, unit: $0) } ?? "\(point.current)", population.name,
          ]
            + PopulationPrediction.Column.allCases.map { column in
              column == .emulatedHz ? Self.emulatedCell(population) : Self.cell(population[column])
            } + [population.flags.map(\.id.rawValue).joined(separator: " ")])
      }
    }
    return table
  }
}
