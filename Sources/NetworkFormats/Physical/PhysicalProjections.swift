import Diagnostics
import Documents
import NetworkIR
import Quantities

/// Reads `projections`: who, to whom, with which weights and delays.
struct PhysicalProjections {
  let inputs: [InputPort]
  let populations: [PhysicalPopulation]
  let names: PhysicalNames
  let dynamics: Dynamics
  let seed: UInt64
  /// Delays that had to be changed.
  private(set) var manifestEntries: [FidelityManifest.Entry] = []
  private var synapses = 0.0

  /// Synapses of one file beyond which it is refused: some 600 MB.
  static let mostSynapses = 50_000_000.0

  private enum Kind: String, CaseIterable {
    case allToAll, oneToOne, fixedIndegree, fixedProbability, list
  }

  init(
    inputs: [InputPort], populations: [PhysicalPopulation], names: PhysicalNames, dynamics: Dynamics,
    seed: UInt64
  ) {
    self.inputs = inputs
    self.populations = populations
    self.names = names
    self.dynamics = dynamics
    self.seed = seed
  }

  /// All projections; problems are reported through the cursors.
  ///
  /// A projection within a cycle of populations takes at least one tick (`Projection.isFeedback`).
  mutating func read(_ cursors: [Cursor]) -> [Projection] {
    var projections: [Projection] = []
    var delays: [Double] = []
    for (number, cursor) in cursors.enumerated() {
      guard let (projection, delay) = read(cursor, number: number) else { continue }
      projections.append(projection)
      delays.append(delay)
    }
    let component = CyclicComponents(
      count: populations.count,
      edges: projections.compactMap { projection in
        if case .population(let source) = projection.source { (source, projection.target) } else { nil }
      })
    for index in projections.indices {
      if case .population(let source) = projections[index].source,
        component.sameCycle(source, projections[index].target)
      {
        projections[index].isFeedback = true
        projections[index].delayTicks = max(projections[index].delayTicks, 1)
      }
      note(projections[index], delay: delays[index])
    }
    return projections
  }

  private mutating func note(_ projection: Projection, delay: Double) {
    let actual = Double(projection.delayTicks) * dynamics.dt
    if abs(actual - delay) <= 1e-6 * dynamics.dt { return }
    manifestEntries.append(
      .init(
        node: projection.path.joined(separator: " → "), type: "projection", fidelity: .approximated,
        note: "delay \(formatQuantity(delay, unit: "s")) is \(projection.delayTicks) ticks, "
          + formatQuantity(actual, unit: "s")))
  }

  private mutating func read(_ cursor: Cursor, number: Int) -> (Projection, delay: Double)? {
    let from = cursor.string("from")
    let to = cursor.string("to")
    let source = from.flatMap { names.source($0, at: cursor, key: "from") }
    let target = to.flatMap { names.population($0, at: cursor, key: "to") }
    let delay = cursor.optionalQuantity("delay", .seconds, in: 0...10) ?? 0
    let connectivity = cursor.object("connectivity")
    let kind = connectivity?.oneOf("kind", as: Kind.self)
    let weight = kind != .list || cursor.has("weight") ? PhysicalWeight(cursor, key: "weight") : nil
    // Sizes are only known when all populations were read without error.
    guard let from, let to, let source, let target, let connectivity, let kind,
      populations.indices.contains(target), let sources = size(source)
    else {
      connectivity.map { skip($0, kind) }
      return nil
    }
    let pair = Pair(
      sources: sources, targets: populations[target].size, isSelf: source == .population(target),
      capacitance: populations[target].capacitance)
    let built: (map: LinearMap, unit: Projection.Unit)?
    if kind == .list {
      built = list(connectivity, weight, pair)
    } else {
      built = drawn(connectivity, kind, weight, pair, number: number)
    }
    guard let built else { return nil }
    return (
      Projection(
        source: source, target: target, maps: [built.map], unit: built.unit,
        delayTicks: Int((delay / dynamics.dt).rounded()), path: [from, to]), delay
    )
  }

  private struct Pair {
    var sources: Int
    var targets: Int
    var isSelf: Bool
    var capacitance: Double?
  }

