import Observations

/// Step 1 of a tick: inputs go into the ring or wait at the edge, docs/emulator-semantics.md §2.
extension ChipState {
  mutating func enterInputs(_ input: ArraySlice<SpikeTrains.Event>, tick: Int) {
    if input.isEmpty { return }
    inputEnd = tick + tables.slots
    if tables.chip.input == .edge {
      if let ideal { enterIdealEdge(input, tick: tick, ideal) } else { enterEdge(input, tick: tick) }
    } else {
      enterRing(input, tick: tick)
    }
  }

  /// The host writes axons' counts.
  private mutating func enterRing(_ input: ArraySlice<SpikeTrains.Event>, tick: Int) {
    let slots = tables.slots
    let now = tick % slots
    let channels = tables.inputs.begin.count &- 1
    var core = 0
    var ofCore: UInt64 = 0
    for event in input where Int(event.channel) < channels {
      let channel = Int(event.channel)
      for i in Int(tables.inputs.begin[channel])..<Int(tables.inputs.begin[channel &+ 1]) {
        let send = tables.inputs.sends[i]
        let slot = now &+ Int(send.delay)
        // The host writes one axon after the other.
        if Int(send.core) != core {
          countInput(ofCore, core: core)
          core = Int(send.core)
          ofCore = 0
        }
        ofCore &+= UInt64(event.count)
        ring.addSpikes(
          Int(event.count), at: send.place, core: core, slot: slot < slots ? slot : slot &- slots)
      }
    }
    countInput(ofCore, core: core)
  }

  private mutating func countInput(_ spikes: UInt64, core: Int) {
    if spikes == 0 { return }
    events.inputEvents &+= spikes
    coreCounters[core].inputEvents &+= spikes
  }

  /// Packets at router 0, one after the other.
  private mutating func enterEdge(_ input: ArraySlice<SpikeTrains.Event>, tick: Int) {
    for event in input where Int(event.channel) < tables.inputs.begin.count - 1 {
      let channel = Int(event.channel)
      for i in Int(tables.inputs.begin[channel])..<Int(tables.inputs.begin[channel + 1]) {
        let send = tables.inputs.sends[i]
        for _ in 0..<event.count {
          let packet = Packet(send, value: 0, tick: tick, source: -1 - event.channel, born: clock)
          let traffic = traffic.own()
          traffic.appendEdge(Mesh.Flit(traffic.add(packet), send.to))
        }
        for k in 0..<send.count {
          countInput(UInt64(event.count), core: Int(tables.packets.destination(k, of: send).core))
        }
      }
    }
  }

  /// As at the edge, but where they go to at once.
  private mutating func enterIdealEdge(
    _ input: ArraySlice<SpikeTrains.Event>, tick: Int, _ ideal: PerChip<IdealTables>
  ) {
    for event in input where Int(event.channel) < tables.inputs.begin.count - 1 {
      let channel = Int(event.channel)
      let spikes = UInt64(event.count)
      for i in Int(tables.inputs.begin[channel])..<Int(tables.inputs.begin[channel + 1]) {
        let send = tables.inputs.sends[i]
        events.hops += UInt64(ideal.value.inputHops[i].all) * spikes
        events.verticalHops += UInt64(ideal.value.inputHops[i].vertical) * spikes
        events.deliveries += UInt64(send.count) * spikes
        for k in 0..<send.count {
          let destination = tables.packets.destination(k, of: send)
          let core = Int(destination.core)
          ring.addSpikes(
            Int(event.count), axon: Int(destination.target), core: core,
            slot: (tick + Int(send.delay)) % tables.slots)
          countInput(spikes, core: core)
          coreCounters[core].deliveries += spikes
        }
      }
    }
  }
}
