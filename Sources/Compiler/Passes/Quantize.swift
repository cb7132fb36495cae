import ChipModel
import Diagnostics
import FixedPoint
import Foundation
import NetworkIR
import ProgramImage

/// Chooses every code: weight scale and exponent, decay mantissa and exponent, threshold, reset, bias, kick, floor.
///
/// For one population, with q the value of a weight code on the membrane, g the gain that weights must make up for
/// (compensate) or 1, and S the codes per network unit:
/// ```
/// J = code · q,   q = 2^e · g / S      e: the largest for which no register can overflow (DriveBounds)
/// λ = d / 2^k                          k: the largest for which d fits decayBits, so long time constants keep their bits
/// θ, reset, kick, floor, v0 = S · value;  bias = S · c · λ_code/λ, so that c/λ, and with it V∞ and rheobase, stay
/// ```
/// Does not: split neurons or know about cores.
func quantize(
  _ physical: PhysicalNetwork, chip: Chip, options: CompileOptions, problems: inout DiagnosticCollector
) -> QuantizedNetwork {
  var populations: [QuantizedPopulation] = []
  var connections = physical.legal.connections.map {
    $0.replacing(SparseMatrix<Int16>(begin: [0], column: [], value: [], columns: $0.matrix.columns))
  }
  var parts = [[AxonClasses.Part]](repeating: [], count: connections.count)
  for p in physical.legal.populations.indices {
    let incoming = physical.legal.connections.indices.filter {
      physical.legal.connections[$0].target == p
    }
    let (population, weights) = quantizePopulation(
      p, incoming: incoming.map { physical.legal.connections[$0].matrix }, physical: physical,
      chip: chip, options: options, problems: &problems)
    populations.append(population)
    for (n, k) in incoming.enumerated() {
      connections[k].matrix = weights.codes[n].withoutZeros
      parts[k] = weights.parts(n, whole: connections[k].matrix)
    }
  }
  return QuantizedNetwork(
    physical: physical, populations: populations, connections: connections,
    axons: AxonClasses(connections, parts: parts))
}

