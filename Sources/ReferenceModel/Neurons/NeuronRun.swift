import Foundation

/// How exactly and how far a neuron is integrated.
public struct NeuronIntegration: Sendable {
  /// Error of a step relative to each variable, and to its scale where the variable is smaller than that.
  public var tolerance: Double
  public var duration: Double
  /// The run ends after this many spikes.
  public var mostSpikes: Int
  /// The run ends after this many steps: an explicit method needs very many where a time constant is tiny.
  public var mostSteps = 2_000_000
  /// Distance of the samples of the trace; nil: no trace.
  public var sampleEvery: Double?

  public init(
    duration: Double, tolerance: Double = 1e-10, mostSpikes: Int = 1_000_000, sampleEvery: Double? = nil
  ) {
    self.tolerance = tolerance
    self.duration = duration
    self.mostSpikes = mostSpikes
    self.sampleEvery = sampleEvery
  }
}

/// Spike times and, if wanted, a sampled trace of one neuron under a given current.
public struct NeuronRun: Sendable {
  public enum End: Sendable, Equatable {
    case complete
    case spikeLimit
    /// `mostSteps` were not enough.
    case stepLimit
    /// The state left the range of numbers at this time.
    case diverged(at: Double)
  }

  public private(set) var spikeTimes: [Double] = []
  public private(set) var sampleTimes: [Double] = []
  /// For plots: between the steps the states are interpolated by cubics.
  public private(set) var samples: [NeuronState] = []
  public private(set) var end = End.complete
}

extension NeuronModel {
  /// Integrates from `start` under `current`.
  ///
  /// Dormand–Prince 5(4) with adaptive steps, which never cross a corner of the current or the end of a
  /// refractory period. A step over the threshold is taken again, with the length at which it ends on the
  /// threshold (Illinois' rule on the step length), so that a spike time is as exact as the steps are.
  public func run(
    from start: NeuronState, current: InputCurrent, _ integration: NeuronIntegration
  ) -> NeuronRun {
    var run = NeuronRun()
    let corners = current.pieces.dropFirst().map(\.start) + [integration.duration]
    var piece = current.pieces.first ?? InputCurrent.Piece(from: 0, value: 0)
    var rest = current.pieces.dropFirst()[...]
    var scales = NeuronState(repeating: 1)
    for (lane, variable) in Self.form.variables.enumerated() { scales[lane] = variable.scale }
    var (t, y) = (0.0, start)
    var h = integration.duration * 1e-6
    var heldUntil = -Double.infinity
    var steps = 0
    var corner = corners.startIndex

    func slope(_ time: Double, _ state: NeuronState, held: Bool) -> NeuronState {
      let input = piece.value + piece.slope * (time - piece.start)
      var slope = derivative(of: state, current: input)
      if held { slope[0] = 0 }
      return slope
    }
    run.sample(integration, upTo: 0, from: (t, y, .zero), to: (t, y, .zero), inclusive: true)
    while t < integration.duration {
      while corner < corners.count - 1, corners[corner] <= t {
        corner += 1
        piece = rest.removeFirst()
      }
      let isHeld = t < heldUntil
      var target = min(corners[corner], integration.duration)
      if isHeld { target = min(target, heldUntil) }
      var k1 = slope(t, y, held: isHeld)
      var before = distanceToThreshold(y)
      // Smooth from here to the target.
      while t < target {
        steps += 1
        guard steps < integration.mostSteps else { return run.ended(.stepLimit) }
        let isLast = h >= target - t
        let length = isLast ? target - t : h
        let step = DormandPrinceStep(from: y, k1, at: t, by: length) { slope($0, $1, held: isHeld) }
        let bound =
          integration.tolerance
          * scales.replacing(
            with: step.state.magnitudes, where: step.state.magnitudes .> scales)
        let errors = step.error.magnitudes / bound
        // Not a number where the step led out of the model's range; then it is taken again, much shorter.
        let error = errors.sum().isFinite ? errors.max() : .nan
        guard error <= 1 else {
          h = length * (error.isFinite ? max(0.2, 0.9 * pow(error, -0.2)) : 0.1)
          guard t + h > t else { return run.ended(.diverged(at: t)) }
          continue
        }
        let after = distanceToThreshold(step.state)
        let next = isLast ? target : t + length
        if !isHeld, before < 0, after >= 0 {
          let spike = crossing(from: (t, y, k1), by: length, before, after) { slope($0, $1, held: false) }
          run.spiked(at: t + spike.length)
          if Self.form.resets {
            run.sample(
              integration, upTo: t + spike.length, from: (t, y, k1),
              to: (t + spike.length, spike.step.state, spike.step.slope), inclusive: false)
            t += spike.length
            y = reset(spike.step.state)
            if refractoryPeriod > 0 { heldUntil = t + refractoryPeriod }
            guard run.spikeTimes.count < integration.mostSpikes else { return run.ended(.spikeLimit) }
            break
          }
          guard run.spikeTimes.count < integration.mostSpikes else { return run.ended(.spikeLimit) }
        }
        run.sample(
          integration, upTo: next, from: (t, y, k1), to: (next, step.state, step.slope), inclusive: true)
        (t, y, k1, before) = (next, step.state, step.slope, after)
        if !isLast || error > 0.5 { h = length * min(5, max(0.2, 0.9 * pow(max(error, 1e-10), -0.2))) }
      }
    }
    return run
  }

