import Diagnostics
import NetworkIR
import Quantities

/// Constant currents at which rates are asked for: `current=FROM:TO:STEP`, both ends included.
struct CurrentSweep: Sendable, Equatable {
  static let expected =
    "such as current=0pA:100pA:5pA (or without units for a unit-free network), at most 1000 points"

  var values: [Double]
  /// Whether the numbers have no unit.
  var isUnitFree: Bool

  init?(_ text: String) {
    guard let sign = text.firstIndex(of: "="), text[..<sign] == "current" else { return nil }
    let parts = text[text.index(after: sign)...].split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 3 else { return nil }
    let plain = parts.map { Double($0) }
    let isPlain = plain.allSatisfy { $0 != nil }
    let numbers = parts.map { part -> Double? in
      if isPlain { return Double(part) }
      guard let quantity = try? Quantity.parse(String(part)), quantity.dimension == .amperes else {
        return nil
      }
      return quantity.value
    }
    guard let from = numbers[0], let to = numbers[1], let step = numbers[2], from.isFinite, to.isFinite,
      step.isFinite, step > 0, to >= from, (to - from) / step < 999.5
    else { return nil }
    isUnitFree = isPlain
    // The last point may miss TO by a rounding.
    values = (0...Int((to - from) / step + 1e-6)).map { from + Double($0) * step }
  }

  func check(unitFree: Bool, source: String) throws(Failure) {
    guard unitFree != isUnitFree else { return }
    throw Failure(
      .usage,
      Diagnostic(
        "usage.sweepUnit", subject: "--sweep", place: source,
        problem: unitFree
          ? "the network has no units, so its currents are plain numbers"
          : "the network is in physical units, so its currents are in ampere",
        expected: unitFree ? "current=0:2:0.1" : "current=0pA:100pA:5pA"))
  }
}

extension Network {
  /// The network with this constant current into every population that fires, in place of its own current stimuli.
  ///
  /// As when a file is read, a current into a population with a synaptic current goes to the membrane.
  func driven(by current: Double) -> Network {
    var network = self
    network.stimuli.removeAll { if case .current = $0.kind { true } else { false } }
    for (p, population) in populations.enumerated() where population.firing != nil {
      if population.synapse == nil {
        network.stimuli.append(Stimulus(target: p, kind: .current(current)))
      } else if population.physical != nil {
        for n in population.leak.indices { network.populations[p].leak[n] += population.r[n] * current }
      } else {
        network.stimuli.append(Stimulus(target: p, kind: .current(current)))
      }
    }
    return network
  }
}
