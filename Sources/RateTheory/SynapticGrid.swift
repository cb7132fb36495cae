import FixedPoint
import Foundation

/// The stationary rate of a neuron with a synaptic current: its state is the pair (u, v), and one tick is
/// ```
/// u' = D(u) + x      x drawn
/// v' = max(D(v) + u' + bias, floor), and what passes the threshold is taken out
/// ```
/// The current runs on while the membrane is held and after a reset, so states after spikes differ (`IntervalChain`).
///
/// **Exact** where the codes that u and v reach make at most `exactPairs` pairs: every pair is a state. **Else** u and v are on
/// grids, and what falls between is spread over three states, which keeps mean and variance. The rate is worked out on
/// two pairs of grids, the second with cells half as wide; its error is that of a second-order scheme, a third of the
/// difference, and `estimatedError` states all of the difference. Above `mostError` there is no rate.
///
/// Edge cases: registers saturate; one that wraps is refused if the density could overflow it.
struct SynapticGrid {
  static let exactPairs = 60_000
  static let mostPairs = 400_000
  static let mostError = 0.01

  private let neuron: NoisyIntegerNeuron
  private let synapse: LeakRule
  private let currents: Axis
  private let membranes: Axis
  /// u → u'.
  private let current: BandMatrix
  /// Largest v that does not fire is on this state of `membranes`.
  private let top: Int
  /// D(v) + bias of every v, and every u.
  private let rests: [Double]
  private let currentCodes: [Double]
  /// Where a register saturates.
  private let highest: Double
  /// Mass below which a pair is left out: all of them never add up to a digit that counts.
  static let negligible = 1e-18

  /// Codes `high − i·step`.
  private struct Axis {
    var high: Int64
    var step: Int64
    var count: Int

    func code(_ state: Int) -> Int64 { high - Int64(state) * step }
    func place(_ code: Double) -> Double { (Double(high) - code) / Double(step) }
  }

  /// - Parameter resolution: of `NoisyIntegerNeuron.stationary`; 100 there makes 36 cells of v and 12 of u per standard
  ///   deviation here.
  /// - Throws: `tooManyStates`, `notSettled`, `registerOverflow`.
  static func stationary(
    _ neuron: NoisyIntegerNeuron, resolution: Int64
  ) throws(NoisyIntegerNeuron.Refusal) -> NoisyIntegerNeuron.Stationary {
    guard let synapse = neuron.synapse else { throw .notSettled }
    let reach = try Reach(neuron, synapse)
    let exact = try SynapticGrid(neuron, synapse, reach, cells: nil)
    if let exact { return try exact.stationary() }
    // Below 100 a rate is wanted that is near, at little cost: one grid, and no word on its error.
    if resolution < 100 {
      guard let grid = try SynapticGrid(neuron, synapse, reach, cells: (u: 6, v: 18)) else {
        throw .tooManyStates
      }
      return try grid.stationary()
    }
    let scale = Double(resolution) / 100
    guard let coarse = try SynapticGrid(neuron, synapse, reach, cells: (u: 6 * scale, v: 18 * scale)),
      let fine = try SynapticGrid(neuron, synapse, reach, cells: (u: 12 * scale, v: 36 * scale))
    else { throw .tooManyStates }
    let before = try coarse.stationary()
    var found = try fine.stationary()
    let error =
      found.ratePerTick > 0 ? abs(found.ratePerTick - before.ratePerTick) / found.ratePerTick : 0
    // Silent on one grid alone is no rate either.
    guard error <= mostError, (found.ratePerTick > 0) == (before.ratePerTick > 0) else { throw .notSettled }
    found.estimatedError = error
    return found
  }

  /// Which codes u and v visit with a probability that matters.
  private struct Reach {
    var u: ClosedRange<Int64>
    var v: ClosedRange<Int64>
    var uDeviation: Double
    var vDeviation: Double

