import ChipModel
import Diagnostics
import Foundation

/// The noise of one population as the chip's codes.
///
/// The chip's membrane noise is uniform; its code is chosen for the variance of the network's Gaussian step. Over a
/// membrane's time constant many steps add up, and what they add up to is Gaussian again. With U the deviation of the
/// random number (`Chip.Noise.Membrane.unitDeviation`) and S codes per network unit:
/// ```
/// σ·gain·S ≈ mantissa · 2^(exponent − fractionBits) · U       the smallest exponent whose mantissa fits
/// threshold σ·S ≈ √(Σ 4^i/4, i in mask)                       the mask whose deviation is nearest in ratio
/// ```
struct NoiseCodes: Sendable, Equatable {
  var mantissa: Int32
  var exponent: UInt8
  var mask: Int32
  var firstStream: UInt32
  /// mantissa · 2^(exponent − fractionBits).
  var unit: Double
  /// Standard deviation and largest size of a step, and deviation of the threshold. Codes.
  var stepDeviation: Double
  var stepMaximum: Double
  var thresholdDeviation: Double
  var report: PopulationCodes.Noise

  /// Whole codes that the threshold noise adds on average.
  var thresholdMean: Int32 { mask / 2 }

  /// Nil for a population without noise.
  ///
  /// - Parameter gain: share of a step that arrives on the membrane.
  init?(
    _ legal: LegalPopulation, gain: Double, scale: Double, chip: Chip, problems: inout DiagnosticCollector
  ) {
    guard let noise = legal.noise, noise.step > 0 || noise.threshold > 0 else { return nil }
    let subject = "population \(legal.name)"
    func refuse(_ kind: String) {
      problems.add(
        Diagnostic(
          "limit.noise", subject: subject, problem: "has \(kind) noise, which this chip's neurons do not",
          expected: "no noise (chip \(chip.name))",
          remedy: "Choose a chip with datapath.noise.\(kind), or give a Poisson drive"))
    }
    mantissa = 0
    exponent = UInt8(chip.datapath.noise?.membrane?.exponents.lowerBound ?? 0)
    mask = 0
    firstStream = noise.firstStream
    (unit, stepDeviation, stepMaximum, thresholdDeviation) = (0, 0, 0, 0)
    report = PopulationCodes.Noise()
    if noise.step > 0 {
      if let rule = chip.datapath.noise?.membrane {
        setMembrane(noise.step * gain * scale, rule)
        if let problem = Limits.noiseMantissa(Int(mantissa), subject: subject, chip: chip) {
          problems.add(problem)
        }
      } else {
        refuse("membrane")
      }
    }
    if noise.threshold > 0, legal.firing != nil {
      if let rule = chip.datapath.noise?.threshold {
        setThreshold(noise.threshold * scale, bits: rule.bits)
      } else {
        refuse("threshold")
      }
    }
  }

  private mutating func setMembrane(_ wanted: Double, _ rule: Chip.Noise.Membrane) {
    let perUnit = wanted / rule.unitDeviation
    func mantissa(_ exponent: Int) -> Double {
      (perUnit * exp2(Double(rule.fractionBits - exponent))).rounded()
    }
    let most = Double((1 << rule.mantissaBits) - 1)
    let chosen = rule.exponents.first { mantissa($0) <= most } ?? rule.exponents.upperBound
    self.mantissa = Int32(min(mantissa(chosen), 0x1p30))
    exponent = UInt8(chosen)
    unit = Double(self.mantissa) * exp2(Double(chosen - rule.fractionBits))
    stepDeviation = unit * rule.unitDeviation
    stepMaximum = unit * Double((1 << rule.bits) - 1)
    report.stepCodes = stepDeviation
    report.stepError = stepDeviation / wanted - 1
  }

  /// Deviations from the upper bit k alone, 2^k/2, to all bits below it too, about 2^k/√3.
  private mutating func setThreshold(_ wanted: Double, bits: Int) {
    func deviation(_ mask: Int) -> Double {
      var quarters = 0.0
      for bit in 0..<bits where mask >> bit & 1 == 1 { quarters += exp2(Double(2 * bit)) }
      return (quarters / 4).squareRoot()
    }
    func distance(_ mask: Int) -> Double { abs(log(deviation(mask) / wanted)) }
    var best = 1
    for top in 0..<bits {
      // Bits below, from the upper one on, as long as they bring it nearer.
      var mask = 1 << top
      for bit in stride(from: top - 1, through: 0, by: -1) where deviation(mask | 1 << bit) <= wanted {
        mask |= 1 << bit
      }
      for candidate in [mask, (1 << (top + 1)) - 1] where distance(candidate) < distance(best) {
        best = candidate
      }
    }
    mask = Int32(best)
    thresholdDeviation = deviation(best)
    report.thresholdCodes = thresholdDeviation
    report.thresholdError = thresholdDeviation / wanted - 1
  }
}
