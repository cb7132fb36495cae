import ChipModel
import NetworkIR

/// What leaves `applyPhysics`: the same network on membranes with their whole capacitance.
struct PhysicalNetwork: Sendable {
  var legal: LegalNetwork
  var parasitics: Parasitics
  /// `comparator` on a digital chip, whose membranes have no capacitance.
  var circuit: Chip.Electrical.Circuit
  /// Parallel to `legal.populations`.
  var membranes: [Membrane]
}

/// How the capacitances of a column act on one population. Potentials in the network's own unit.
struct Membrane: Sendable {
  /// Farad; nil on a chip without `electrical`.
  var capacitance: CapacitanceBudget?
  /// λ that acts, per neuron, after the leak DAC.
  var decay: [Double]
  /// What the leak DAC was asked for: λ before its code was rounded.
  var decayWanted: [Double]
  /// λ that would act if the leak DAC had no steps.
  var decayUncoded: [Double]
  /// c that acts.
  var constant: [Double]
  var initialCurrent: [Double]
  /// Ratio of the step that arrives to the step that was sent, ≤ 1.
  var gain: [Double]
  /// Whether weights and thresholds are to be chosen so that `gain` cancels.
  var compensatesGain: Bool
  /// Value that v takes on reset, with what the reset switch leaves behind.
  var reset: [Double]
  /// Taken off v when a neighbouring column resets.
  var kick: [Double]
  /// Lowest v, or nil where only the register limits it.
  var floor: [Double]?
  /// Volt per network unit; nil on a digital chip.
  var voltsPerUnit: Double?
}
