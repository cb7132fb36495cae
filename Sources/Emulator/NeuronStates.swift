/// One neuron's state.
struct NeuronState: Sendable {
  /// Membrane and synaptic current, integers of `stateBits` bits (one more after v − reset).
  var v: Int32
  var u: Int32
  /// Ticks for which the neuron is still held.
  var refractory: Int32 = 0
  /// What became of it in the tick that was updated last.
  var outcome = Outcome.none
  /// Where it fired: how often, 1 … spikesPerTick, or at most once per event.
  var spikes: UInt16 = 0

  enum Outcome: UInt8, Sendable {
    /// Active, did not fire, may be kicked.
    case quiet = 0
    case fired = 1
    /// Refractory.
    case held = 2
    /// Inactive, or a partial neuron, which has no state.
    case none = 4
  }
}

/// The states of all neurons, an array per field, so that a kernel reads many neurons' potentials at once.
struct NeuronStates: Sendable {
  /// [rows] each.
  var v: [Int32]
  var u: [Int32]
  var refractory: [Int32]
  /// `NeuronState.Outcome`.
  var outcome: [UInt8]
  var spikes: [UInt16]

  /// - Parameters:
  ///   - v: [rows] potentials.
  ///   - u: [rows] synaptic currents.
  init(v: [Int32], u: [Int32]) {
    self.v = v
    self.u = u
    refractory = [Int32](repeating: 0, count: v.count)
    outcome = [UInt8](repeating: NeuronState.Outcome.none.rawValue, count: v.count)
    spikes = [UInt16](repeating: 0, count: v.count)
  }

  @inline(__always) subscript(row: Int) -> NeuronState {
    get {
      NeuronState(
        v: v[row], u: u[row], refractory: refractory[row],
        outcome: NeuronState.Outcome(rawValue: outcome[row]) ?? .none, spikes: spikes[row])
    }
    set {
      v[row] = newValue.v
      u[row] = newValue.u
      refractory[row] = newValue.refractory
      outcome[row] = newValue.outcome.rawValue
      spikes[row] = newValue.spikes
    }
  }

  /// Takes over the states of others of the same number without allocating.
  mutating func copy(_ other: NeuronStates) {
    for row in v.indices {
      v[row] = other.v[row]
      u[row] = other.u[row]
      refractory[row] = other.refractory[row]
      outcome[row] = other.outcome[row]
      spikes[row] = other.spikes[row]
    }
  }
}
