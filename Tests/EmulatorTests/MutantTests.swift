import ChipModel
import FixedPoint
import Observations
import ProgramImage
import ReferenceModel
import Testing

/// The comparison of TwinTests bites: with any one rule of the page changed in the twin, emulator and twin disagree
/// on some of the same random programs. So the same mistake in the emulator would show in the same way.
@Suite struct MutantTests {
  static let mutants: [Mutant] = [
    Mutant("axon counts do not saturate") { $0.countsSaturate = false },
    Mutant("delay one tick longer") { $0.addedDelay = 1 },
    Mutant("accumulator does not saturate") { $0.accumulatorSaturates = false },
    Mutant("window one tick longer") { $0.addedWindow = 1 },
    Mutant("leak and retained swapped") { $0.decayOf = { $0 == .leak ? .retained : .leak } },
    Mutant("decay floors where it should ceil") { $0.decayRounding = { $0 == .ceil ? .floor : $0 } },
    Mutant("decay rounds away from zero instead of toward it") {
      $0.decayRounding = { $0 == .towardZero ? .awayFromZero : $0 }
    },
    Mutant("decay floors where it should round to even") {
      $0.decayRounding = { $0 == .nearestEven ? .floor : $0 }
    },
    Mutant("stochastic decay floors") { $0.decayRounding = { $0 == .stochastic ? .floor : $0 } },
    Mutant("input always floored") { $0.inputRounding = { _ in .floor } },
    Mutant("wrap and saturate swapped") { $0.overflow = { $0 == .wrap ? .saturate : .wrap } },
    Mutant("input joins the current at the other time") {
      $0.synapseInput = { $0 == .beforeDecay ? .afterDecay : .beforeDecay }
    },
    Mutant("no minimum step") { $0.minimumStepApplies = false },
    Mutant("membrane sees the old current") { $0.membraneSeesNewCurrent = false },
    Mutant("> and >= swapped") {
      $0.comparison = { $0 == .greater ? .greaterOrEqual : .greater }
    },
    Mutant("subtracting reset takes the value") { $0.resetMode = { _ in .toValue } },
    Mutant("refractory one tick longer") { $0.addedRefractory = 1 },
    Mutant("one spike per tick more") { $0.addedSpikesPerTick = 1 },
    Mutant("noise registers wait for inactive neurons") { $0.registerStepsAlways = false },
    Mutant("membrane noise from the lower bits") { $0.membraneTakesUpperBits = false },
    Mutant("threshold noise lowers the threshold") { $0.thresholdNoiseRaises = false },
    Mutant("kick upwards") { $0.kickSign = -1 },
    Mutant("kick after the floor") { $0.kickStopsAtFloor = false },
    Mutant("held neurons are kicked") { $0.heldNeuronsAreKicked = true },
    Mutant("rows take the time of stored synapses where of columns, and the other way") {
      $0.rows = { $0 == .columns ? .stored : .columns }
    },
    Mutant("activity takes no time") { $0.activityTakesTime = false },
    Mutant("spikes take no time") { $0.spikesTakeTime = false },
    Mutant("a barrier takes the same time for every number of cores") { $0.barrierGrowsWithCores = false },
    Mutant("groups one neuron larger") { $0.addedGroup = 1 },
    Mutant("injection queue one entry deeper") { $0.addedQueue = 1 },
    Mutant("y before x") { $0.yBeforeX = true },
    Mutant("credits one cycle later") { $0.addedCreditCycles = 1 },
    Mutant("arbiter pointer stays at the winner") { $0.pointerStep = 0 },
    Mutant("port order ignored") { $0.portOrderApplies = false },
    Mutant("a multicast flit's slot is free at the first grant") { $0.slotIsFreeAtLastGrant = false },
    Mutant("a copy is delivered once per core") { $0.everyAxonIsDelivered = false },
    Mutant("partial sums are multicast") { $0.partialsAreMulticast = true },
    Mutant("a stall is counted though there is a credit") { $0.stallsNeedMissingCredit = false },
    Mutant("late packets treated the other way") {
      $0.latePacket = { $0 == .drop ? .nextTick : .drop }
    },
  ]

  @Test(arguments: mutants)
  func mutantIsCaught(mutant: Mutant) throws {
    #expect(try mutant.isCaught(by: RandomProgram.make, seeds: 300))
  }
}
