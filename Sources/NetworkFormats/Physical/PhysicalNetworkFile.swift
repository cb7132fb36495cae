import Diagnostics
import Documents
import NetworkIR
import Quantities

/// Reads a network in physical units (`format: "rheobase-network"`, JSON5).
///
/// Every quantity has its unit. A population of capacitance C, leak conductance g and leak reversal E becomes
/// `Population` with τ = C/g, r = 1/g, leak = E, in volts, amperes and seconds; an `if` population has r = dt/C. The models
/// of `EquationModel` keep their equations.
enum PhysicalNetworkFile {
  static func read(_ path: String, options: ImportOptions) throws(Failure) -> ImportedNetwork {
    try importNetwork(Document.readFile(path), path: path, options: options)
  }

  static func importNetwork(_ document: Document, path: String, options: ImportOptions) throws(Failure)
    -> ImportedNetwork
  {
    let reader = DocumentReader(document, place: path)
    let root = reader.root
    checkFormat(root)
    let fileDt = root.optionalQuantity("dt", .seconds, in: 1e-9...10)
    // 2^53: beyond, a number in JSON is no longer a whole one.
    let fileSeed = root.optionalInteger("seed", in: 0...(1 << 53)).map(UInt64.init)
    let name = root.optionalString("name") ?? fileStem(path)
    _ = root.optionalString("description")
    let dynamics = options.dynamics(fileDt: fileDt)

    var names = PhysicalNames()
    let inputs = (root.optionalArray("inputs") ?? []).compactMap { readInput($0, &names) }
    let entries = root.array("populations") ?? []
    let solved = SolvedPopulations(entries, names: &names, isTaken: options.takesSolved)
    let populations = entries.filter { !SolvedPopulations.isMeant(by: $0) }
      .compactMap { PhysicalPopulation($0, dynamics: dynamics, names: &names) }
    let neurons = populations.reduce(0) { $0 + $1.size } + inputs.reduce(0) { $0 + $1.size }
    if neurons > PhysicalPopulation.largestSize {
      root.fail(
        "physical.tooManyNeurons", problem: "the network has too many neurons to be built",
        found: "\(neurons)", expected: "at most \(PhysicalPopulation.largestSize)")
      throw Failure(.badInput, reader.diagnostics.all)
    }
    var builder = PhysicalProjections(
      inputs: inputs, populations: populations, names: names, dynamics: dynamics,
      seed: options.seed ?? fileSeed ?? 1)
    let projections = builder.read(root.optionalArray("projections") ?? [])
    let whole = populations.count == entries.count ? populations : []
    var whiteNoise: [(target: Int, intensity: Double)] = []
    let stimuli = (root.optionalArray("stimuli") ?? []).compactMap { cursor -> Stimulus? in
      guard cursor.has("whiteNoise") else { return readStimulus(cursor, whole, names, dynamics) }
      let target = cursor.string("into").flatMap { names.population($0, at: cursor, key: "into") }
      let intensity = PhysicalNoise.whiteNoise(cursor, dynamics: dynamics)
      guard takesNoise(target, whole, cursor) else { return nil }
      if let target, let intensity { whiteNoise.append((target, intensity)) }
      return nil
    }
    let outputs = (root.optionalArray("outputs") ?? []).compactMap { readOutput($0, names) }
    root.finish()
    var diagnostics = try reader.diagnostics.throwIfErrors()

    let network = assemble(
      name: name, dynamics: dynamics, inputs: inputs, populations: populations,
      projections: projections, stimuli: stimuli, whiteNoise: whiteNoise, outputs: outputs)
    for population in network.populations {
      let times = (population.tau ?? []) + (population.synapse?.tau ?? [])
      if let warning = timeStepWarning(
        times, dynamics, subject: "population \(population.name)", place: path)
      {
        diagnostics.append(warning)
      }
    }
    let manifest = FidelityManifest(
      entries: populations.map(\.manifestEntry) + builder.manifestEntries,
      readings: readings(dynamics, options: options, fileDt: fileDt, seed: builder.seed))
    return ImportedNetwork(
      network: network, manifest: manifest, warnings: diagnostics, solved: solved)
  }

  private static func checkFormat(_ root: Cursor) {
    if let format = root.string("format"), format != "rheobase-network" {
      root.fail(
        "physical.format", problem: "not a network file", found: "format: \"\(format)\"",
        expected: "format: \"rheobase-network\"")
    }
    if let version = root.integer("version", in: 1...Int(Int32.max)), version != 1 {
      root.fail(
        "physical.version", problem: "unknown version of the format", found: "\(version)", expected: "1")
    }
  }

  private static func readInput(_ cursor: Cursor, _ names: inout PhysicalNames) -> InputPort? {
    let name = cursor.string("name")
    let size = cursor.integer("size", in: 1...PhysicalPopulation.largestSize)
    guard let name, names.add(.input, name, at: cursor), let size else { return nil }
    return InputPort(name: name, shape: [size])
  }

