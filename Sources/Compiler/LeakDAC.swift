import ChipModel
import Diagnostics
import Foundation
import Quantities

/// The leak knob of a mixed-signal core: packet capacitance per tick = code · unit / 2^range.
struct LeakDAC {
  var leak: Chip.Electrical.Leak

  /// - Parameter bits: fewer bits than the chip's, with the same full scale; nil for all of them.
  init(_ leak: Chip.Electrical.Leak, bits: Int? = nil) {
    self.leak = leak
    guard let bits, bits < leak.bits else { return }
    self.leak.unit *= Double(1 << (leak.bits - bits))
    self.leak.bits = bits
  }

  enum Problem: Error {
    case tooLarge(wanted: Double)
    case tooSmall(wanted: Double)

    func diagnostic(population: String, dac: LeakDAC) -> Diagnostic {
      let smallest = dac.leak.unit / Double(1 << (dac.leak.ranges - 1))
      switch self {
      case .tooLarge(let wanted):
        return Diagnostic(
          "limit.leakDAC", subject: "population \(population)",
          problem: "the leak is too strong for the leak DAC",
          found: formatQuantity(wanted, unit: "F") + " per tick",
          expected: "at most " + formatQuantity(dac.largest, unit: "F"),
          remedy: "Choose a smaller --dt, a longer time constant, or a chip with a larger leak DAC")
      case .tooSmall(let wanted):
        return Diagnostic(
          "limit.leakDAC", subject: "population \(population)",
          problem: "the leak is too weak for the leak DAC and would vanish",
          found: formatQuantity(wanted, unit: "F") + " per tick",
          expected: "at least " + formatQuantity(smallest / 2, unit: "F"),
          remedy: "Choose a larger --dt, a shorter time constant, or a chip with a finer leak DAC")
      }
    }
  }

  /// The largest packet capacitance, farad.
  var largest: Double { Double((1 << leak.bits) - 1) * leak.unit }

  /// The packet capacitance that can be set and is nearest to `wanted` farad: the finest range that reaches it.
  func nearest(_ wanted: Double) -> Result<Double, Problem> {
    if wanted == 0 { return .success(0) }
    let codeMaximum = Double((1 << leak.bits) - 1)
    for range in stride(from: leak.ranges - 1, through: 0, by: -1) {
      let step = leak.unit / Double(1 << range)
      let code = (wanted / step).rounded(.toNearestOrEven)
      if code == 0 { return .failure(.tooSmall(wanted: wanted)) }
      if code <= codeMaximum { return .success(code * step) }
    }
    return .failure(.tooLarge(wanted: wanted))
  }
}
