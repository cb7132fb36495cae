import ChipModel
import Compiler
import Diagnostics
import NetworkIR
import ProgramImage
import RateTheory
import Reports

/// Predicts the rates of a network, on a chip where one holds it, or of a program alone.
struct RatePredictor: Sendable {
  /// Nil for a program: its author's network is not in it.
  let network: Network?
  /// Nil where the chip does not hold the network.
  let image: ProgramImage?
  let codes: [PopulationCodes]
  let parasitics: Parasitics?
  /// C_total/C_membrane of the chip's columns; nil on a digital chip or with parasitics ignored.
  let slowness: Double?
  /// What is left of the distance from reset to threshold there.
  let swing: Double
  /// Warnings of the compiler, or why the chip does not hold the network.
  let diagnostics: [Diagnostic]
  /// Leak DAC problems by population name.
  let outsideDAC: [String: Diagnostic]

  init(network: Network, manifest: FidelityManifest, chip: Chip, options: CompileOptions) {
    self.network = network
    let parasitics = chip.electrical == nil ? .ignore : options.parasitics ?? .model
    self.parasitics = parasitics
    let budget = chip.electrical.map { CapacitanceBudget(electrical: $0, rows: chip.core.axons) }
    slowness = parasitics == .ignore ? nil : budget.map { 1 / $0.share }
    swing = chip.electrical.flatMap { electrical in budget?.swing(electrical.circuit) } ?? 1
    do throws(Failure) {
      try Self.checkSize(network, chip)
      let compilation = try Pipeline.compile(network, manifest: manifest, chip: chip, options: options)
      image = compilation.image
      codes = compilation.populations
      diagnostics = compilation.diagnostics
      outsideDAC = [:]
    } catch {
      image = nil
      codes = []
      diagnostics = error.diagnostics.map { problem in
        var warning = problem
        if warning.severity == .error { warning.severity = .warning }
        return warning
      }
      outsideDAC = Dictionary(
        error.diagnostics.filter { $0.id == "limit.leakDAC" }
          .map { ($0.subject.replacing("population ", with: "", maxReplacements: 1), $0) },
        uniquingKeysWith: { first, _ in first })
    }
  }

  init(image: ProgramImage) {
    network = nil
    self.image = image
    codes = []
    parasitics = nil
    slowness = nil
    swing = 1
    diagnostics = []
    outsideDAC = [:]
  }

  /// A network with more neurons or synapses than the chip has is not worth compiling to hear so.
  private static func checkSize(_ network: Network, _ chip: Chip) throws(Failure) {
    func check(_ id: String, _ what: String, _ used: Int, _ most: Int) -> Diagnostic? {
      guard used > most else { return nil }
      return Diagnostic(
        id, subject: chip.name, problem: "the chip has fewer \(what) than the network", found: "\(used)",
        expected: "at most \(most)")
    }
    let cores = chip.mesh.width * chip.mesh.height
    let problems = [
      check(
        "limit.neurons", "neurons", network.populations.reduce(0) { $0 + $1.size },
        cores * chip.core.neurons),
      check(
        "limit.crosspoints", "crosspoints", network.leastCrosspoints,
        cores * chip.core.neurons * chip.core.axons),
    ].compactMap { $0 }
    if !problems.isEmpty { throw Failure(.badInput, problems) }
  }

