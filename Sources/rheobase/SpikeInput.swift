import Diagnostics
import NetworkFormats
import Observations

/// The spikes that a command runs on, cut to the samples and ticks that were asked for.
struct SpikeInput {
  static let input = Option.text(
    "input", argument: "SPIKES",
    help: "spikes to run on: .npz, .npy, .csv, or .h5 with NIRGraphData; needed if the network has inputs")
  static let ticks = Option.integer(
    "ticks", in: 1...10_000_000,
    help: "ticks per sample (default: the input's); beyond the input there are no spikes")
  static let samples = Option.integer(
    "samples", in: 1...10_000_000, help: "run only the first N samples (default: all of the input)")

  static let declarations = [input.declaration, ticks.declaration, samples.declaration]

  /// Most ticks of all samples together; the record holds numbers for each.
  private static let mostTicks = 50_000_000

  /// As given, for reports; empty for a network driven by stimuli alone.
  let path: String
  let trains: SpikeTrains
  let samples: Int
  let ticks: Int

  /// Reads the spike file and compares it with what takes it.
  ///
  /// - Parameters:
  ///   - channels: spike inputs of the network or program; with none, no file is needed but `--ticks` is.
  ///   - nodes: the inputs' names.
  init(_ arguments: Arguments, channels: Int, nodes: [String], dt: Double, subject: String) throws(Failure) {
    if let path = arguments[Self.input] {
      let read = try SpikeFile.read(path, dt: dt, channels: channels, nodes: nodes)
      guard read.channels == channels else {
        throw Failure(
          .badInput,
          Diagnostic(
            "spikes.channels", subject: subject, place: path,
            problem: "the spikes have the wrong number of channels",
            found: "\(read.channels)", expected: "\(channels)",
            remedy: "Give the spike file that belongs to this network"))
      }
      self.path = path
      ticks = arguments[Self.ticks] ?? read.ticks
      samples = min(arguments[Self.samples] ?? read.samples, read.samples)
      trains = read.first(samples: samples, ticks: ticks)
    } else {
      guard channels == 0 else {
        throw Failure(
          .usage,
          Diagnostic(
            "usage.missingInput", subject: subject,
            problem: "the network has spike inputs, but no --input is given",
            expected: "a file with \(channels) channels"))
      }
      guard let ticks = arguments[Self.ticks] else {
        throw Failure(
          .usage,
          Diagnostic(
            "usage.missingTicks", subject: subject, problem: "without --input nothing says how long to run",
            expected: "--ticks N"))
      }
      path = ""
      self.ticks = ticks
      samples = arguments[Self.samples] ?? 1
      trains = SpikeTrains(samples: samples, ticks: ticks, channels: 0, events: [])
    }
    guard samples > 0, ticks > 0, samples <= Self.mostTicks / ticks else {
      let isFiles = !path.isEmpty && !arguments.isGiven(Self.ticks) && !arguments.isGiven(Self.samples)
      throw Failure(
        isFiles ? .badInput : .usage,
        Diagnostic(
          isFiles ? "spikes.runLength" : "usage.runLength", subject: subject,
          place: path.isEmpty ? nil : path,
          problem: "samples times ticks is out of range", found: "\(samples) times \(ticks)",
          expected: "from 1 to \(Self.mostTicks)", remedy: "Give --ticks N or --samples N"))
    }
  }
}

extension SpikeTrains {
  /// The first samples, and of each the first ticks.
  func first(samples: Int, ticks: Int) -> SpikeTrains {
    SpikeTrains(
      samples: samples, ticks: ticks, channels: channels,
      events: events.filter { $0.sample < samples && $0.tick < ticks },
      labels: labels.map { Array($0.prefix(samples)) })
  }
}
