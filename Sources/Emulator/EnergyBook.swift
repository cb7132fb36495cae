import ChipModel
import Observations

// Energy: docs/emulator-semantics.md §9. Events are counted in `Chip.Energy.Events`; what they cost is worked out
// in ChipModel, in a fixed order.

extension Chip.Energy.Events {
  /// Adds the events of a tick, or of another worker.
  mutating func add(_ other: Chip.Energy.Events) {
    rowReads += other.rowReads
    synapticOperations += other.synapticOperations
    neuronUpdates += other.neuronUpdates
    neuronActivities += other.neuronActivities
    verticalHops += other.verticalHops
    operations.add(other.operations)
    spikes += other.spikes
    packets += other.packets
    hops += other.hops
    deliveries += other.deliveries
    inputEvents += other.inputEvents
    coreTicks += other.coreTicks
    cycles += other.cycles
  }
}

extension Chip.Energy.Operations {
  @inline(__always)
  mutating func add(_ other: Chip.Energy.Operations) {
    adds &+= other.adds
    multiplies &+= other.multiplies
    compares &+= other.compares
    lookUps &+= other.lookUps
  }
}

extension RunRecord.Counters {
  /// Takes over what is counted as energy events, of which a splitter's reset is one like any other.
  mutating func take(_ events: Chip.Energy.Events) {
    spikes = events.spikes - splitterSpikes
    inputEvents = events.inputEvents
    packets = events.packets
    delivered = events.deliveries
    hops = events.hops
    cycles = events.cycles
  }

  /// Adds what another worker counted and `take` does not set.
  mutating func add(_ other: RunRecord.Counters) {
    poissonEvents += other.poissonEvents
    partialPackets += other.partialPackets
    axonSaturations += other.axonSaturations
    accumulatorSaturations += other.accumulatorSaturations
    synapseOverflows += other.synapseOverflows
    stateOverflows += other.stateOverflows
    floorClamps += other.floorClamps
    splitterSpikes += other.splitterSpikes
    registerSaturations += other.registerSaturations
    lostSpikes += other.lostSpikes
    latePackets += other.latePackets
    droppedPackets += other.droppedPackets
    overrunTicks += other.overrunTicks
    overrunCycles += other.overrunCycles
  }
}

extension RunRecord.CoreCounters {
  mutating func add(_ other: RunRecord.CoreCounters) {
    rowReads += other.rowReads
    synapticOperations += other.synapticOperations
    neuronUpdates += other.neuronUpdates
    neuronActivities += other.neuronActivities
    spikes += other.spikes
    packets += other.packets
    deliveries += other.deliveries
    inputEvents += other.inputEvents
    ticks += other.ticks
    busyCycles += other.busyCycles
    frozenCycles += other.frozenCycles
    microAdds += other.microAdds
    microMultiplies += other.microMultiplies
    microCompares += other.microCompares
    microLookUps += other.microLookUps
  }
}
