import Documents
import NetworkIR

/// `noise` of a population, and stimuli that are random currents.
///
/// ```
/// noise.membrane σ      standard deviation of V without threshold: each tick adds a step of σ·√(1 − (1 − f)²)
/// noise.threshold       standard deviation of the threshold, drawn anew in every tick
/// whiteNoise            I(t) with ⟨I I′⟩ = S² δ, S = deviation·√step: each tick adds a step of f·r·S/√dt
/// ```
/// f is the part of V that leaks per tick (`Dynamics.fraction`).
struct PhysicalNoise {
  private let membrane: Double?
  private let threshold: Double?

  init(_ cursor: Cursor, isLeaky: Bool) {
    membrane = cursor.optionalQuantity("membrane", .volts, in: 0...1e3)
    threshold = cursor.optionalQuantity("threshold", .volts, in: 0...1e3)
    if membrane != nil, !isLeaky {
      cursor.any("membrane")?.fail(
        "physical.noise", problem: "has no meaning without a leak: the potential wanders ever farther",
        expected: "model lif or cubalif", remedy: "Give a whiteNoise stimulus into the population")
    }
    if !cursor.has("membrane"), !cursor.has("threshold") {
      cursor.fail("physical.noise", problem: "acts on nothing", expected: "membrane, threshold or both")
    }
  }

  func noise(leakPerTick f: Double) -> Population.Noise {
    let kept = 1 - f
    return Population.Noise(
      step: (membrane ?? 0) * max(1 - kept * kept, 0).squareRoot(), threshold: threshold ?? 0)
  }

  /// S in A·√s; nil after the problem has been reported.
  static func whiteNoise(_ cursor: Cursor, dynamics: Dynamics) -> Double? {
    for other in ["current", "poisson", "ornsteinUhlenbeck"] where cursor.has(other) {
      cursor.fail(
        "physical.stimulus", problem: "a stimulus is one of a current, a Poisson drive and a random current",
        expected: "current, poisson with weight, whiteNoise or ornsteinUhlenbeck")
      return nil
    }
    guard let noise = cursor.optionalObject("whiteNoise") else { return nil }
    let deviation = noise.quantity("deviation", .amperes, in: 0...PhysicalWeight.largest)
    let step = noise.optionalQuantity("step", .seconds, in: 1e-9...1e3) ?? dynamics.dt
    return deviation.map { $0 * step.squareRoot() }
  }

  static func ornsteinUhlenbeck(_ cursor: Cursor, into target: Int?) -> Stimulus? {
    let range = -PhysicalWeight.largest...PhysicalWeight.largest
    let mean = cursor.optionalQuantity("mean", .amperes, in: range) ?? 0
    let deviation = cursor.quantity("deviation", .amperes, in: 0...PhysicalWeight.largest)
    let time = cursor.quantity("timeConstant", .seconds, in: 1e-9...1e3)
    guard let target, let deviation, let time else { return nil }
    return Stimulus(
      target: target, kind: .ornsteinUhlenbeck(mean: mean, deviation: deviation, timeConstant: time))
  }
}

extension Population {
  /// Adds white noise of intensity S (A·√s) to the membrane.
  mutating func addWhiteNoise(intensity: Double, _ dynamics: Dynamics) {
    guard let resistance = r.first else { return }
    let fraction = tau?.first.map(dynamics.fraction(of:)) ?? 1
    let step = fraction * resistance * intensity / dynamics.dt.squareRoot()
    let before = noise ?? Noise()
    noise = Noise(step: (before.step * before.step + step * step).squareRoot(), threshold: before.threshold)
  }
}
