/// The twenty firing patterns of cortical neurons: parameters, start and stimulus of each panel.
///
/// **Source:** E. M. Izhikevich, IEEE Trans. Neural Networks 15 (2004) 1063, Fig. 1, and its MATLAB script.
public struct IzhikevichPattern: Sendable {
  /// "A".
  public var letter: String
  public var name: String
  public var model: Izhikevich
  public var start: NeuronState
  public var current: InputCurrent
  /// In ms.
  public var duration: Double
  /// Euler step of the paper's script, in ms.
  public var scriptStep: Double

  /// The level from which pulses depart.
  public var background: Double

  /// - Parameter pieces: start in ms and value of each piece of the current.
  private init(
    _ letter: String, _ name: String, _ model: Izhikevich, from start: Double, step: Double,
    duration: Double, _ pieces: [InputCurrent.Piece]
  ) {
    self.letter = letter
    self.name = name
    self.model = model
    self.start = model.steadyState(at: start)
    current = InputCurrent(pieces)
    self.duration = duration
    scriptStep = step
    background = pieces.first?.value ?? 0
  }

  /// All panels, A to T.
  public static let all: [IzhikevichPattern] = tonicAndPhasic + steppedAndPulsed + rebounds + special

  private typealias Piece = InputCurrent.Piece

  /// A step from 0 to `value` at `time`.
  private static func step(_ value: Double, at time: Double) -> [Piece] {
    [Piece(from: 0, value: 0), Piece(from: time, value: value)]
  }

  /// Pulses of equal length and height.
  private static func pulses(
    _ value: Double, at starts: [Double], lasting width: Double, on background: Double = 0
  ) -> [Piece] {
    var pieces = [Piece(from: 0, value: background)]
    for start in starts {
      pieces.append(Piece(from: start, value: value))
      pieces.append(Piece(from: start + width, value: background))
    }
    return pieces
  }

  /// With the polynomial 0.04 v² + 4.1 v + 108 of panels G and L.
  private static func shifted(_ model: Izhikevich) -> Izhikevich {
    var model = model
    model.linear = 4.1
    model.constant = 108
    return model
  }

  private static var tonicAndPhasic: [IzhikevichPattern] {
    [
      Self(
        "A", "tonic spiking", Izhikevich(0.02, 0.2, -65, 6), from: -70, step: 0.25, duration: 100,
        step(14, at: 10)),
      Self(
        "B", "phasic spiking", Izhikevich(0.02, 0.25, -65, 6), from: -64, step: 0.25, duration: 200,
        step(0.5, at: 20)),
      Self(
        "C", "tonic bursting", Izhikevich(0.02, 0.2, -50, 2), from: -70, step: 0.25, duration: 220,
        step(15, at: 22)),
      Self(
        "D", "phasic bursting", Izhikevich(0.02, 0.25, -55, 0.05), from: -64, step: 0.2, duration: 200,
        step(0.6, at: 20)),
      Self(
        "E", "mixed mode", Izhikevich(0.02, 0.2, -55, 4), from: -70, step: 0.25, duration: 160,
        step(10, at: 16)),
      Self(
        "F", "spike frequency adaptation", Izhikevich(0.01, 0.2, -65, 8), from: -70, step: 0.25,
        duration: 85, step(30, at: 8.5)),
    ]
  }

  private static var steppedAndPulsed: [IzhikevichPattern] {
    [
      Self(
        "G", "class 1", shifted(Izhikevich(0.02, -0.1, -55, 6)), from: -60, step: 0.25, duration: 300,
        [Piece(from: 0, value: 0), Piece(from: 30, value: 0, slope: 0.075)]),
      Self(
        "H", "class 2", Izhikevich(0.2, 0.26, -65, 0), from: -64, step: 0.25, duration: 300,
        [Piece(from: 0, value: -0.5), Piece(from: 30, value: -0.5, slope: 0.015)]),
      Self(
        "I", "spike latency", Izhikevich(0.02, 0.2, -65, 6), from: -70, step: 0.2, duration: 100,
        pulses(7.04, at: [10], lasting: 3)),
      Self(
        "J", "subthreshold oscillations", Izhikevich(0.05, 0.26, -60, 0), from: -62, step: 0.25,
        duration: 200, pulses(2, at: [20], lasting: 5)),
      Self(
        "K", "resonator", Izhikevich(0.1, 0.26, -60, -1), from: -62, step: 0.25, duration: 400,
        pulses(0.65, at: [40, 60, 280, 320], lasting: 4)),
      Self(
        "L", "integrator", shifted(Izhikevich(0.02, -0.1, -55, 6)), from: -60, step: 0.25, duration: 100,
        pulses(9, at: [100.0 / 11, 100.0 / 11 + 5, 70, 80], lasting: 2)),
    ]
  }

  private static var rebounds: [IzhikevichPattern] {
    [
      Self(
        "M", "rebound spike", Izhikevich(0.03, 0.25, -60, 4), from: -64, step: 0.2, duration: 200,
        pulses(-15, at: [20], lasting: 5)),
      Self(
        "N", "rebound burst", Izhikevich(0.03, 0.25, -52, 0), from: -64, step: 0.2, duration: 200,
        pulses(-15, at: [20], lasting: 5)),
      Self(
        "O", "threshold variability", Izhikevich(0.03, 0.25, -60, 4), from: -64, step: 0.25, duration: 100,
        pulses(1, at: [10], lasting: 5) + pulses(-6, at: [70], lasting: 5).dropFirst()
          + pulses(1, at: [80], lasting: 5).dropFirst()),
      Self(
        "P", "bistability", Izhikevich(0.1, 0.26, -60, 0), from: -61, step: 0.25, duration: 300,
        pulses(1.24, at: [37.5, 216], lasting: 5, on: 0.24)),
      Self(
        "Q", "depolarizing after-potential", Izhikevich(1, 0.2, -60, -21), from: -70, step: 0.1,
        duration: 50, pulses(20, at: [9], lasting: 2)),
    ]
  }

  /// In panel R the recovery counts from -65 mV, starts at -16 and does not decay; in S and T the current rests at 75.
  private static var special: [IzhikevichPattern] {
    let ramps = [
      Piece(from: 0, value: 0, slope: 1 / 25.0), Piece(from: 200, value: 0),
      Piece(from: 300, value: 0, slope: 4 / 12.5), Piece(from: 312.5, value: 0),
    ]
    let inhibited = [
      Piece(from: 0, value: 80), Piece(from: 50, value: 75), Piece(from: 250, value: 80),
    ]
    var accommodation = Self(
      "R", "accommodation", Izhikevich(0.02, 1, -55, 4), from: -65, step: 0.5, duration: 400, ramps)
    accommodation.model.recoveryOffset = -65
    accommodation.model.recoveryDecay = 0
    accommodation.start = NeuronState(-65, -16, 0, 0)
    var spiking = Self(
      "S", "inhibition-induced spiking", Izhikevich(-0.02, -1, -60, 8), from: -63.8, step: 0.5,
      duration: 350, inhibited)
    var bursting = Self(
      "T", "inhibition-induced bursting", Izhikevich(-0.026, -1, -45, -2), from: -63.8, step: 0.5,
      duration: 350, inhibited)
    spiking.background = 75
    bursting.background = 75
    return [accommodation, spiking, bursting]
  }
}
