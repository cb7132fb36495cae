/// The schemes of the published scripts, which are machines of their own: their spike times are not those of the
/// differential equation, and no step size was meant to be reduced.
public enum IzhikevichScript {
  /// The scheme of 2003: 1 ms per step, the potential in two halves of 0.5 ms, then the recovery with the new potential. A
  /// step begins with the test `v ≥ v_peak`, which counts a spike in this millisecond and resets.
  ///
  /// Starts at v = −65, u = b v, in millisecond 1.
  ///
  /// **Source:** E. M. Izhikevich, IEEE Trans. Neural Networks 14 (2003) 1569, the MATLAB program.
  /// - Returns: the milliseconds of the spikes, 1…`steps`.
  public static func spikes2003(_ model: Izhikevich, current: Double, steps: Int) -> [Int] {
    var v = -65.0
    var u = model.sensitivity * v
    var spikes: [Int] = []
    for millisecond in stride(from: 1, through: steps, by: 1) {
      if v >= model.peak {
        spikes.append(millisecond)
        v = model.resetPotential
        u += model.recoveryJump
      }
      for _ in 0..<2 { v += 0.5 * model.derivative(of: NeuronState(v, u, 0, 0), current: current)[0] }
      u += model.derivative(of: NeuronState(v, u, 0, 0), current: current)[1]
    }
    return spikes
  }

  /// The scheme of 2004: Euler steps, the recovery with the new potential; `v > v_peak` after a step is a spike at
  /// the time at which the step began.
  ///
  /// **Source:** E. M. Izhikevich, IEEE Trans. Neural Networks 15 (2004) 1063, the MATLAB program.
  /// - Returns: the numbers of the steps that spiked; times are these, times `scriptStep`.
  public static func spikes2004(_ pattern: IzhikevichPattern) -> [Int] {
    var (v, u) = (pattern.start[0], pattern.start[1])
    let model = pattern.model
    var spikes: [Int] = []
    for step in 0...Int((pattern.duration / pattern.scriptStep).rounded()) {
      let current = pattern.scriptCurrent(at: Double(step) * pattern.scriptStep)
      v += pattern.scriptStep * model.derivative(of: NeuronState(v, u, 0, 0), current: current)[0]
      u += pattern.scriptStep * model.derivative(of: NeuronState(v, u, 0, 0), current: current)[1]
      if v > model.peak {
        spikes.append(step)
        v = model.resetPotential
        u += model.recoveryJump
      }
    }
    return spikes
  }
}

extension IzhikevichPattern {
  /// The current of a step that begins at `time`. At a corner it is still the piece before, unless the new piece
  /// brings the background back: the conditions of the script exclude both ends of a pulse.
  fileprivate func scriptCurrent(at time: Double) -> Double {
    var current = background
    for piece in self.current.pieces {
      let returns = piece.value == background && piece.slope == 0
      guard piece.start < time || piece.start == time && (returns || time == 0) else { break }
      current = piece.value + piece.slope * (time - piece.start)
    }
    return current
  }
}
