import ChipModel
import Quantities
import Testing

/// Loihi's energy against the figures that were published with it.
@Suite struct LoihiEnergyTests {
  /// All 131,072 neurons of the chip for one step: 6.82 uJ at rest, 10.6 uJ active (table 2 of Davies 2018, times the
  /// number of neurons).
  @Test(arguments: [(active: false, published: 6.82e-6), (active: true, published: 10.6e-6)])
  func aStepOfTheWholeChip(active: Bool, published: Double) throws {
    let chip = try Chip.load("loihi1-davies2018", directories: [BundledChips.directory])
    let neurons = UInt64(chip.mesh.width * chip.mesh.height * chip.core.neurons)
    #expect(neurons == 131_072)
    var events = Chip.Energy.Events(neuronUpdates: neurons)
    events.neuronActivities = active ? neurons : 0
    let joules = chip.energy.tickJoules(events, clock: chip.timing.clock)
    print(
      "Loihi, one step of \(neurons) \(active ? "active" : "inactive") neurons: account "
        + "\(formatQuantity(joules, unit: "J")), published \(formatQuantity(published, unit: "J"))")
    #expect(abs(joules / published - 1) < 0.002)
  }

  /// A hop north or south is the dearer one.
  @Test func aHopAlongYCostsMore() throws {
    let chip = try Chip.load("loihi1-davies2018", directories: [BundledChips.directory])
    var events = Chip.Energy.Events(hops: 10)
    let along = chip.energy.tickJoules(events, clock: 1)
    events.verticalHops = 10
    #expect(abs(along - 30e-12) < 1e-20)
    #expect(abs(chip.energy.tickJoules(events, clock: 1) - 40e-12) < 1e-20)
  }

  /// Neither is demanded, and neither is shown where a file does not have it.
  @Test func theyAreOptional() throws {
    let tessera = try BundledChips.tessera()
    #expect(!tessera.energy.components.contains { $0.isOptional })
    let given = try BundledChips.tessera([("energy.verticalHop", "{value: '1 pJ', source: 'a test'}")])
    #expect(given.energy.components.filter(\.isOptional) == [.verticalHop])
    #expect(try Chip.parse(text: given.resolvedText, place: "t").energy == given.energy)
  }
}