    /// Mean ± 8 standard deviations of the free processes, and one more draw; x has variance s²:
    /// ```
    /// ū = x̄/(1 − b)   var u = s²/(1 − b²)      v̄ = (ū + bias)/(1 − a)   var v = s²(1 + ab)/((1 − a²)(1 − b²)(1 − ab))
    /// ```
    /// a and b what D leaves of v and u per tick. Without a leak v is bounded by its floor and starts at the reset.
    init(_ neuron: NoisyIntegerNeuron, _ synapse: LeakRule) throws(NoisyIntegerNeuron.Refusal) {
      func retained(_ rule: LeakRule) -> Double {
        1 - Double(rule.decay) / Double(Int64(1) << Int64(rule.exponent))
      }
      let (a, b) = (retained(neuron.leak), retained(synapse))
      // A current that never decays has no stationary distribution.
      guard b < 1 else { throw .notSettled }
      let input = neuron.input
      let (least, most) = (Double(input.codes.first ?? 0), Double(input.codes.last ?? 0))
      uDeviation = (input.variance / (1 - b * b)).squareRoot()
      let mean = input.mean / (1 - b)
      let lowU = max(mean - 8 * uDeviation + min(least, 0), min(least / (1 - b), 0))
      let highU = min(mean + 8 * uDeviation + max(most, 0), max(most / (1 - b), 0))
      let kicks = Double(neuron.kick) * neuron.neighbours.reduce(0, +)
      let start = neuron.resetMode == .toValue ? neuron.reset : min(neuron.top + 1 - neuron.reset, neuron.top)
      var lowV = Double(max(neuron.floor, -1 << 40))
      if a < 1 {
        vDeviation =
          (input.variance * (1 + a * b) / ((1 - a * a) * (1 - b * b) * (1 - a * b))).squareRoot()
        let free = (mean + Double(neuron.bias) - kicks) / (1 - a)
        lowV = max(lowV, min(Double(start), free) - 8 * vDeviation + min(lowU, 0))
      } else {
        vDeviation = Double(abs(neuron.top - start))
      }
      var highV = Double(neuron.top)
      if neuron.resetMode == .subtract {
        // As in `MembraneGrid`: what one tick, and the refractory ones, may leave above the threshold.
        let rise = max(highU + Double(neuron.bias), 0) * Double(neuron.refractory + 1)
        highV += min(max(rise, 0) + max(rise - Double(neuron.reset), 0), 0x1p40)
      }
      let register = signedRange(bits: neuron.stateBits)
      let (below, above) = (Double(register.lowerBound), Double(register.upperBound))
      let fits = lowU >= below && highU <= above && highV + highU + Double(neuron.bias) <= above
      guard fits || (neuron.overflow == .saturate && neuron.synapseOverflow == .saturate) else {
        throw .registerOverflow
      }
      func clamped(_ value: Double) -> Int64 { Int64(min(max(value, below), above)) }
      u = clamped(lowU.rounded(.down) - 1)...clamped(highU.rounded(.up) + 1)
      v = min(clamped(lowV - 1 - Double(2 * neuron.kick)), start)...max(clamped(highV), neuron.top)
    }
  }

  /// - Parameter cells: per standard deviation; nil for every code.
  /// - Returns: nil with more pairs than such a grid may have.
  private init?(
    _ neuron: NoisyIntegerNeuron, _ synapse: LeakRule, _ reach: Reach, cells: (u: Double, v: Double)?
  ) throws(NoisyIntegerNeuron.Refusal) {
    self.neuron = neuron
    self.synapse = synapse
    func axis(_ range: ClosedRange<Int64>, aligned: Int64, step: Int64) -> Axis {
      let above = (range.upperBound - aligned + step - 1) / step
      let below = (aligned - range.lowerBound + step - 1) / step
      return Axis(high: aligned + above * step, step: step, count: Int(above + below) + 1)
    }
    let swing = Double(neuron.resetMode == .toValue ? neuron.top - neuron.reset : neuron.reset)
    let uStep = cells.map { max(1, Int64(reach.uDeviation / $0.u)) } ?? 1
    let vStep = cells.map { max(1, Int64(min(reach.vDeviation / $0.v, swing / (2 * $0.v)))) } ?? 1
    let (uSpan, vSpan) = (reach.u.upperBound - reach.u.lowerBound, reach.v.upperBound - reach.v.lowerBound)
    let most = Double(cells == nil ? Self.exactPairs : Self.mostPairs)
    guard (Double(uSpan / uStep) + 3) * (Double(vSpan / vStep) + 3) <= most else { return nil }
    currents = axis(reach.u, aligned: max(reach.u.lowerBound, 0), step: uStep)
    membranes = axis(reach.v, aligned: neuron.top, step: vStep)
    top = Int((membranes.high - neuron.top) / vStep)
    var matrix = BandMatrix(count: currents.count)
    for j in 0..<currents.count {
      let rest = synapse.decayed(currents.code(j))
      // Rarer draws are below what a grid can tell.
      for (x, p) in zip(neuron.input.codes, neuron.input.probabilities) where cells == nil || p > 1e-13 {
        spreadOverThree(currents.place(Double(rest + x)), step: uStep, first: 0, count: currents.count) {
          matrix.add(to: $0, p * $1)
        }
      }
      matrix.endRow()
    }
    current = matrix
    let (u, v) = (currents, membranes)
    rests = (0..<v.count).map { Double(neuron.leak.decayed(v.code($0)) + neuron.bias) }
    currentCodes = (0..<u.count).map { Double(u.code($0)) }
    highest = Double(signedRange(bits: neuron.stateBits).upperBound)
  }

