import ChipModel
import Observations

/// Step 1 of a tick: inputs go into the ring or wait at the edge, docs/emulator-semantics.md §2.
extension ChipState {
  mutating func enterInputs(_ input: ArraySlice<SpikeTrains.Event>, tick: Int) {
    if input.isEmpty { return }
    inputEnd = tick + tables.slots
    let cores = 0..<tables.coreCount
    if tables.chip.input != .edge {
      tables.enterRing(input, tick: tick, cores: cores, &ring, &coreCounters, &events)
    } else if let ideal {
      tables.enterAtOnce(
        input, tick: tick, cores: cores, ideal, &ring, &coreCounters, &events)
    } else {
      enterEdge(input, tick: tick)
    }
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
}

// Of some of the cores, in ascending order from one on; so are the counters.
extension Tables {
  /// The host writes axons' counts.
  func enterRing(
    _ input: ArraySlice<SpikeTrains.Event>, tick: Int, cores: Range<Int>, _ ring: inout Ring,
    _ counters: inout [RunRecord.CoreCounters], _ events: inout Chip.Energy.Events
  ) {
    let now = tick % slots
    let channels = inputs.begin.count &- 1
    var core = cores.lowerBound
    var ofCore: UInt64 = 0
    func count() {
      if ofCore == 0 { return }
      counters[core &- cores.lowerBound].inputEvents &+= ofCore
      events.inputEvents &+= ofCore
      ofCore = 0
    }
    for event in input where Int(event.channel) < channels {
      let channel = Int(event.channel)
      for i in Int(inputs.begin[channel])..<Int(inputs.begin[channel &+ 1]) {
        let send = inputs.sends[i]
        guard cores.contains(Int(send.core)) else { continue }
        // The host writes one axon after the other.
        if Int(send.core) != core {
          count()
          core = Int(send.core)
        }
        ofCore &+= UInt64(event.count)
        let slot = now &+ Int(send.delay)
        ring.addSpikes(
          Int(event.count), at: send.place, core: core, slot: slot < slots ? slot : slot &- slots)
      }
    }
    count()
  }

  /// Packets at router 0 which, with an ideal mesh, are where they go to at once. Hops are counted with the first core.
  func enterAtOnce(
    _ input: ArraySlice<SpikeTrains.Event>, tick: Int, cores: Range<Int>, _ ideal: PerChip<IdealTables>,
    _ ring: inout Ring,
    _ counters: inout [RunRecord.CoreCounters], _ events: inout Chip.Energy.Events
  ) {
    for event in input where Int(event.channel) < inputs.begin.count - 1 {
      let channel = Int(event.channel)
      let spikes = UInt64(event.count)
      for i in Int(inputs.begin[channel])..<Int(inputs.begin[channel + 1]) {
        let send = inputs.sends[i]
        if cores.lowerBound == 0 {
          events.hops += UInt64(ideal.value.inputHops[i].all) * spikes
          events.verticalHops += UInt64(ideal.value.inputHops[i].vertical) * spikes
        }
        for k in 0..<send.count {
          let destination = packets.destination(k, of: send)
          let core = Int(destination.core)
          guard cores.contains(core) else { continue }
          ring.addSpikes(
            Int(event.count), axon: Int(destination.target), core: core,
            slot: (tick + Int(send.delay)) % slots)
          events.inputEvents += spikes
          events.deliveries += spikes
          counters[core - cores.lowerBound].inputEvents += spikes
          counters[core - cores.lowerBound].deliveries += spikes
        }
      }
    }
  }
}