/// - Parameter margin: room that is left for what rounding adds to sums of weights. Weights that share tables
///   (`WeightTables`) add more, so they are tried again with more room, as long as that proves that nothing overflows.
private func quantizePopulation(
  _ p: Int, incoming: [SparseMatrix<Double>], physical: PhysicalNetwork, chip: Chip,
  options: CompileOptions, margin: Double = 1.02, problems: inout DiagnosticCollector
) -> (QuantizedPopulation, WeightCodes) {
  let problemsBefore = problems
  var legal = physical.legal.populations[p]
  var membrane = physical.membranes[p]
  let path = chip.datapath
  let size = legal.size
  for problem in additiveProblems(legal, chip: chip) { problems.add(problem) }
  let constantLeak = ConstantLeak(legal, chip: chip)
  if let constantLeak {
    legal.leak(by: constantLeak)
    membrane.leak(by: constantLeak)
  }
  let bits = min(options.weightBits ?? chip.crossbar.weightBits, chip.crossbar.weightBits)
  let codeMaximum = (1 << (bits - 1)) - 1

  // Gain first: what the weights make up for is the gain that will really act, code and all.
  let unity = 1 << path.gainBits
  if let equations = legal.equations, chip.microcode != nil {
    return quantizeProgram(
      equations, p, incoming: incoming, physical: physical, bits: bits, chip: chip, options: options,
      problems: &problems)
  }
  let gain = membrane.gain.map { Int32(min(max(($0 * Double(unity)).rounded(), 1), Double(unity))) }
  let madeUp = membrane.compensatesGain ? Double(gain.first ?? Int32(unity)) / Double(unity) : 1

  // Room: the largest S for which v and u fit their registers, with a margin for rounding that the proof checks.
  var drive = DriveBounds(
    population: p, legal: physical.legal,
    countMaximum: chip.timing.perEvent == nil ? chip.core.axonCountMaximum : 1)
  if let noise = legal.noise { drive.addNoise(deviation: noise.step) }
  var span = 0.0
  for i in 0..<size {
    let range = drive.range(
      neuron: i, population: legal, decay: membrane.decay[i], constant: membrane.constant[i],
      floor: membrane.floor?[i])
    span = max(span, -range.low, range.high, drive.positive[i], -drive.negative[i])
    span = max(span, abs(membrane.constant[i]), legal.firing.map { abs($0.threshold[i]) } ?? 0)
    span = max(span, abs(membrane.initialCurrent[i]), abs(legal.initial[i]))
    span = max(span, abs(membrane.reset[i]), membrane.kick[i])
  }
  for problem in perEventProblems(legal, constant: membrane.constant, leak: constantLeak, chip: chip) {
    problems.add(problem)
  }
  span = legal.perEventSpan(incoming, chip: chip) ?? span
  if let problem = unusableSpan(span, population: legal.name) {
    problems.add(problem)
    span = 1
  }
  func room(_ bits: Int, for largest: Double) -> Double {
    largest > 0 ? Double((1 << (bits - 1)) - 1) / (largest * margin) : .infinity
  }
  let thresholdBits = path.thresholdBits + path.thresholdShift
  let biasBits = path.biasBits + path.biasExponents.upperBound
  var roomiest = room(min(path.stateBits, thresholdBits, biasBits), for: span)
  if chip.additive != nil {
    // Leaks are much narrower than states there.
    let largest = (bias: membrane.constant.map(abs).max(), threshold: legal.firing?.threshold.map(abs).max())
    roomiest = min(
      room(path.stateBits, for: span), room(thresholdBits, for: largest.threshold ?? 0),
      room(biasBits, for: largest.bias ?? 0))
  }
  if !roomiest.isFinite { roomiest = 1 }

  let poissonLargest = legal.poisson.flatMap { $0.step.map(abs) }.max() ?? 0
  // A chip whose smallest exponent is above 0 needs coarser weights for the same room.
  let smallestShift = exp2(Double(path.weightExponents.lowerBound))
  let minimumLSB = max(madeUp * smallestShift / roomiest, poissonLargest / Double(1 << 15))
  var weights = quantizeWeights(
    incoming, poisson: legal.poisson, codeMaximum: codeMaximum, minimumLSB: minimumLSB,
    rounding: options.rounding)
  weights.fitSigns(of: chip)
  weights.fitTypes(of: chip, to: incoming, codeMaximum: codeMaximum)
  let exponentWanted = Int(floor(log2(weights.lsb * roomiest / madeUp)))
  let exponent = min(max(exponentWanted, path.weightExponents.lowerBound), path.weightExponents.upperBound)
  let scale = exp2(Double(exponent)) * madeUp / weights.lsb

  let decay = DecayCodes(membrane.decay, path: path, bits: options.leakBits)
  let synapse = DecayCodes(
    legal.synapseDecay ?? [Double](repeating: 1, count: size), path: path, bits: options.leakBits)
  func code(_ value: Double) -> Int32 {
    Int32(clamping: wholeNumber(value * scale))
  }
  let range = signedRange(bits: path.stateBits)
  let bias = (0..<size).map { i -> Int32 in
    // A leak too weak for its code leaves no V∞ to keep; the drive itself stays.
    let acting = membrane.decay[i]
    let running = decay.value(i)
    let wanted = code(membrane.constant[i] * (acting > 0 && running > 0 ? running / acting : 1))
    return Int32(clamping: path.bias(nearest: Int(wanted)))
  }
  let noise = NoiseCodes(
    legal, gain: membrane.compensatesGain ? 1 : membrane.gain.first ?? 1, scale: scale, chip: chip,
    problems: &problems)
  // A threshold noise that only adds is met by a threshold that lies lower by its mean.
  let noiseShift = noise?.thresholdMean ?? 0
  let signShift: Int32 =
    switch (legal.firing?.inclusive ?? false, path.comparison) {
    case (false, .greater), (true, .greaterOrEqual): 0
    case (true, .greater): -1
    case (false, .greaterOrEqual): 1
    }
  let comparisonShift = signShift - noiseShift
  let threshold = (0..<size).map { i in
    legal.firing.map {
      Int32(clamping: path.threshold(nearest: Int(code($0.threshold[i]) + comparisonShift)))
    } ?? Int32(signedRange(bits: path.thresholdBits).upperBound << Int64(path.thresholdShift))
  }
  let refractory = legal.firing?.refractory ?? [Int](repeating: 0, count: size)
  if let longest = refractory.max(),
    let problem = Limits.refractory(ticks: longest, population: legal.name, chip: chip)
  {
    problems.add(problem)
  }
  if path.synapseInput == .beforeDecay, legal.synapseDecay == nil {
    problems.add(
      Diagnostic(
        "limit.synapticState", subject: "population \(legal.name)",
        problem:
          "the model has no synaptic current, and on this chip input that joins a current which keeps nothing is lost",
        found: legal.model, expected: "CubaLIF or CubaLI (chip \(chip.name))",
        remedy: "Choose a chip without datapath.synapseInput \"beforeDecay\", or a model with tau_syn"))
  }
  if !path.synapticState, legal.synapseDecay != nil {
    problems.add(
      Diagnostic(
        "limit.synapticState", subject: "population \(legal.name)",
        problem: "the model has a synaptic current, which this chip's neurons do not",
        found: legal.model, expected: "LIF, IF, LI or I",
        remedy: "Choose a chip with datapath.synapticState, or a model without tau_syn"))
  }

  var population = QuantizedPopulation(
    kind: legal.firing == nil ? .potential : .spiking, scale: scale, madeUpGain: madeUp,
    weightExponent: UInt8(exponent), decay: decay.mantissa, decayExponent: UInt8(decay.exponent),
    synapseDecay: synapse.mantissa,
    synapseDecayExponent: UInt8(synapse.exponent), gain: gain, bias: bias, threshold: threshold,
    comparisonShift: comparisonShift,
    reset: membrane.reset.map(code),
    resetMode: legal.firing?.mode == .subtract ? .subtract : .toValue,
    refractory: refractory.map { Int32(clamping: $0) }, kick: membrane.kick.map(code),
    floor: membrane.floor.map { $0.map { max(code($0), Int32(range.lowerBound)) } }
      ?? [Int32](
        repeating: QuantizedPopulation.additiveFloor(chip) ?? Int32(range.lowerBound), count: size),
    v0: legal.initial.map(code), u0: membrane.initialCurrent.map(code),
    poisson: legal.poisson.map { poisson in
      QuantizedPopulation.Poisson(
        mean: poisson.mean,
        weight: poisson.step.map { Int32(($0 / weights.lsb).rounded(.toNearestOrEven)) },
        firstStream: poisson.firstStream)
    }, noise: noise,
    report: PopulationCodes(
      legal, membrane: membrane, incoming: incoming, weights: weights, decay: decay, scale: scale,
      exponent: exponent, path: path))
  if let noise { population.report.noise = noise.report }
  population.sharesWeights = weights.isShared
  if let constantLeak {
    population.constantLeak = constantLeak
    let error = constantLeak.codeError(population)
    (population.report.leakError, population.report.leakCodeError) = (error, error)
  }
  population.proveNoOverflow(
    codes: weights.codes, sources: physical.legal.connections.filter { $0.target == p }.map(\.source),
    chip: chip)
  if weights.isShared, constantLeak != nil, !population.report.overflowProven, margin < 1.2 {
    var others = problemsBefore
    let roomier = quantizePopulation(
      p, incoming: incoming, physical: physical, chip: chip, options: options, margin: margin + 0.04,
      problems: &others)
    if roomier.0.report.overflowProven {
      problems = others
      return roomier
    }
  }
  return (population, weights)
}