  private func size(_ source: Projection.Source) -> Int? {
    switch source {
    case .input(let index): inputs.indices.contains(index) ? inputs[index].size : nil
    case .population(let index): populations.indices.contains(index) ? populations[index].size : nil
    }
  }

  /// Marks the keys as known when nothing can be made of them.
  private func skip(_ cursor: Cursor, _ kind: Kind?) {
    for key in ["degree", "probability", "synapses"] { _ = cursor.optionalAny(key) }
  }

  private mutating func drawn(
    _ cursor: Cursor, _ kind: Kind, _ weight: PhysicalWeight?, _ pair: Pair, number: Int
  ) -> (LinearMap, Projection.Unit)? {
    let available = pair.isSelf ? pair.sources - 1 : pair.sources
    let connectivity: Connectivity
    switch kind {
    case .allToAll: connectivity = .allToAll
    case .oneToOne:
      guard pair.sources == pair.targets else {
        cursor.fail(
          "physical.oneToOne", problem: "one-to-one needs as many sources as targets",
          found: "\(pair.sources) sources, \(pair.targets) targets")
        return nil
      }
      connectivity = .oneToOne
    case .fixedIndegree:
      guard let degree = cursor.integer("degree", in: 0...max(available, 0)) else { return nil }
      connectivity = .fixedIndegree(degree)
    case .fixedProbability:
      guard let probability = cursor.number("probability", in: 0...1) else { return nil }
      connectivity = .fixedProbability(probability)
    case .list: return nil
    }
    let count = connectivity.synapses(sources: pair.sources, targets: pair.targets)
    guard fits(count, cursor), let weight else { return nil }
    guard let (value, unit) = weight.value(capacitance: pair.capacitance, at: cursor) else { return nil }
    let map = connectivity.map(
      sources: pair.sources, targets: pair.targets, weight: value, isSelf: pair.isSelf, seed: seed,
      projection: number)
    return (map, unit)
  }

  private mutating func fits(_ count: Double, _ cursor: Cursor) -> Bool {
    synapses += count
    if synapses <= Self.mostSynapses { return true }
    cursor.fail(
      "physical.tooManySynapses", problem: "the network has too many synapses to be built",
      found: "\(Int(synapses.rounded())) up to here", expected: "at most \(Int(Self.mostSynapses))",
      remedy: "Use a smaller network or a sparser connectivity")
    return false
  }

  /// `synapses: [{from, to, weight}]`; a weight left out is the projection's.
  private mutating func list(_ cursor: Cursor, _ common: PhysicalWeight?, _ pair: Pair)
    -> (LinearMap, Projection.Unit)?
  {
    guard let entries = cursor.array("synapses"), fits(Double(entries.count), cursor) else { return nil }
    var rows = [[(column: Int32, weight: Double)]](repeating: [], count: pair.targets)
    var unit: Projection.Unit?
    var isGood = true
    for entry in entries {
      let from = entry.integer("from", in: 0...pair.sources - 1)
      let to = entry.integer("to", in: 0...pair.targets - 1)
      let own = entry.has("weight") || common == nil ? PhysicalWeight(entry, key: "weight") : common
      guard let from, let to, let own else {
        isGood = false
        continue
      }
      guard let (value, ownUnit) = own.value(capacitance: pair.capacitance, at: entry) else {
        isGood = false
        continue
      }
      if let unit, unit != ownUnit {
        entry.fail(
          "physical.mixedWeights", problem: "a projection's weights are either all currents or none",
          remedy: "Make two projections")
        isGood = false
      }
      unit = ownUnit
      rows[to].append((Int32(from), value))
    }
    guard isGood, let unit = unit ?? common?.value(capacitance: pair.capacitance, at: cursor)?.1 else {
      if isGood { cursor.fail("physical.emptyList", problem: "the list has no synapses") }
      return nil
    }
    var begin = [0]
    var column: [Int32] = []
    var weight: [Double] = []
    for row in rows {
      for synapse in row.sorted(by: { $0.column < $1.column }) {
        column.append(synapse.column)
        weight.append(synapse.weight)
      }
      begin.append(column.count)
    }
    return (.sparse(begin: begin, column: column, weight: weight, columns: pair.sources), unit)
  }
}
