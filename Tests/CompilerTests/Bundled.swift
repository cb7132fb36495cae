import ChipModel
import Compiler
import Emulator
import Foundation
import NetworkFormats
import NetworkIR
import Observations
import ProgramImage
import ReferenceModel
import TestSupport

/// The networks and chips that the repository carries, and one way to run them.
enum Bundled {
  static func tessera(_ overrides: [(path: String, value: String)] = []) throws -> Chip {
    try Chip.load("tessera", directories: [Repository.path("chips")], overrides: overrides)
  }

  struct Case: Sendable, CustomStringConvertible {
    var name: String
    var network: String
    var spikes: String
    var referenceCorrect: Int
    var requiredCorrect: Int
    var description: String { name }

    func imported() throws -> ImportedNetwork {
      try NetworkFile.read(Repository.path(network), options: ImportOptions())
    }
    func input() throws -> SpikeTrains { try SpikeFile.read(Repository.path(spikes), dt: 1e-4) }
  }

  static let digits = Case(
    name: "digits", network: "docs/examples/digits/digits.nir",
    spikes: "docs/examples/digits/test.npz", referenceCorrect: 438, requiredCorrect: 434)
  static let recurrent = Case(
    name: "digits_rec", network: "Tests/NetworkFormatsTests/Golden/digits_rec_flat.nir",
    spikes: "Tests/NetworkFormatsTests/Golden/digits_rec_test.npz", referenceCorrect: 433,
    requiredCorrect: 428)

  static let convolutional = Case(
    name: "digits_conv", network: "Tests/NetworkFormatsTests/Golden/digits_conv_avgpool.nir",
    spikes: "Tests/NetworkFormatsTests/Golden/digits_conv_test.npz", referenceCorrect: 432,
    requiredCorrect: 428)

  static func run(_ compilation: Compilation, _ input: SpikeTrains) throws -> (RunRecord, Activity) {
    let record = try Emulator(compilation.image).run(
      input,
      options: RunOptions(samples: input.samples, ticks: input.ticks, threads: 2, probes: []))
    let scales = compilation.image.outputs.neuron.map { compilation.image.neurons.scale[Int($0)] }
    return (record, record.activity(outputScales: scales))
  }

  /// The chip's spikes in ticks of the sample: (sample, tick, row), sorted, as `PlainIntegerNetwork.run` gives them.
  static func alignedSpikes(_ record: RunRecord) -> [SpikeTrains.Event] {
    record.spikes.events.map { event in
      SpikeTrains.Event(
        sample: event.sample, tick: event.tick - record.layout.start[Int(event.channel)],
        channel: event.channel)
    }.sorted()
  }

  static func correct(_ activity: Activity, _ input: SpikeTrains) -> Int {
    zip(activity.classes(), input.labels ?? []).filter { $0 == $1 }.count
  }
}