/// Numbers beyond these are no voltages of anybody's: their products and quotients would leave float64.
private func unusableSpan(_ span: Double, population: String) -> Diagnostic? {
  if span == 0 || (1e-100...largestMagnitude).contains(span) { return nil }
  return Diagnostic(
    "network.range", subject: "population \(population)",
    problem: "its potentials and inputs are too large or too small to be scaled to codes", found: "\(span)",
    expected: "1e-100 to \(largestMagnitude), or 0",
    remedy: "Check the units of threshold, weights and time constants")
}

/// Decay mantissas that share one exponent.
struct DecayCodes {
  var mantissa: [Int32]
  var exponent: Int

  /// d = round(λ·2^k) ≤ 2^decayBits with the largest k that the largest λ allows.
  ///
  /// - Parameter bits: λ is then a multiple of 2^−bits, as on a chip that has this many bits and no exponent.
  init(_ fractions: [Double], path: Chip.LeakyDatapath, bits: Int?) {
    let largest = fractions.max() ?? 0
    let limit = Double(1 << path.decayBits)
    var exponent = path.decayExponents.lowerBound
    while exponent < path.decayExponents.upperBound, largest > 0,
      (largest * exp2(Double(exponent + 1))).rounded(.toNearestOrEven) <= limit
    {
      exponent += 1
    }
    self.exponent = exponent
    let step = exp2(Double(max(0, exponent - (bits ?? exponent))))
    mantissa = fractions.map { fraction in
      Int32(min((fraction * exp2(Double(exponent)) / step).rounded(.toNearestOrEven) * step, limit))
    }
  }

  func value(_ i: Int) -> Double { Double(mantissa[i]) / exp2(Double(exponent)) }
}

extension SparseMatrix<Int32> {
  /// The stored synapses: a code of zero is none.
  var withoutZeros: SparseMatrix<Int16> {
    // Without zeros the columns are those that there are.
    if !value.contains(0) { return mapRows { _, code in Int16(code) } }
    var result = SparseMatrix<Int16>(begin: [0], column: [], value: [], columns: columns)
    for row in 0..<rows {
      for k in range(row) where value[k] != 0 {
        result.column.append(column[k])
        result.value.append(Int16(value[k]))
      }
      result.begin.append(result.column.count)
    }
    return result
  }
}
