import Diagnostics
import Observations

extension Emulator {
  /// Runs one sample once more and notes what its routers and cores do.
  ///
  /// A run of its own: nothing of it is in a record, and `run` is as fast as without it. Memory grows with the packets and
  /// cycles in which something moves.
  ///
  /// - Parameters:
  ///   - input: as for `run`.
  ///   - sample: number of the sample, which decides its input and its draws.
  ///   - ticks: input ticks T.
  ///
  /// The mesh must be the chip's: an ideal one has no routers.
  public func waveform(_ input: SpikeTrains, sample: Int, ticks: Int) throws(Failure) -> Waveform {
    precondition(ideal == nil, "an ideal mesh has no waveform")
    var chip = chip()
    chip.recordsTrace = true
    chip.mesh.recordsGrants = true
    let ranges = input.ranges()
    var events = (sample < ranges.count ? input.events[ranges[sample]] : [])[...]
    let mesh = image.chip.mesh
    var waveform = Waveform(
      sample: sample, clock: image.chip.timing.clock, meshWidth: mesh.width, meshHeight: mesh.height,
      coreX: image.cores.x, coreY: image.cores.y, hasEdgeQueue: image.chip.input == .edge)
    chip.begin(sample: sample)
    for tick in 0..<ticks + image.drainTicks {
      let now = events.prefix { tick < ticks && Int($0.tick) == tick }
      events = events.dropFirst(now.count)
      waveform.tickBegin.append(chip.clock)
      let begin = chip.clock
      _ = try chip.step(tick: tick, inputTicks: ticks, input: now)
      chip.appendPhases(from: begin, to: &waveform)
    }
    waveform.end = chip.clock
    chip.appendFills(to: &waveform)
    chip.appendOccurrences(to: &waveform)
    return waveform
  }
}

extension ChipState {
  /// Beginning and end of the work of each core in the tick that began in cycle `begin` (§4).
  fileprivate func appendPhases(from begin: Int, to waveform: inout Waveform) {
    func append(_ core: Int, _ cycle: Int, _ phase: Waveform.Phase) {
      waveform.changes.append(.init(cycle: cycle, level: .phase(core: core), value: phase.rawValue))
    }
    for core in 0..<tables.coreCount {
      append(core, begin, .integrate)
      let work = traffic.state.emitting[core]
      append(core, work.updateBegin, .update)
      append(
        core, work.updateBegin + work.frozen + groups.all(core: core), .idle)
    }
  }

  /// Queues, FIFOs, and frozen updates; brings all changes into order.
  fileprivate func appendFills(to waveform: inout Waveform) {
    var changes = fillTrace.changes.map { change in
      switch change.place {
      case .queue(let core):
        Waveform.Change(cycle: change.cycle, level: .queue(core: core), value: change.value)
      case .edgeQueue: Waveform.Change(cycle: change.cycle, level: .edgeQueue, value: change.value)
      case .fifo(let router, let port):
        Waveform.Change(
          cycle: change.cycle, level: .fifo(router: router, port: port), value: change.value)
      case .frozen(let core):
        Waveform.Change(
          cycle: change.cycle, level: .phase(core: core),
          value: (change.value != 0 ? Waveform.Phase.frozen : .update).rawValue)
      }
    }
    // Of changes in one cycle the last one holds: a core whose last packet enters is idle at once.
    changes += waveform.changes
    waveform.changes = changes.inOrder(of: \.cycle)
  }

  fileprivate func appendOccurrences(to waveform: inout Waveform) {
    var numbers = PacketNumbers()
    let events = traceEvents.map { event in
      let pulse: Waveform.Pulse =
        switch event.kind {
        case .enteredQueue: .entered(core: event.place)
        case .injected: .injected(router: event.place)
        case .delivered: .delivered(core: event.place)
        }
      return Waveform.Occurrence(cycle: event.cycle, pulse: pulse, packet: Int(event.packet))
    }
    let grants = mesh.grants.map {
      Waveform.Occurrence(
        cycle: $0.cycle, pulse: .granted(router: $0.router, output: $0.output), packet: Int($0.packet))
    }
    waveform.occurrences = (events + grants).inOrder(of: \.cycle).map { numbers.renumber($0) }
  }
}

/// Gives each packet a number of its own: those of the pool are used again after a delivery.
private struct PacketNumbers {
  private var number: [Int: Int] = [:]
  /// Pool numbers of packets in the cores' queues. A packet that is injected without having been there is an input
  /// packet of the edge.
  private var queued: Set<Int> = []
  private var next = 0

  mutating func renumber(_ occurrence: Waveform.Occurrence) -> Waveform.Occurrence {
    let place = occurrence.packet
    switch occurrence.pulse {
    case .entered:
      begin(place)
      queued.insert(place)
    case .injected:
      if queued.remove(place) == nil { begin(place) }
    case .granted, .delivered: break
    }
    var occurrence = occurrence
    occurrence.packet = number[place] ?? place
    return occurrence
  }

  private mutating func begin(_ place: Int) {
    number[place] = next
    next += 1
  }
}

extension Array {
  /// Sorted by a key; what has the same key keeps its order.
  fileprivate func inOrder(of key: (Element) -> Int) -> [Element] {
    enumerated().sorted { (key($0.element), $0.offset) < (key($1.element), $1.offset) }.map(\.element)
  }
}
