import ChipModel
import Observations

extension FlatWorker {
  /// Step 1, as `ChipState.enterInputs`: only what is the part's.
  mutating func enter(
    _ input: ArraySlice<SpikeTrains.Event>, tick: Int, _ events: inout Chip.Energy.Events
  ) {
    // Taken out, so that it is not asked for each event who else has it.
    guard !input.isEmpty, var ring = ring.take() else { return }
    if tables.chip.input == .edge {
      enterEdge(input, tick: tick, &ring, &events)
    } else {
      enterRing(input, tick: tick, &ring, &events)
    }
    self.ring = ring
  }

  /// The host writes one axon after the other.
  private mutating func enterRing(
    _ input: ArraySlice<SpikeTrains.Event>, tick: Int, _ ring: inout Ring, _ events: inout Chip.Energy.Events
  ) {
    let slots = tables.slots
    let now = tick % slots
    let channels = tables.inputs.begin.count &- 1
    var core = cores.lowerBound
    var ofCore: UInt64 = 0
    for event in input where Int(event.channel) < channels {
      let channel = Int(event.channel)
      for i in Int(tables.inputs.begin[channel])..<Int(tables.inputs.begin[channel &+ 1]) {
        let send = tables.inputs.sends[i]
        guard cores.contains(Int(send.core)) else { continue }
        if Int(send.core) != core {
          coreCounters[core &- cores.lowerBound].inputEvents &+= ofCore
          events.inputEvents &+= ofCore
          core = Int(send.core)
          ofCore = 0
        }
        ofCore &+= UInt64(event.count)
        let slot = now &+ Int(send.delay)
        ring.addSpikes(
          Int(event.count), at: send.place, core: core, slot: slot < slots ? slot : slot &- slots)
      }
    }
    coreCounters[core &- cores.lowerBound].inputEvents &+= ofCore
    events.inputEvents &+= ofCore
  }

  /// Packets at router 0, which are where they go to at once.
  private mutating func enterEdge(
    _ input: ArraySlice<SpikeTrains.Event>, tick: Int, _ ring: inout Ring, _ events: inout Chip.Energy.Events
  ) {
    for event in input where Int(event.channel) < tables.inputs.begin.count - 1 {
      let channel = Int(event.channel)
      let spikes = UInt64(event.count)
      for i in Int(tables.inputs.begin[channel])..<Int(tables.inputs.begin[channel + 1]) {
        let send = tables.inputs.sends[i]
        if number == 0 {
          events.hops += UInt64(inputHops[i].all) * spikes
          events.verticalHops += UInt64(inputHops[i].vertical) * spikes
        }
        for k in 0..<send.count {
          let destination = tables.packets.destination(k, of: send)
          let core = Int(destination.core)
          guard cores.contains(core) else { continue }
          ring.addSpikes(
            Int(event.count), axon: Int(destination.target), core: core,
            slot: (tick + Int(send.delay)) % tables.slots)
          events.inputEvents += spikes
          coreCounters[core - cores.lowerBound].inputEvents += spikes
          events.deliveries += spikes
          coreCounters[core - cores.lowerBound].deliveries += spikes
        }
      }
    }
  }
}
