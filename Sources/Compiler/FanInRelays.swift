import NetworkIR

/// What relay cells in the place of too many sources do to one population.
struct FanInRelaying: Sendable {
  var population: String
  var cells: Int
  /// Sources of the widest neuron.
  var fanIn: Int
  /// Largest over neurons of √(Σ q²/12): what its cells hold back, if their rests are spread evenly. Amplitude of the input.
  var residualRMS: Double
}

extension Network {
  /// The same network with relay cells in front of neurons that have more sources than a core has axons, for chips that
  /// cannot add partial sums.
  ///
  /// A neuron keeps as many sources as it can, the strongest ones. The others go to cells of a few sources of one sign:
  /// ```
  /// cell:  v ← v + Σ |w| s;   fires at v > q/2, v ← v − q;   q = Σ |w|, all that can come in one tick
  /// cell ─▶ neuron:  ±q
  /// ```
  /// A cell never falls behind sources that fire once per tick, and holds back at most q/2: an error that does not grow.
  /// With g sources per cell, F in all and A axons, a neuron needs (F − A)/(g − 1) cells. Their noise grows as g/√(g − 1), so
  /// g is the smallest for which the cells themselves fit, 2 for F ≤ 2A. Feedback is relayed last: it would come a tick late.
  ///
  /// Populations of whose inputs some are amplitudes and some charge packets stay as they are.
  func withFanInRelays(axons: Int) -> (network: Network, relaying: [FanInRelaying]) {
    var result = self
    var relaying: [FanInRelaying] = []
    for p in populations.indices {
      let incoming = projections.indices.filter { projections[$0].target == p }
      let matrices = incoming.map { SparseMatrix(composing: projections[$0].maps) }
      let fanIn = (0..<populations[p].size).map { i in matrices.reduce(0) { $0 + $1.range(i).count } }
      guard let widest = fanIn.max(), widest > axons, Set(incoming.map { projections[$0].unit }).count == 1
      else { continue }
      let plan = RelayPlan(matrices, isFeedback: incoming.map { projections[$0].isFeedback }, axons: axons)
      let number = result.populations.count
      result.populations.append(
        .relays(
          named: freeName("relay into \(populations[p].name)"), shape: [plan.quanta.count],
          quanta: plan.quanta))
      for (k, index) in incoming.enumerated() {
        let own = projections[index]
        result.projections[index].maps = [plan.direct[k].map]
        let bias = own.constant
        if bias.contains(where: { $0 != 0 }) { result.projections.append(own.carrying(bias)) }
        if plan.intoCells[k].value.isEmpty { continue }
        var relayed = own
        relayed.target = number
        relayed.maps = [plan.intoCells[k].map]
        relayed.unit = .held
        result.projections.append(relayed)
      }
      result.projections.append(
        Projection(
          source: .population(number), target: p, maps: [plan.fromCells.map],
          unit: projections[incoming[0]].unit, path: [result.populations[number].name, populations[p].name]))
      relaying.append(
        FanInRelaying(
          population: populations[p].name, cells: plan.quanta.count, fanIn: widest,
          residualRMS: plan.residualRMS))
    }
    return (result, relaying)
  }
}

/// Which sources of one population stay, and which go to cells.
private struct RelayPlan {
  /// Per projection: what stays, and what goes to cells [cells, sources].
  private(set) var direct: [SparseMatrix<Double>]
  private(set) var intoCells: [SparseMatrix<Double>]
  /// [neurons, cells]: ±q.
  private(set) var fromCells = SparseMatrix<Double>(begin: [0], column: [], value: [], columns: 0)
  /// q of every cell.
  private(set) var quanta: [Double] = []
  private(set) var residualRMS = 0.0

  private struct Synapse {
    var projection: Int
    var column: Int32
    var weight: Double
  }

  init(_ matrices: [SparseMatrix<Double>], isFeedback: [Bool], axons: Int) {
    direct = matrices.map { SparseMatrix(begin: [0], column: [], value: [], columns: $0.columns) }
    intoCells = direct
    for i in 0..<(matrices.first?.rows ?? 0) {
      let synapses = matrices.enumerated().flatMap { k, matrix in
        matrix.range(i).map { Synapse(projection: k, column: matrix.column[$0], weight: matrix.value[$0]) }
      }
      let (size, relayed) = Self.cells(fanIn: synapses.count, axons: axons)
      let weakestFirst = synapses.sorted { a, b in
        let keyA = (isFeedback[a.projection] ? 1 : 0, abs(a.weight), a.projection, a.column)
        let keyB = (isFeedback[b.projection] ? 1 : 0, abs(b.weight), b.projection, b.column)
        return keyA < keyB
      }
      keep(weakestFirst.dropFirst(relayed))
      var squares = 0.0
      for sign in [1.0, -1.0] {
        let group = weakestFirst.prefix(relayed).filter { $0.weight * sign > 0 }
        for begin in stride(from: 0, to: group.count, by: size) {
          let quantum = addCell(group[begin..<min(begin + size, group.count)])
          fromCells.column.append(Int32(quanta.count - 1))
          fromCells.value.append(sign * quantum)
          squares += quantum * quantum
        }
      }
      fromCells.begin.append(fromCells.column.count)
      residualRMS = max(residualRMS, (squares / 12).squareRoot())
    }
    fromCells.columns = quanta.count
  }

  /// Sources per cell, and how many sources go to cells; none where all fit.
  ///
  /// c cells for n sources, of two signs, are enough if n/g + 2 ≤ c; with F − n + c = A that is c ≥ (F − A + 2g)/(g − 1).
  private static func cells(fanIn: Int, axons: Int) -> (size: Int, relayed: Int) {
    if fanIn <= axons { return (1, 0) }
    for size in 2...max(2, fanIn) {
      let cells = (fanIn - axons + 2 * size + size - 2) / (size - 1)
      if cells <= axons { return (size, min(fanIn, fanIn - axons + cells)) }
    }
    return (fanIn, fanIn)
  }

  private mutating func keep(_ synapses: ArraySlice<Synapse>) {
    for k in direct.indices {
      for synapse in synapses.filter({ $0.projection == k }).sorted(by: { $0.column < $1.column }) {
        direct[k].column.append(synapse.column)
        direct[k].value.append(synapse.weight)
      }
      direct[k].begin.append(direct[k].column.count)
    }
  }

  /// Returns its quantum.
  private mutating func addCell(_ synapses: ArraySlice<Synapse>) -> Double {
    for k in intoCells.indices {
      for synapse in synapses.filter({ $0.projection == k }).sorted(by: { $0.column < $1.column }) {
        intoCells[k].column.append(synapse.column)
        intoCells[k].value.append(abs(synapse.weight))
      }
      intoCells[k].begin.append(intoCells[k].column.count)
    }
    let quantum = synapses.reduce(0) { $0 + abs($1.weight) }
    quanta.append(quantum)
    return quantum
  }
}

extension SparseMatrix<Double> {
  fileprivate var map: LinearMap {
    .sparse(begin: begin, column: column, weight: value, columns: columns)
  }
}

extension Projection {
  /// A projection without synapses that adds a constant.
  fileprivate func carrying(_ bias: [Double]) -> Projection {
    var result = self
    result.maps = [
      .sparse(begin: [0, 0], column: [], weight: [], columns: maps[0].columns),
      .dense(
        weight: [Double](repeating: 0, count: bias.count), rows: bias.count, columns: 1, bias: bias),
    ]
    return result
  }
}