  private static func readStimulus(
    _ cursor: Cursor, _ populations: [PhysicalPopulation], _ names: PhysicalNames, _ dynamics: Dynamics
  ) -> Stimulus? {
    let target = cursor.string("into").flatMap { names.population($0, at: cursor, key: "into") }
    // Only whole populations have their own numbers.
    let dimension = target.flatMap {
      populations.indices.contains($0) ? populations[$0].currentDimension : nil
    }
    let current = dimension.flatMap {
      cursor.optionalQuantity("current", $0, in: -PhysicalWeight.largest...PhysicalWeight.largest)
    }
    if dimension == nil { _ = cursor.optionalAny("current") }
    let poisson = cursor.optionalObject("poisson")
    let random = cursor.optionalObject("ornsteinUhlenbeck")
    guard ["current", "poisson", "ornsteinUhlenbeck"].count(where: cursor.has) == 1 else {
      cursor.fail(
        "physical.stimulus", problem: "a stimulus is one of a current, a Poisson drive and a random current",
        expected: "current, poisson with weight, whiteNoise or ornsteinUhlenbeck")
      return nil
    }
    if random != nil, !takesNoise(target, populations, cursor) { return nil }
    if let random { return PhysicalNoise.ornsteinUhlenbeck(random, into: target) }
    guard let poisson else {
      guard let target, let current else { return nil }
      return Stimulus(target: target, kind: .current(current))
    }
    let sources = poisson.integer("sources", in: 0...1_000_000_000)
    let rate = poisson.quantity("rate", .hertz, in: 0...1e9)
    let weight = PhysicalWeight(cursor, key: "weight")
    guard let target, let sources, let rate, let weight, populations.indices.contains(target) else {
      return nil
    }
    let mean = Double(sources) * rate * dynamics.dt
    guard mean <= 1e6 else {
      poisson.fail(
        "physical.poissonMean", problem: "too many spikes per tick", found: "\(mean)",
        expected: "sources · rate · dt of at most 10^6")
      return nil
    }
    guard let (amount, unit) = weight.value(capacitance: populations[target].capacitance, at: cursor) else {
      return nil
    }
    return Stimulus(target: target, kind: .poisson(sources: sources, rate: rate, weight: amount, unit: unit))
  }

  /// False after it has been reported.
  private static func takesNoise(_ target: Int?, _ populations: [PhysicalPopulation], _ cursor: Cursor)
    -> Bool
  {
    guard let target, populations.indices.contains(target), !populations[target].takesNoise else {
      return true
    }
    cursor.fail(
      "physical.noise",
      problem: "a random current flows into a model with equations of its own, which have none",
      found: populations[target].name, expected: "a population of model lif, if or cubalif",
      remedy: "Give a poisson stimulus instead")
    return false
  }

  private static func readOutput(_ cursor: Cursor, _ names: PhysicalNames) -> OutputPort? {
    guard let name = cursor.asString(), let index = names.population(name, at: cursor, key: nil) else {
      return nil
    }
    return OutputPort(name: name, population: index)
  }

  /// A constant current into a population with a synaptic current state goes to the membrane, not through the synapse:
  /// r·I is added to the leak potential, which is the same equation.
  private static func assemble(
    name: String, dynamics: Dynamics, inputs: [InputPort], populations: [PhysicalPopulation],
    projections: [Projection], stimuli: [Stimulus],
    whiteNoise: [(target: Int, intensity: Double)], outputs: [OutputPort]
  ) -> Network {
    var populations = populations.map { $0.population(dynamics) }
    var kept: [Stimulus] = []
    for stimulus in stimuli {
      if case .current(let current) = stimulus.kind, populations[stimulus.target].synapse != nil {
        let target = stimulus.target
        for n in populations[target].leak.indices {
          populations[target].leak[n] += populations[target].r[n] * current
        }
      } else {
        kept.append(stimulus)
      }
    }
    for stimulus in whiteNoise {
      populations[stimulus.target].addWhiteNoise(intensity: stimulus.intensity, dynamics)
    }
    return Network(
      name: name, dynamics: dynamics, inputs: inputs, populations: populations,
      projections: projections, stimuli: kept, outputs: outputs)
  }

  private static func readings(
    _ dynamics: Dynamics, options: ImportOptions, fileDt: Double?, seed: UInt64
  ) -> [FidelityManifest.Reading] {
    let origin = options.dt != nil ? "option --dt" : fileDt != nil ? "file" : "default"
    return [
      .init(name: "dt", value: "\(dynamics.dt) s (\(origin))"),
      .init(name: "integrator", value: dynamics.integrator.rawValue),
      .init(
        name: "reset",
        value: dynamics.reset == .zero
          ? "zero: v ← reset" : "subtract: v ← v − threshold"),
      .init(
        name: "fire", value: dynamics.fire == .strict ? "strict: v > threshold" : "inclusive: v ≥ threshold"),
      .init(name: "synapseCurrent", value: dynamics.synapseCurrent.rawValue),
      .init(name: "seed", value: "\(seed) (random connectivity)"),
    ]
  }
}