  /// One prediction per population that fires, in network order.
  func populations(_ emulation: EmulationPlan?) throws(Failure) -> [PopulationPrediction] {
    let author = network.map { MeanFieldReading($0) }
    let chip = image.map { MeanFieldReading($0) }
    let authorSolution = author.map { $0.field.solve() }
    let chipSolution = chip.map { $0.field.solve() }
    let fixedPoints = Self.fixedPoints(author, authorSolution) ?? Self.fixedPoints(chip, chipSolution) ?? []
    let dt = network?.dynamics.dt ?? image?.dt ?? 1e-4
    let window = emulation.map { RateWindow($0.settings(dt: dt)) } ?? RateWindow(dt: dt)
    let orbits = image.map { predictedRates($0, window: window) } ?? [:]
    let stationary = image.flatMap { image in
      chipSolution.map { stationaryRates(image, rates: $0.rates) }
    }
    var emulated: [EmulationPlan.Rate]?
    if let image, let emulation { emulated = try emulation.run(image) }
    let balanced = author.flatMap { Self.balanced($0) }

    var predictions: [PopulationPrediction] = []
    for (p, named) in names.enumerated() {
      var result = PopulationPrediction(name: named.name, model: named.model, neurons: named.size)
      let stored = orbits[named.name]
      if runsProgram(p) {
        result.modelHz = network?.modelRate(p, window: window)
        result.quantizedHz = stored?.quantizedHz
        if let emulated {
          result.emulatedHz = emulated[p].hertz
          result.emulatedStandardErrorHz = emulated[p].standardError
        }
        result.meanHz = result.known.last.flatMap { result[$0] }
        result.judgeProgram(codes.indices.contains(p) ? codes[p].microcode : nil)
        predictions.append(result)
        continue
      }
      guard let reading = author ?? chip, reading.hasRate[p] else { continue }
      if let author, let solution = authorSolution {
        if author.isStochastic[p] {
          if solution.isConverged {
            result.meanFieldHz = solution.rates[p]
            result.intervalVariation = author.field.intervalVariation(p, rates: solution.rates)
          }
          result.balancedHz = balanced?[p]
        } else {
          result.closedFormHz = author.constantRate(p)
          result.withParasiticsHz = slowness.flatMap {
            author.constantRate(p, slowness: $0, swing: swing)
          }
        }
      } else {
        result.closedFormHz = stored?.closedFormHz
        result.withParasiticsHz = stored?.withParasiticsHz
      }
      result.quantizedHz = stored?.quantizedHz
      if let chip, let solution = chipSolution, solution.isConverged, chip.isStochastic[p] {
        result.meanFieldOnChipHz = solution.rates[p]
        if result.intervalVariation == nil {
          result.intervalVariation = chip.field.intervalVariation(p, rates: solution.rates)
        }
      }
      if case .success(let rate)? = stationary?[p] {
        result.quantizedHz = rate.hertz
        result.intervalVariation = rate.intervalVariation
      }
      if let emulated {
        result.emulatedHz = emulated[p].hertz
        result.emulatedStandardErrorHz = emulated[p].standardError
      }
      result.meanHz = result.known.last.flatMap { result[$0] }
      let facts = RateFacts(
        predictor: self, population: p, author: author, chip: chip, authorSolution: authorSolution,
        chipSolution: chipSolution, stationary: stationary?[p], fixedPoints: fixedPoints)
      if reading.isStochastic[p] { result.isMeanFieldStable = fixedPoints.first?.isStable }
      result.flags = facts.flags(result)
      if let solution = author == nil ? chipSolution : authorSolution, solution.isConverged,
        result.flags.contains(where: { $0.id == .strongInputs || $0.id == .fewInputs })
      {
        result.shotNoiseHz = reading.field.shotNoiseRate(p, rates: solution.rates)
      }
      result.deviations = facts.deviations(result)
      predictions.append(result)
    }
    return predictions
  }

  /// Whether the population's neurons follow equations of their own.
  private func runsProgram(_ p: Int) -> Bool {
    if let network { return network.populations[p].equations != nil }
    guard let image else { return false }
    return image.programs.neuron.contains { Int(image.neurons.population[Int($0)]) == p }
  }

  private var names: [(name: String, model: String, size: Int)] {
    if let network { return network.populations.map { ($0.name, $0.model, $0.size) } }
    return image?.populations.map { ($0.name, $0.model, $0.size) } ?? []
  }

  /// The state that was found, and any other that high rates lead to. Nil without one, or where nothing is stochastic.
  private static func fixedPoints(_ reading: MeanFieldReading?, _ solution: MeanField.Solution?)
    -> [MeanField.FixedPoint]?
  {
    guard let reading, let solution, solution.isConverged, reading.isStochastic.contains(true) else {
      return nil
    }
    return reading.field.fixedPoints()
  }

  /// Balanced rates of a network with excitation and inhibition, nil where there is no balanced state.
  private static func balanced(_ reading: MeanFieldReading) -> [Double]? {
    let signs = reading.field.couplings.map { $0.sum > 0 }
    guard signs.contains(true), signs.contains(false),
      let rates = reading.field.balancedRates(atThreshold: true),
      rates.allSatisfy({ $0.isFinite && $0 >= 0 })
    else { return nil }
    return rates
  }
}

extension Network {
  /// Pairs of neurons that are connected, counted where that is quick: sparse maps, once per pair of populations.
  fileprivate var leastCrosspoints: Int {
    var largest: [Projection.Source: [Int: Int]] = [:]
    for projection in projections where projection.maps.count == 1 {
      guard case .sparse(let begin, _, _, _) = projection.maps[0] else { continue }
      largest[projection.source, default: [:]][projection.target, default: 0].raise(to: begin.last ?? 0)
    }
    return largest.values.reduce(0) { $0 + $1.values.reduce(0, +) }
  }
}

extension Int {
  fileprivate mutating func raise(to other: Int) { self = Swift.max(self, other) }
}
