/// The counters and their names in the file.
extension RunRecord.Counters {
  static var fields: [(name: String, path: WritableKeyPath<Self, UInt64>)] {
    [
      ("spikes", \.spikes), ("splitter_spikes", \.splitterSpikes), ("input_events", \.inputEvents),
      ("poisson_events", \.poissonEvents),
      ("packets", \.packets), ("partial_packets", \.partialPackets), ("delivered", \.delivered),
      ("hops", \.hops),
      ("axon_saturations", \.axonSaturations), ("accumulator_saturations", \.accumulatorSaturations),
      ("synapse_overflows", \.synapseOverflows), ("state_overflows", \.stateOverflows),
      ("floor_clamps", \.floorClamps), ("register_saturations", \.registerSaturations),
      ("lost_spikes", \.lostSpikes), ("late_packets", \.latePackets), ("dropped_packets", \.droppedPackets),
      ("overrun_ticks", \.overrunTicks), ("overrun_cycles", \.overrunCycles), ("cycles", \.cycles),
    ]
  }
}

extension RunRecord.CoreCounters {
  static var fields: [(name: String, path: WritableKeyPath<Self, UInt64>)] {
    [
      ("row_reads", \.rowReads), ("synaptic_operations", \.synapticOperations),
      ("neuron_updates", \.neuronUpdates), ("neuron_activities", \.neuronActivities), ("spikes", \.spikes),
      ("packets", \.packets),
      ("deliveries", \.deliveries), ("input_events", \.inputEvents), ("ticks", \.ticks),
      ("busy_cycles", \.busyCycles), ("frozen_cycles", \.frozenCycles),
      ("micro_adds", \.microAdds), ("micro_multiplies", \.microMultiplies),
      ("micro_compares", \.microCompares), ("micro_look_ups", \.microLookUps),
    ]
  }
}
