import ChipModel
import Testing

/// `core.synapsesPerNeuron`, which chips without a crossbar have.
@Suite struct SynapseLimitTests {
  @Test func dynapStoresSixtyFour() throws {
    let chip = try Chip.load("dynap-se2", directories: [BundledChips.directory])
    #expect(chip.core.synapsesPerNeuron == 64)
    #expect(try Chip.parse(text: chip.resolvedText, place: "t") == chip)
    #expect(Limits.synapses(ofNeuron: 64, subject: "n", chip: chip) == nil)
    let problem = try #require(Limits.synapses(ofNeuron: 65, subject: "n", chip: chip))
    #expect(problem.id == "limit.synapsesPerNeuron")
    #expect(problem.found == "65")
  }

  /// Without the key a neuron has one per axon, and more where it is split over cores.
  @Test func withoutTheKeyThereIsNone() throws {
    let chip = try BundledChips.tessera()
    #expect(chip.core.synapsesPerNeuron == nil)
    #expect(Limits.synapses(ofNeuron: 4 * chip.core.axons, subject: "n", chip: chip) == nil)
  }
}
