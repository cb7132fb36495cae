import ChipModel
import Diagnostics
import Foundation
import NetworkIR
import ProgramImage

/// The circuit that a neuron of a program stands for, in volts, farads, siemens and amperes: an RC membrane with a
/// comparator and a reset switch, driven by constant currents.
///
/// It is read back from the codes, λ = d/2^k the leak per tick:
/// ```
/// g       = λ·C_total/dt (euler),   −ln(1 − λ)·C_total/dt (exponential)
/// V(code) = V₀ + code/scale · voltsPerUnit
/// I_bias  = C_total/dt · bias/scale · voltsPerUnit   (exponential: times −ln(1 − λ)/λ)
/// ```
/// So a continuous circuit with these values has the rate that the codes mean; the codes' own rate differs by what one
/// test per tick costs (`integerRate`). The membrane leaks towards V₀, the voltage of code 0.
public struct SpiceNeuron: Sendable, Equatable {
  public var capacitance: CapacitanceBudget
  /// Siemens; 0 without leak.
  public var leakConductance: Double
  /// V₀, volt.
  public var leakVoltage: Double
  public var threshold: Double
  /// Where a reset leaves the membrane, its residue included.
  public var reset: Double
  /// What the bias code puts onto the membrane, ampere, and what is added to it.
  public var biasCurrent: Double
  public var addedCurrent: Double
  /// Seconds that the reset switch is closed: the refractory time, or a hundredth of a tick where there is none.
  public var hold: Double
  /// Of the reset switch, ohm.
  public var onResistance: Double

  public var current: Double { biasCurrent + addedCurrent }

  /// τ; infinite without leak.
  public var timeConstant: Double { capacitance.total / leakConductance }

  /// Rate of the circuit in closed form, hertz: the leaky integrator's, or the ramp's without leak. 0 where it never fires.
  public var rate: Double {
    guard leakConductance > 0 else {
      return current > 0 ? 1 / (hold + capacitance.total * (threshold - reset) / current) : 0
    }
    return leakyRate(
      vInfinity: leakVoltage + current / leakConductance, threshold: threshold, reset: reset,
      timeConstant: timeConstant, refractory: hold)
  }

  /// Voltage of the source behind the reset switch. A switch that is closed for `hold` through R_on leaves
  /// e = e^(−hold/(R_on·C_total)) of the distance, so V = (V_r − e·V_θ)/(1 − e) ends at V_r.
  public var resetSource: Double {
    let left = capacitance.resetResidue(onResistance: onResistance, duration: hold)
    return (reset - left * threshold) / (1 - left)
  }
}

extension SpiceNeuron {
  /// - Parameters:
  ///   - voltsPerUnit: 1 for a network in volts, whose code 0 is 0 V. Any other network has its reset at the chip's.
  ///   - added: constant current besides the network's own, ampere.
  ///
  /// Throws for a row that is no leaky integrate-and-fire membrane.
  public init(
    _ image: ProgramImage, row: Int, integrator: Dynamics.Integrator, voltsPerUnit: Double, added: Double,
    subject: String
  ) throws(Failure) {
    let neurons = image.neurons
    func refuse(_ problem: String, _ expected: String) -> Failure {
      Failure(.badInput, Diagnostic("spice.neuron", subject: subject, problem: problem, expected: expected))
    }
    guard let electrical = image.chip.electrical else {
      throw refuse("is on a digital chip and has no membrane", "a program for a chip with `electrical`")
    }
    guard electrical.circuit == .comparator else {
      throw refuse("is an axon hillock, for which there is no deck", "electrical.circuit \"comparator\"")
    }
    guard neurons.fires(row) else { throw refuse("is a readout and never fires", "a neuron that fires") }
    guard neurons.resetMode[row] == ProgramImage.ResetMode.toValue.rawValue else {
      throw refuse("takes its threshold off at a spike", "a program compiled with --reset zero")
    }
    let unit = Double(1 << Int(neurons.decayExponent[row]))
    let leak = Double(neurons.decay[row]) / unit
    guard leak < 1 else { throw refuse("holds nothing over from tick to tick", "a membrane with memory") }
    guard neurons.threshold[row] > neurons.reset[row] else {
      throw refuse("has its threshold at or below its reset", "a threshold above the reset")
    }
    let parts = neurons.capacitance
    capacitance = CapacitanceBudget(
      membrane: parts.membrane[row], node: parts.node[row], crosspoint: parts.crosspoint[row],
      wire: parts.wire[row], coupling: parts.coupling[row])
    let volts = voltsPerUnit / neurons.scale[row]
    let perTick = capacitance.total / image.dt
    let exponential = integrator == .exponential && leak > 0
    let strength = exponential ? -log1p(-leak) / leak : 1
    leakConductance = leak * strength * perTick
    leakVoltage = voltsPerUnit == 1 ? 0 : electrical.swingReset - Double(neurons.reset[row]) * volts
    threshold = leakVoltage + Double(neurons.threshold[row]) * volts
    reset = leakVoltage + Double(neurons.reset[row]) * volts
    biasCurrent = Double(neurons.bias[row]) * volts * strength * perTick
    addedCurrent = added
    hold = neurons.refractory[row] > 0 ? Double(neurons.refractory[row]) * image.dt : image.dt / 100
    onResistance = electrical.reset.onResistance
  }
}
