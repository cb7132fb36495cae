import NetworkFormats
import NetworkIR
import Observations
import ReferenceModel
import Testing

/// The bundled networks were trained and run with snnTorch; their output spikes are the proof that a file is
/// read right and that the float64 network does what its author's tool did.
@Suite struct GoldenSpikesTests {
  struct Case: Sendable, CustomStringConvertible {
    var network: String
    var spikes: String
    var correct: Int
    var outputSpikes: Int
    var description: String { network }
  }

  static let cases = [
    Case(
      network: "docs/examples/digits/digits.nir", spikes: "docs/examples/digits/test.npz", correct: 438,
      outputSpikes: 7301),
    Case(
      network: "digits_r1.nir", spikes: "docs/examples/digits/test.npz", correct: 438, outputSpikes: 7301),
    Case(
      network: "digits_rec_flat.nir", spikes: "digits_rec_test.npz", correct: 433, outputSpikes: 7140),
    Case(
      network: "digits_rec_flat_r1.nir", spikes: "digits_rec_test.npz", correct: 433, outputSpikes: 7140),
    Case(
      network: "digits_rec_subgraph.nir", spikes: "digits_rec_test.npz", correct: 433, outputSpikes: 7140),
    Case(
      network: "digits_snntorch.nir", spikes: "docs/examples/digits/test.npz", correct: 438,
      outputSpikes: 7301),
    Case(
      network: "digits_conv_avgpool.nir", spikes: "digits_conv_test.npz", correct: 432, outputSpikes: 6578),
    Case(
      network: "digits_conv_sumpool.nir", spikes: "digits_conv_test.npz", correct: 432, outputSpikes: 6578),
    Case(
      network: "digits_conv_snntorch.nir", spikes: "digits_conv_test.npz", correct: 432, outputSpikes: 6578),
  ]

  private func path(_ name: String) throws -> String {
    name.contains("/") ? Fixtures.repository(name) : try Fixtures.golden(name)
  }

  @Test(arguments: cases) func outputSpikesAreEqual(_ test: Case) throws {
    let imported = try NetworkFile.read(path(test.network))
    let input = try SpikeFile.read(path(test.spikes), dt: 1e-4)
    let golden = try #require(NumpyArchive.read(path(test.spikes))["out_spikes"])
    let activity = FloatNetwork(imported.network).run(input)

    let classes = activity.classes()
    let labels = try #require(input.labels)
    #expect(zip(classes, labels).filter { $0 == $1 }.count == test.correct)
    #expect(activity.outputTotal == Double(test.outputSpikes))

    let population = imported.network.outputs[0].population
    let first = imported.network.populations[..<population].reduce(0) { $0 + $1.size }
    let channels = golden.shape[2]
    var mine = [Int](repeating: 0, count: golden.count)
    for event in activity.spikes.events where (first..<first + channels).contains(Int(event.channel)) {
      mine[(Int(event.sample) * golden.shape[1] + Int(event.tick)) * channels + Int(event.channel) - first] +=
        1
    }
    let theirs = try #require(golden.integers)
    #expect(zip(mine, theirs).filter { $0 != $1 }.count == 0)
  }

  @Test func recurrentNetworkHasOneFeedbackProjection() throws {
    let imported = try NetworkFile.read(Fixtures.golden("digits_rec_flat.nir"))
    let feedback = imported.network.projections.filter(\.isFeedback)
    #expect(feedback.map(\.path) == [["l1.lif", "l1.w_rec", "l1.lif"]])
    #expect(feedback.map(\.delayTicks) == [1])
    #expect(
      imported.manifest.readings.contains {
        $0.name == "feedbackEdges" && $0.value.hasPrefix("l1.lif → l1.w_rec")
      })
  }

  @Test(arguments: [(Dynamics.ResetMode.subtract, 0.98), (.zero, 0.9733)])
  func resetModesAreReadAsAsked(reset: Dynamics.ResetMode, accuracy: Double) throws {
    let imported = try NetworkFile.read(
      Fixtures.repository("docs/examples/digits/digits.nir"), options: ImportOptions(reset: reset))
    let input = try SpikeFile.read(Fixtures.repository("docs/examples/digits/test.npz"), dt: 1e-4)
    let classes = FloatNetwork(imported.network).run(input).classes()
    let correct = zip(classes, try #require(input.labels)).filter { $0 == $1 }.count
    #expect(abs(Double(correct) / 450 - accuracy) < 1e-4)
  }
}