  // MARK: - Ticks

  /// The density of a pair is at `v state · currents.count + u state`.
  private func stationary() throws(NoisyIntegerNeuron.Refusal) -> NoisyIntegerNeuron.Stationary {
    let subtracts = neuron.resetMode == .subtract
    let width = currents.count
    let chain = IntervalChain(
      refractory: neuron.refractory, longest: neuron.longestWait, isRenewal: false,
      tick: { density, fired in moved(drawn(density), &fired) },
      hold: { density in
        let drawn = drawn(density)
        return subtracts ? heldRunning(drawn) : drawn
      }, steadiness: 1e-8, settled: 1e-5)
    // The first interval starts from the free current's mean.
    var start = [Double](repeating: 0, count: width * membranes.count)
    let mean = neuron.input.mean * exp2(Double(synapse.exponent)) / Double(max(synapse.decay, 1))
    let value = subtracts ? neuron.top + 1 - neuron.reset : neuron.reset
    spreadOverThree(currents.place(mean), step: currents.step, first: 0, count: width) { j, share in
      spreadOverThree(
        membranes.place(Double(value)), step: membranes.step, first: subtracts ? 0 : top,
        count: membranes.count
      ) { i, part in start[i * width + j] += share * part }
    }
    let intervals = try chain.intervals(from: start)
    return NoisyIntegerNeuron.Stationary(
      ratePerTick: intervals.ratePerTick, intervalVariation: intervals.variation,
      codesPerState: max(currents.step, membranes.step), states: start.count)
  }

  /// u' for every v.
  private func drawn(_ density: [Double]) -> [Double] {
    var next = [Double](repeating: 0, count: density.count)
    current.addRows(density, width: currents.count, negligible: Self.negligible, to: &next)
    return next
  }

  /// v' from u', with the threshold and the kicks of neighbours.
  private func moved(_ density: [Double], _ fired: inout [Double]) -> [Double] {
    var next = [Double](repeating: 0, count: density.count)
    let kicks = neuron.kicks
    let isRunning = neuron.resetMode == .subtract
    let (limit, quantum) = (Double(neuron.top), Double(neuron.reset))
    /// What fires with each u', where the membrane is reset to a value.
    var resets = [Double](repeating: 0, count: currents.count)
    update(density) { v, j, mass in
      if v > limit {
        if isRunning { spread(v - quantum, j, mass, first: 0, into: &fired) } else { resets[j] += mass }
        return
      }
      if kicks.count == 1 { return spread(v, j, mass, first: top, into: &next) }
      for (m, q) in kicks.enumerated() where q > 0 {
        let kicked = m == 0 ? v : max(v - Double(Int64(m) * neuron.kick), Double(neuron.floor))
        spread(kicked, j, mass * q, first: top, into: &next)
      }
    }
    if !isRunning {
      for (j, mass) in resets.enumerated() where mass > 0 {
        spread(quantum, j, mass, first: top, into: &fired)
      }
    }
    return next
  }

  /// v' from u' in a refractory tick of a reset by subtraction.
  private func heldRunning(_ density: [Double]) -> [Double] {
    var next = [Double](repeating: 0, count: density.count)
    update(density) { v, j, mass in spread(v, j, mass, first: 0, into: &next) }
    return next
  }

  @inline(__always)
  private func spread(_ v: Double, _ j: Int, _ mass: Double, first: Int, into density: inout [Double]) {
    let width = currents.count
    spreadOverThree(membranes.place(v), step: membranes.step, first: first, count: membranes.count) {
      density[$0 * width + j] += mass * $1
    }
  }

  @inline(__always)
  private func update(_ density: [Double], _ body: (_ v: Double, _ u: Int, _ mass: Double) -> Void) {
    let floor = Double(neuron.floor)
    for (i, rest) in rests.enumerated() {
      for j in 0..<currents.count {
        let mass = density[i * currents.count + j]
        if abs(mass) < Self.negligible { continue }
        body(min(max(rest + currentCodes[j], floor), highest), j, mass)
      }
    }
  }
}