  /// The length of the step from `origin` that ends on the threshold, given the distances at both ends of a longer one.
  private func crossing(
    from origin: (t: Double, y: NeuronState, k: NeuronState), by length: Double, _ before: Double,
    _ after: Double, _ slope: (Double, NeuronState) -> NeuronState
  ) -> (length: Double, step: DormandPrinceStep) {
    var (low, lowValue, high, highValue) = (0.0, before, length, after)
    var best = DormandPrinceStep(from: origin.y, origin.k, at: origin.t, by: length, slope)
    var movedHigh: Bool?
    // Every third try halves, so that the steep flank of a spike cannot hold the search up.
    for round in 0..<200 where high - low > max(2 * high.ulp, origin.t.ulp / 4) && highValue > 0 {
      let share = round % 3 == 2 ? 0.5 : -lowValue / (highValue - lowValue)
      let middle = min(max(low + (high - low) * share, low.nextUp), high.nextDown)
      let step = DormandPrinceStep(from: origin.y, origin.k, at: origin.t, by: middle, slope)
      let value = distanceToThreshold(step.state)
      guard value.isFinite else { break }
      if value >= 0 {
        (high, highValue, best) = (middle, value, step)
        if movedHigh == true { lowValue /= 2 }
        movedHigh = true
      } else {
        (low, lowValue) = (middle, value)
        if movedHigh == false { highValue /= 2 }
        movedHigh = false
      }
    }
    return (high, best)
  }
}

extension NeuronRun {
  mutating func spiked(at time: Double) { spikeTimes.append(time) }

  mutating func sampled(at time: Double, _ state: NeuronState) {
    sampleTimes.append(time)
    samples.append(state)
  }

  func ended(_ end: End) -> NeuronRun {
    var run = self
    run.end = end
    return run
  }

  /// Adds the samples that fall into a step.
  fileprivate mutating func sample(
    _ integration: NeuronIntegration, upTo end: Double, from a: (t: Double, y: NeuronState, k: NeuronState),
    to b: (t: Double, y: NeuronState, k: NeuronState), inclusive: Bool
  ) {
    guard let distance = integration.sampleEvery else { return }
    while true {
      let time = Double(sampleTimes.count) * distance
      guard time < end || inclusive && time == end else { return }
      sampleTimes.append(time)
      let h = b.t - a.t
      let s = h > 0 ? (time - a.t) / h : 1
      let (p, q) = (1 - s, s)
      let ends: (Double, Double) = (p * p * (1 + 2 * q), q * q * (1 + 2 * p))
      let slopes: (Double, Double) = (h * p * p * q, h * p * q * q)
      let values = ends.0 * a.y + ends.1 * b.y
      samples.append(values + (slopes.0 * a.k - slopes.1 * b.k))
    }
  }
}

extension NeuronState {
  /// Absolute values.
  var magnitudes: NeuronState { replacing(with: -self, where: self .< 0) }
}
