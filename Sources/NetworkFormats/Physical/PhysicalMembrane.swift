import Diagnostics
import Documents
import NetworkIR
import Quantities

/// A population with a membrane and at most a synaptic current, in SI units.
struct PhysicalMembrane {
  enum Model { case lif, integrateAndFire, cubalif }

  let name: String
  let size: Int
  let model: Model
  let capacitance: Double
  /// Nil for `if`.
  let leakConductance: Double?
  let leakReversal: Double
  let threshold: Double
  let reset: Double
  let refractory: Double
  let initialVoltage: Double
  let synapticTimeConstant: Double?
  let noise: PhysicalNoise?
  private let refractoryTicks: Double
  private let dt: Double

  /// Nil after the problem has been reported.
  init?(_ model: Model?, _ cursor: Cursor, name: String?, size: Int?, dynamics: Dynamics) {
    let capacitance = cursor.quantity("capacitance", .farads, in: 1e-21...1)
    let isLeaky = model != .integrateAndFire
    let conductance = isLeaky ? cursor.quantity("leakConductance", .siemens, in: 1e-21...1e3) : nil
    let reversal = isLeaky ? cursor.quantity("leakReversal", .volts, in: Self.volts) : nil
    let synapse =
      model == .cubalif
      ? cursor.quantity("synapticTimeConstant", .seconds, in: 1e-9...1e3) : nil
    let threshold = cursor.quantity("threshold", .volts, in: Self.volts)
    let reset = cursor.quantity("reset", .volts, in: Self.volts)
    let refractory = cursor.optionalQuantity("refractory", .seconds, in: 0...1e3) ?? 0
    let initial = cursor.optionalQuantity("initialVoltage", .volts, in: Self.volts)
    let noise = cursor.optionalObject("noise").map { PhysicalNoise($0, isLeaky: isLeaky) }
    if let threshold, let reset, threshold <= reset {
      cursor.fail(
        "physical.threshold",
        problem: "the threshold is not above the reset, so neurons would fire in every tick",
        found: "threshold \(threshold) V, reset \(reset) V")
    }
    guard let name, let size, let model, let capacitance, let threshold, let reset,
      !isLeaky || (conductance != nil && reversal != nil), model != .cubalif || synapse != nil
    else { return nil }
    self.name = name
    self.size = size
    self.model = model
    self.capacitance = capacitance
    leakConductance = conductance
    leakReversal = reversal ?? 0
    self.threshold = threshold
    self.reset = reset
    self.refractory = refractory
    initialVoltage = initial ?? reversal ?? reset
    synapticTimeConstant = synapse
    self.noise = noise
    dt = dynamics.dt
    refractoryTicks = (refractory / dynamics.dt).rounded()
  }

  private static let volts = -1e3...1e3

  /// The population in the equations of `Population`.
  ///
  /// A synaptic weight in amperes is the height of the current's jump: i ← i + J. With
  /// i ← i + f(τ_syn)·(w_in·x − i) that is w_in = 1/f(τ_syn).
  func population(_ dynamics: Dynamics) -> Population {
    func all(_ value: Double) -> [Double] { [Double](repeating: value, count: size) }
    let tau = leakConductance.map { capacitance / $0 }
    var population = Population(
      name: name, shape: [size], model: modelName, tau: tau.map(all),
      r: all(leakConductance.map { 1 / $0 } ?? dynamics.dt / capacitance), leak: all(leakReversal),
      synapse: synapticTimeConstant.map {
        Population.Synapse(tau: all($0), weight: all(1 / dynamics.fraction(of: $0)))
      },
      firing: Population.Firing(
        threshold: all(threshold), reset: all(reset), refractory: all(refractory)),
      initial: all(initialVoltage), physical: Population.Physical(capacitance: capacitance))
    population.noise = noise.map { $0.noise(leakPerTick: tau.map(dynamics.fraction(of:)) ?? 0) }
    return population
  }

  private var modelName: String {
    switch model {
    case .lif: "LIF"
    case .integrateAndFire: "IF"
    case .cubalif: "CubaLIF"
    }
  }

  var manifestEntry: FidelityManifest.Entry {
    let rounded = refractoryTicks * dt
    if abs(rounded - refractory) <= 1e-6 * dt {
      return .init(node: name, type: modelName, fidelity: .exact)
    }
    return .init(
      node: name, type: modelName, fidelity: .approximated,
      note: "refractory \(formatQuantity(refractory, unit: "s")) is \(Int(refractoryTicks)) ticks, "
        + formatQuantity(rounded, unit: "s"))
  }
}
