import ChipModel
import Diagnostics
import NetworkIR

/// The network whose numbers are the chip's: every code turned back into the unit of the network that was compiled, in
/// the author's own form. r and w_in stay as they were, and the weights carry what the codes make of a step.
///
/// With S the codes per network unit, d/2^k the decay codes, and f the integrator's fraction (`Dynamics.fraction`):
/// ```
/// τ = dt / (d/2^k)  (euler)    −dt / ln(1 − d/2^k)  (exponential)                      τ_syn likewise
/// J = code · 2^weightExponent · gain/2^gainBits / S                                    step of v (or of u) per spike
/// w = J / (f(τ)·r)             J / r without a leak; both / (f(τ_syn)·w_in) with a synaptic current
/// v_threshold, v_reset, v0 = code / S              c = bias / S, constant drive per tick
/// v_leak = c / f(τ)            where the author gave the population no constant input
/// bias = (c / f(τ) − v_leak) / r                   where he did (biases, currents): v_leak is then his
/// ```
/// In the limits, where no time constant has that fraction: d = 0 becomes τ = 2^40·dt, and d = 2^k with `exponential`
/// becomes τ = dt/40, whose fraction is 1 in float64. Populations without a leak have r = 1 per tick.
///
/// Delays are those of the network plus what the chip adds (`Levels.lateness`). A population that nothing but a constant
/// drives gets a projection of weight zero from the first input (or from one of one channel that is added), which carries
/// its bias, so that every population is fed.
public struct EffectiveNetwork: Sendable {
  /// Every projection has one map and is `held`; stimuli are the Poisson ones alone.
  public var network: Network
  /// What the chip does besides and no differential equation holds: roundings, floor, kicks, saturation. Notes.
  public var leftOut: [Diagnostic]
}

extension Compilation {
  /// The network that runs, in the author's terms.
  public var effective: EffectiveNetwork {
    EffectiveNetwork(
      network: effectiveNetwork(partitioned, gainBits: image.chip.datapath.gainBits),
      leftOut: partitioned.quantized.leftOut(chip: image.chip))
  }
}

private func effectiveNetwork(_ partitioned: PartitionedNetwork, gainBits: Int) -> Network {
  let quantized = partitioned.quantized
  let author = quantized.legal.network
  var network = author
  network.projections = []
  network.stimuli = []
  let populations = author.populations.indices.map { p in
    EffectivePopulation(
      quantized.populations[p], author: author.populations[p], dynamics: author.dynamics,
      isDriven: author.hasConstantInput(p),
      drive: quantized.legal.populations[p].constant, gainBits: gainBits)
  }
  network.populations = populations.map(\.population)
  var waiting = populations.map(\.bias)
  let carriers = author.populations.indices.map { quantized.legal.biasCarrier($0) }
  for (k, connection) in quantized.connections.enumerated() {
    let target = connection.target
    let own = author.projections.first { quantized.legal.carries(connection, $0) }
    let bias = carriers[target] == k ? waiting[target] : nil
    if bias != nil { waiting[target] = nil }
    let weights = connection.matrix.mapRows { row, code in Double(code) * populations[target].unitPerCode[row]
    }
    let lag =
      author.dynamics.synapseCurrent == .old && author.populations[target].synapse != nil ? 1 : 0
    network.projections.append(
      Projection(
        source: connection.source, target: target,
        maps: [map(weights, bias: bias, isDiagonal: own?.isDiagonal ?? false)],
        delayTicks: connection.delay - lag + partitioned.lateness(k),
        isFeedback: connection.isFeedback, path: own?.path ?? []))
  }
  for target in network.populations.indices
  where !network.projections.contains(where: { $0.target == target }) {
    if network.inputs.isEmpty { network.inputs.append(InputPort(name: "input", shape: [1])) }
    let rows = network.populations[target].size
    let columns = network.inputs[0].size
    let none = SparseMatrix<Double>(
      begin: [Int](repeating: 0, count: rows + 1), column: [], value: [], columns: columns)
    network.projections.append(
      Projection(
        source: .input(0), target: target, maps: [map(none, bias: waiting[target], isDiagonal: false)],
        path: [network.inputs[0].name, network.populations[target].name]))
  }
  for stimulus in author.stimuli {
    guard case .poisson(let sources, let rate, _, let unit) = stimulus.kind else { continue }
    let earlier = network.stimuli.count { $0.target == stimulus.target }
    // Only populations in physical units have Poisson stimuli, and their neurons are all alike.
    let code = quantized.populations[stimulus.target].poisson[earlier].weight.first ?? 0
    let population = populations[stimulus.target]
    let perCode = (unit == .held ? population.unitPerCode : population.stepPerCode).first ?? 0
    network.stimuli.append(
      Stimulus(
        target: stimulus.target,
        kind: .poisson(sources: sources, rate: rate, weight: Double(code) * perCode, unit: unit)))
  }
  return network
}

private func map(_ weights: SparseMatrix<Double>, bias: [Double]?, isDiagonal: Bool) -> LinearMap {
  if let bias {
    var dense = [Double](repeating: 0, count: weights.rows * weights.columns)
    for i in 0..<weights.rows {
      for k in weights.range(i) { dense[i * weights.columns + Int(weights.column[k])] = weights.value[k] }
    }
    return .dense(weight: dense, rows: weights.rows, columns: weights.columns, bias: bias)
  }
  if isDiagonal {
    return .diagonal((0..<weights.rows).map { i in weights.range(i).first.map { weights.value[$0] } ?? 0 })
  }
  return .sparse(
    begin: weights.begin, column: weights.column, weight: weights.value, columns: weights.columns)
}

extension Network {
  /// Whether biases or constant currents reach the population.
  fileprivate func hasConstantInput(_ p: Int) -> Bool {
    stimuli.contains { stimulus in
      if case .current = stimulus.kind { stimulus.target == p } else { false }
    } || projections.contains { $0.target == p && $0.isBiased }
  }
}

extension Projection {
  /// Whether something comes out for no spikes.
  fileprivate var isBiased: Bool { constant.contains { $0 != 0 } }
  fileprivate var isDiagonal: Bool {
    maps.allSatisfy { if case .diagonal = $0 { true } else { false } }
  }
}

extension LegalNetwork {
  /// Whether `connection` holds the synapses of `projection`.
  fileprivate func carries<Value>(_ connection: Connection<Value>, _ projection: Projection) -> Bool {
    let lag =
      network.dynamics.synapseCurrent == .old && network.populations[projection.target].synapse != nil ? 1 : 0
    return connection.source == projection.source && connection.target == projection.target
      && connection.delay == projection.delayTicks + lag && connection.isFeedback == projection.isFeedback
  }

  /// The connection into a population that a constant input goes with: that of the author's first biased
  /// projection, else the first one.
  fileprivate func biasCarrier(_ p: Int) -> Int? {
    let biased = network.projections.first { $0.target == p && $0.isBiased }
    return connections.firstIndex { connection in
      biased.map { carries(connection, $0) } ?? (connection.target == p)
    }
  }
}
