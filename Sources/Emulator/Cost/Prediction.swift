import Diagnostics
import Observations

/// How long a run will take, told before it begins.
///
/// How many spikes a program will fire is not known beforehand. So a pilot runs the first ticks of it, for about 50 ms and at
/// least one tick: if whole samples fit into that, samples spread evenly over the run, else the first ticks of the first
/// sample. What its ticks did (all of the whole samples, or the later half of the ticks) is taken to go on. The model makes
/// seconds of it, and the pilot's own time against the model's says by how much this machine, this build or a kind of
/// neuron that the model does not know is slower.
///
/// **Edge cases:** a network whose activity changes after the pilot takes as much longer or shorter.
public struct Prediction: Sendable, Equatable {
  /// Processor time of all samples, by the model alone.
  public var modelSeconds: Double
  /// The pilot's time divided by what the model says of it.
  public var pace: Double
  /// Ticks of the pilot, and samples that it ran from the first tick to the last.
  public var pilotTicks: Int
  public var wholeSamples: Int

  /// Processor time of all samples.
  public var seconds: Double { modelSeconds * pace }

  /// Seconds that a pilot takes, and one tick more at most.
  public static let budget = 0.05
}

extension Emulator {
  /// Predicts `run` with the same input and options; nil where there is nothing to run.
  ///
  /// - Throws: what the run would throw.
  public func predict(
    _ input: SpikeTrains, options: RunOptions, model: CostModel = .measured
  ) throws(Failure) -> Prediction? {
    var trial = Trial(Pilot(self, input, ticks: options.ticks), samples: options.samples)
    try trial.run()
    return trial.prediction(samples: options.samples, model)
  }
}

/// A pilot within its budget.
private struct Trial {
  private var pilot: Pilot
  private let order: [Int]
  /// What was run at a time, and how many of these belong to whole samples.
  private var pieces: [(work: Work, seconds: Double)] = []
  private var wholePieces = 0
  private var wholeSamples = 0
  private let sampleTicks: Int

  init(_ pilot: Pilot, samples: Int) {
    self.pilot = pilot
    sampleTicks = pilot.sampleTicks
    order = Trial.spread(samples)
  }

  /// The first of up to 64 samples that lie evenly in the run, the ends of which are the first in the order.
  private static func spread(_ samples: Int) -> [Int] {
    let count = min(samples, 64)
    let even = (0..<count).map { $0 * samples / count }
    // Bits reversed, so that however few are run lie far apart.
    return (0..<64).map { Int(UInt8($0 << 2).reversedBits) }.filter { $0 < count }.map { even[$0] }
  }

  mutating func run() throws(Failure) {
    var left = Prediction.budget
    for sample in order where left > 0 {
      pilot.begin(sample: sample)
      var ticks = 1
      while left > 0, pilot.ticksLeft > 0 {
        let piece = try pilot.run(ticks: ticks)
        pieces.append(piece)
        left -= piece.seconds
        let ran = max(piece.work[.tick], 1)
        // Twice as many next, or what is left of the budget.
        let room = left * ran / max(piece.seconds, 1e-9)
        ticks = max(1, Int(min(room, 2 * ran)))
      }
      if pilot.ticksLeft == 0 {
        wholePieces = pieces.count
        wholeSamples += 1
      }
    }
  }

  func prediction(samples: Int, _ model: CostModel) -> Prediction? {
    guard !pieces.isEmpty else { return nil }
    // The very first tick finds nothing in the caches.
    let timed = pieces.count > 1 ? pieces.dropFirst() : pieces[...]
    let modelled = timed.reduce(0) { $0 + model.seconds($1.work) }
    let work = typical()
    guard modelled > 0, work[.tick] > 0 else { return nil }
    let ticks = Double(samples * sampleTicks)
    return Prediction(
      modelSeconds: model.seconds(work) / work[.tick] * ticks,
      pace: timed.reduce(0) { $0 + $1.seconds } / modelled,
      pilotTicks: Int(pieces.reduce(0) { $0 + $1.work[.tick] }), wholeSamples: wholeSamples)
  }

  /// What is taken to go on.
  private func typical() -> Work {
    if wholePieces > 0 { return pieces[..<wholePieces].reduce(Work()) { $0 + $1.work } }
    let all = pieces.reduce(0) { $0 + $1.work[.tick] }
    var sum = Work()
    for piece in pieces.reversed() where sum[.tick] * 2 < all { sum = sum + piece.work }
    return sum
  }
}

extension UInt8 {
  fileprivate var reversedBits: UInt8 {
    (0..<8).reduce(0) { $0 | (self >> UInt8($1) & 1) << UInt8(7 - $1) }
  }
}
