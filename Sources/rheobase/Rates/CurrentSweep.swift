import Diagnostics
import NetworkIR
import Quantities

/// Constant currents at which rates are asked for: `current=FROM:TO:STEP`, both ends included.
struct CurrentSweep: Sendable, Equatable {
  static let expected =
    "such as current=0pA:100pA:5pA (or without units for a unit-free network), at most 1000 points"

  /// What the numbers are: of a unit-free network, amperes, or volts per second for models without a capacitance.
  enum Unit: String, Sendable {
    case none = ""
    case amperes = "A"
    case voltsPerSecond = "V/s"

    /// In the report; nil for a unit-free network.
    var symbol: String? { self == .none ? nil : rawValue }
    fileprivate var example: String {
      switch self {
      case .none: "current=0:2:0.1"
      case .amperes: "current=0pA:100pA:5pA"
      case .voltsPerSecond: "current=0mV/ms:20mV/ms:1mV/ms"
      }
    }
  }

  var values: [Double]
  var unit: Unit

  init?(_ text: String) {
    guard let sign = text.firstIndex(of: "="), text[..<sign] == "current" else { return nil }
    let parts = text[text.index(after: sign)...].split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 3 else { return nil }
    let quantities = parts.compactMap { try? Quantity.parse(String($0)) }
    guard let dimension = quantities.first?.dimension, quantities.allSatisfy({ $0.dimension == dimension })
    else { return nil }
    switch dimension {
    case .none: unit = .none
    case .amperes: unit = .amperes
    case .volts - .seconds: unit = .voltsPerSecond
    default: return nil
    }
    let numbers = quantities.count == 3 ? quantities.map { Optional($0.value) } : [nil, nil, nil]
    guard let from = numbers[0], let to = numbers[1], let step = numbers[2], from.isFinite, to.isFinite,
      step.isFinite, step > 0, to >= from, (to - from) / step < 999.5
    else { return nil }
    // The last point may miss TO by a rounding.
    values = (0...Int((to - from) / step + 1e-6)).map { from + Double($0) * step }
  }

  /// Refuses a sweep in another unit than the populations' that fire.
  func check(_ network: Network, source: String) throws(Failure) {
    let units = network.populations.filter { $0.firing != nil }.map(\.currentUnit)
    guard let wrong = units.first(where: { $0 != unit }) else { return }
    let problem =
      switch wrong {
      case .none: "the network has no units, so its currents are plain numbers"
      case .amperes: "the network is in physical units, so its currents are in ampere"
      case .voltsPerSecond: "a model without a capacitance has its currents in volt per second"
      }
    throw Failure(
      .usage,
      Diagnostic(
        "usage.sweepUnit", subject: "--sweep", place: source, problem: problem, expected: wrong.example,
        remedy: Set(units).count > 1
          ? "Sweep populations of one kind at a time, each in a file of its own" : nil
      ))
  }
}

extension Population {
  /// In what its constant currents are counted.
  fileprivate var currentUnit: CurrentSweep.Unit {
    guard let physical else { return .none }
    return equations != nil && physical.capacitance == 1 ? .voltsPerSecond : .amperes
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
