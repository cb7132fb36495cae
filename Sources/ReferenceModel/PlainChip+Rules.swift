import ChipModel
import FixedPoint
import ProgramImage

extension PlainChip {
  /// The page's rules where a reader could plausibly get one wrong. The defaults are the page; tests change one at
  /// a time and show that random programs notice, so that agreement between twin and emulator means something.
  package struct Rules: Sendable {
    // §2
    package var countsSaturate = true
    package var addedDelay = 0
    // §3.1
    package var accumulatorSaturates = true
    package var addedWindow = 0
    // §3.2
    package var decayOf: @Sendable (Chip.LeakyDatapath.DecayOf) -> Chip.LeakyDatapath.DecayOf = { $0 }
    package var decayRounding: @Sendable (Rounding) -> Rounding = { $0 }
    package var inputRounding: @Sendable (Rounding) -> Rounding = { $0 }
    package var overflow: @Sendable (Overflow) -> Overflow = { $0 }
    package var minimumStepApplies = true
    package var synapseInput: @Sendable (Chip.LeakyDatapath.SynapseInput) -> Chip.LeakyDatapath.SynapseInput =
      {
        $0
      }
    /// Whether v sees u after this tick's update.
    package var membraneSeesNewCurrent = true
    package var comparison: @Sendable (Chip.LeakyDatapath.Comparison) -> Chip.LeakyDatapath.Comparison = {
      $0
    }
    package var resetMode: @Sendable (ProgramImage.ResetMode) -> ProgramImage.ResetMode = { $0 }
    package var addedRefractory = 0
    package var addedSpikesPerTick = 0
    /// Whether a register moves on for inactive neurons too.
    package var registerStepsAlways = true
    /// Whether the membrane takes the upper bits of the noise word.
    package var membraneTakesUpperBits = true
    package var thresholdNoiseRaises = true
    // §3.3
    package var kickSign = 1
    package var kickStopsAtFloor = true
    package var heldNeuronsAreKicked = false
    // §3.5
    package var programRounding = Rounding.nearestEven
    package var scratchIsCleared = true
    package var flagIsClearedPerPass = true
    package var flagIsRespected = true
    package var firesAtEquality = true
    // §3.6
    package var leakOrderApplies = true
    package var leakHasSignOfPotential = true
    package var stochasticLeakApplies = true
    package var negativeComparison:
      @Sendable (Chip.Additive.NegativeComparison) -> Chip.Additive.NegativeComparison = { $0 }
    package var saturationApplies = true
    package var thresholdNoiseLowersNegative = true
    package var thresholdNoiseIsSubtracted = true
    package var negativeResetChangesSign = true
    // §3.7
    package var eventsKeepTheirOrder = true
    package var timeReferenceComesLast = true
    package var unmappedNeuronsAreTested = true
    package var floorComesBeforeThreshold = true
    package var leakStopsAtZero = true
    package var unusedColumnsTakeTime = true
    package var spikesTakeTime = true
    package var inputsTakeTime = true
    // §4
    package var rows: @Sendable (Chip.Timing.Work.Rows) -> Chip.Timing.Work.Rows = { $0 }
    package var activityTakesTime = true
    package var barrierGrowsWithCores = true
    package var everyAxonTakesTime = true
    /// Whether a group takes as long as the slowest of its neurons, not as the first.
    package var slowestNeuronCounts = true
    package var addedGroup = 0
    package var addedQueue = 0
    // §5
    package var yBeforeX = false
    package var addedCreditCycles = 0
    /// How far behind the winner an arbiter's pointer comes to stand.
    package var pointerStep = 1
    package var portOrderApplies = true
    // §4 and §5.2, multicast and observation
    package var partialsAreMulticast = false
    /// Whether a slot's credit returns when the last output has served its flit, not the first.
    package var slotIsFreeAtLastGrant = true
    /// Whether a copy is delivered to every axon that it names, not to the first only.
    package var everyAxonIsDelivered = true
    package var stallsNeedMissingCredit = true
    // §6
    package var latePacket: @Sendable (Chip.Timing.LatePacket) -> Chip.Timing.LatePacket = { $0 }

    package init() {}
  }
}
