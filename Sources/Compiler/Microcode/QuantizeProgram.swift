import ChipModel
import Diagnostics
import FixedPoint
import NetworkIR
import ProgramImage

/// Codes of a population with equations: weights in the crossbar, and a program.
///
/// ```
/// step of v = x · lsb        x the sum of weight codes that the tick brings (gain 1, weightExponent the smallest)
/// ```
/// Weight codes are chosen as for any population; the program multiplies x into the potential's own binary point.
func quantizeProgram(
  _ equations: NeuronEquations, _ p: Int, incoming: [SparseMatrix<Double>], physical: PhysicalNetwork,
  bits: Int, chip: Chip, options: CompileOptions, problems: inout DiagnosticCollector
) -> (QuantizedPopulation, WeightCodes) {
  let legal = physical.legal.populations[p]
  let path = chip.datapath
  let size = legal.size
  let poissonLargest = legal.poisson.flatMap { $0.step.map(abs) }.max() ?? 0
  let codeMaximum = (1 << (bits - 1)) - 1
  var weights = quantizeWeights(
    incoming, poisson: legal.poisson, codeMaximum: codeMaximum,
    minimumLSB: poissonLargest / Double(1 << 15), rounding: options.rounding)
  weights.fitTypes(of: chip, to: incoming, codeMaximum: codeMaximum)
  let lsb = weights.lsb > 0 ? weights.lsb : 1
  let exponent = path.weightExponents.lowerBound

  let drive = DriveBounds(population: p, legal: physical.legal, countMaximum: chip.core.axonCountMaximum)
  let receives = !legal.poisson.isEmpty || incoming.contains { !$0.value.isEmpty }
  let dt = physical.legal.network.dynamics.dt
  // A step of v per tick as a constant current: volts per second are mV/ms.
  let perStep = 1 / (dt * equations.gain)
  let mean = legal.meanSteps(p, in: physical.legal)
  let ends = [mean.lowerBound * perStep, mean.upperBound * perStep].sorted()
  let code = microcode(
    MicroRequest(
      subject: "population \(legal.name)", equations: equations,
      current: (legal.constant.first ?? 0) * perStep,
      arriving: ends[0]...ends[1],
      steps: receives ? 1e3 * (drive.negative.min() ?? 0)...1e3 * (drive.positive.max() ?? 0) : nil,
      inputStep: 1e3 * lsb * exp2(-exponent), dt: 1e3 * dt), chip: chip, problems: &problems)
  let scale = (code?.scale ?? 1) * 1e3

  func all(_ value: Int32) -> [Int32] { [Int32](repeating: value, count: size) }
  let range = signedRange(bits: path.stateBits)
  let decay = DecayCodes([Double](repeating: 0, count: size), path: path, bits: nil)
  let synapse = DecayCodes([Double](repeating: 1, count: size), path: path, bits: nil)
  var report = PopulationCodes(
    legal, membrane: physical.membranes[p], incoming: incoming, weights: weights, decay: decay,
    scale: scale, exponent: exponent, path: path)
  report.microcode = code?.report
  report.deadZone = nil
  report.thresholdError = nil
  let cut = code?.report.cutOffMillivolts ?? equations.fixedPeak
  report.thresholdCode = cut.map { wholeNumber(($0 * 1e-3 * scale).rounded()) }
  var population = QuantizedPopulation(
    kind: .spiking, scale: scale, madeUpGain: 1, weightExponent: UInt8(exponent), decay: decay.mantissa,
    decayExponent: UInt8(decay.exponent), synapseDecay: synapse.mantissa,
    synapseDecayExponent: UInt8(synapse.exponent), gain: all(Int32(1 << path.gainBits)), bias: all(0),
    threshold: all(Int32(range.upperBound)), comparisonShift: 0, reset: all(0), resetMode: .toValue,
    refractory: all(0), kick: all(0), floor: all(Int32(range.lowerBound)), v0: all(code?.state.first ?? 0),
    u0: all(0),
    poisson: legal.poisson.map { poisson in
      QuantizedPopulation.Poisson(
        mean: poisson.mean,
        weight: poisson.step.map { Int32(clamping: wholeNumber(($0 / lsb).rounded(.toNearestOrEven))) },
        firstStream: poisson.firstStream)
    }, microcode: code, report: report)
  population.sharesWeights = weights.isShared
  population.proveNoOverflow(
    codes: weights.codes, sources: physical.legal.connections.filter { $0.target == p }.map(\.source),
    chip: chip)
  // What the accumulator holds is proven; where the variables go was seen in runs only.
  population.report.overflowProven = false
  return (population, weights)
}

extension LegalPopulation {
  /// Source rate at which a population is analysed, hertz: an assumption, since nobody knows it before the run.
  private static let assumedRate = 50.0

  /// Mean step of v per tick from Poisson trains, and from all excitatory or all inhibitory sources at 50 Hz; the neuron
  /// with the most counts.
  fileprivate func meanSteps(_ p: Int, in network: LegalNetwork) -> ClosedRange<Double> {
    var low = [Double](repeating: 0, count: size)
    var high = low
    for connection in network.connections where connection.target == p {
      for i in 0..<size {
        for k in connection.matrix.range(i) {
          let step = connection.matrix.value[k] * Self.assumedRate * network.network.dynamics.dt
          if step > 0 { high[i] += step } else { low[i] += step }
        }
      }
    }
    for poisson in poisson {
      for i in 0..<size {
        let step = poisson.step[i] * poisson.mean
        if step > 0 { high[i] += step } else { low[i] += step }
      }
    }
    return min(low.min() ?? 0, 0)...max(high.max() ?? 0, 0)
  }
}

/// 2 to a whole power.
private func exp2(_ exponent: Int) -> Double { Double(sign: .plus, exponent: exponent, significand: 1) }
