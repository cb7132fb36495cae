import ChipModel
import FixedPoint
import Foundation

extension PopulationCodes {
  /// Measures the codes of one population against the numbers that they stand for.
  init(
    _ legal: LegalPopulation, membrane: Membrane, incoming: [SparseMatrix<Double>],
    weights: WeightCodes, decay: DecayCodes, scale: Double, exponent: Int, path: Chip.LeakyDatapath
  ) {
    var largest = 0.0
    for matrix in incoming {
      for value in matrix.value { largest = max(largest, abs(value)) }
    }
    var squares = 0.0
    var maximum = 0.0
    var count = 0
    var stored = 0
    var driveErrors = 0.0
    for (matrix, codes) in zip(incoming, weights.codes) {
      for (value, code) in zip(matrix.value, codes.value) {
        let error = abs(Double(code) * weights.lsb - value)
        squares += error * error
        maximum = max(maximum, error)
        count += 1
        if code != 0 { stored += 1 }
      }
    }
    for i in 0..<legal.size {
      var difference = 0.0
      var total = 0.0
      for (matrix, codes) in zip(incoming, weights.codes) {
        for k in matrix.range(i) {
          difference += Double(codes.value[k]) * weights.lsb - matrix.value[k]
          total += abs(matrix.value[k])
        }
      }
      if total > 0 { driveErrors += abs(difference) / total }
    }
    let running = decay.mantissa.isEmpty ? 0 : decay.value(0)
    // One exponent serves the population, so neurons of longer time constants have the coarser codes.
    func worst(_ fractions: [Double]) -> Double? {
      fractions.indices.lazy.filter { fractions[$0] > 0 }.map { decay.value($0) / fractions[$0] - 1 }
        .max { abs($0) < abs($1) }
    }
    let firing = legal.firing
    let thresholdValue = firing?.threshold.first
    let thresholdCode = thresholdValue.map { ($0 * scale).rounded(.toNearestOrEven) }
    let swing = firing.map { firing in
      max(firing.threshold[0] - (firing.mode == .zero ? firing.reset[0] : 0), .leastNonzeroMagnitude)
    }
    // Rounded to the nearest, the leak v·d/2^k is zero up to half a code; one-sided roundings stop one code earlier.
    let stuck = running > 0 ? (path.decayRounding == .nearestEven ? 0.5 : 1) / running : 0
    self.init(
      name: legal.name, model: legal.model, size: legal.size, synapses: stored,
      weightScale: weights.lsb, weightExponent: exponent,
      weightErrorRMS: largest > 0 && count > 0 ? (squares / Double(count)).squareRoot() / largest : 0,
      weightErrorMaximum: largest > 0 ? maximum / largest : 0, clippedWeights: weights.clipped,
      meanDriveError: legal.size > 0 ? driveErrors / Double(legal.size) : 0,
      decayMantissa: Int(decay.mantissa.first ?? 0), decayExponent: decay.exponent,
      leakError: worst(membrane.decayWanted), leakCodeError: worst(membrane.decay),
      thresholdCode: thresholdCode.map(wholeNumber),
      thresholdError: thresholdCode.flatMap { code in
        thresholdValue.flatMap { $0 != 0 ? code / scale / $0 - 1 : nil }
      },
      deadZone: thresholdCode.flatMap { $0 != 0 ? stuck / abs($0) : nil },
      gain: membrane.gain.first ?? 1, capacitance: membrane.capacitance,
      totalCapacitance: membrane.capacitance?.total,
      membraneCapacitance: membrane.capacitance?.membrane, voltsPerUnit: membrane.voltsPerUnit,
      kickResidual: swing.flatMap { membrane.kick[0] / $0 },
      resetResidual: swing.flatMap { swing in
        firing.map { abs(membrane.reset[0] - $0.reset[0]) / swing }
      },
      overflowProven: true, overflowWitness: nil)
  }
}
