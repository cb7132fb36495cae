import Diagnostics
import Foundation
import NetworkFormats
import NetworkIR
import Observations
import ReferenceModel
import Testing

/// Networks that others have published, read in place: set RHEOBASE_SHARED_DATA to the folder that holds
/// `nir_public`. They are not part of this repository.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["RHEOBASE_SHARED_DATA"] != nil))
struct PublicNetworksTests {
  private func path(_ name: String) -> String {
    (ProcessInfo.processInfo.environment["RHEOBASE_SHARED_DATA"] ?? "") + "/nir_public/" + name
  }

  /// The spikes that nine tools got from one neuron; those that step by forward Euler agree with ours exactly.
  @Test(arguments: ["exact", "norse", "nengo", "snntorch", "spinnaker2"]) func oneNeuron(tool: String) throws
  {
    let rows = try String(contentsOfFile: path("lif_\(tool).csv"), encoding: .utf8).split(separator: "\n")
      .map { $0.split(separator: ",").compactMap { Double($0) } }
    let input = SpikeTrains(
      samples: 1, ticks: rows.count, channels: 1,
      events: rows.indices.filter { rows[$0][0] != 0 }.map {
        .init(sample: 0, tick: Int32($0), channel: 0, count: UInt8(rows[$0][0]))
      })
    let network = try NetworkFile.read(path("lif_norse.nir")).network
    let mine = FloatNetwork(network).run(input).spikes.events.map { Int($0.tick) }
    #expect(mine == rows.indices.filter { rows[$0][2] != 0 })
    #expect(mine == [460, 510, 710, 760])
  }

  @Test(arguments: [("braille_bias_zero.nir", [38, 7]), ("braille_nobias_subtract.nir", [40, 7])])
  func recurrentCuba(name: String, sizes: [Int]) throws {
    let imported = try NetworkFile.read(path(name))
    #expect(imported.network.populations.map(\.size) == sizes)
    #expect(imported.network.populations.map(\.model) == ["CubaLIF", "CubaLIF"])
    #expect(imported.network.projections.filter(\.isFeedback).count == 1)
    #expect(imported.warnings.map(\.id) == ["nir.missingReset", "nir.missingReset"])
  }

  @Test func selfSpikingPair() throws {
    let network = try NetworkFile.read(path("two_lif_neurons.nir")).network
    let silence = SpikeTrains(samples: 1, ticks: 1000, channels: 1, events: [])
    #expect(FloatNetwork(network).run(silence).spikes.total > 0)
  }

  @Test func spikingConvolutions() throws {
    let network = try NetworkFile.read(path("cnn_sinabs.nir")).network
    #expect(
      network.populations.map(\.shape) == [[16, 16, 16], [16, 16, 16], [8, 8, 8], [256], [10]])
    #expect(network.inputs.map(\.shape) == [[2, 34, 34]])
  }
}
