import ChipModel
import Observations
import ProgramImage

extension PlainChip.SampleRun {
  /// §1: one tick. Returns the rows whose spikes are recorded, ascending.
  mutating func tick(
    _ tick: Int, entering events: [SpikeTrains.Event]
  ) -> [Int] {
    entered = entered.map { _ in 0 }
    for event in events {
      enter(channel: Int(event.channel), count: Int(event.count), tick: tick)
    }
    var fired: [Int] = []
    for core in cores.indices {
      if let perEvent = image.chip.timing.perEvent {
        fired += takeEvents(core: core, tick: tick, perEvent)
      } else {
        fired += compute(core: core, tick: tick)
      }
    }
    let cycles = runCycles(tick: tick)
    counters.cycles += UInt64(cycles)
    for core in cores.indices {
      coreCounters[core].ticks += 1
      coreCounters[core].busyCycles += UInt64(cores[core].emission.idle ?? 0)
      coreCounters[core].frozenCycles += UInt64(cores[core].emission.frozen)
    }
    return fired
  }

  /// §3 for one core: integrate, update, kick; the packets are handed to §4. Returns the rows whose spikes are
  /// recorded.
  private mutating func compute(core: Int, tick: Int) -> [Int] {
    let (accumulators, fullAxons) = integrate(core: core, tick: tick)
    let first = firstRow(of: core)
    var outcomes: [Outcome?] = []
    var packets: [[PlainChip.Packet]] = []
    var times: [Int] = []
    var fired: [Int] = []
    for n in accumulators.indices {
      var emitted: [PlainChip.Packet] = []
      var outcome: Outcome?
      var hasWork = false
      let isActive = isActive(row: first + n, tick: tick)
      stepRegister(core: core, isActive: isActive)
      if isActive {
        hasWork = self.hasWork(core: core, neuron: n, accumulator: accumulators[n])
        if hasWork { coreCounters[core].neuronActivities += 1 }
        if image.neurons.kind[first + n] == ProgramImage.NeuronKind.partial.rawValue {
          if accumulators[n] != 0 {
            emitted = self.packets(ofRow: first + n, value: accumulators[n], tick: tick)
          }
        } else if let entry = programEntries[first + n] {
          outcome = runProgram(entry: entry, core: core, neuron: n, accumulator: accumulators[n])
        } else if let additive = image.chip.additive {
          outcome = updateAdditive(
            additive, core: core, neuron: n, accumulator: accumulators[n], tick: tick)
        } else {
          outcome = update(core: core, neuron: n, accumulator: accumulators[n], tick: tick)
        }
      }
      for _ in 0..<(outcome?.spikes ?? 0) {
        emitted += self.packets(ofRow: first + n, value: nil, tick: tick)
        coreCounters[core].spikes += 1
        if image.neurons.kind[first + n] == ProgramImage.NeuronKind.splitter.rawValue {
          counters.splitterSpikes += 1
        } else {
          counters.spikes += 1
          fired.append(first + n)
        }
      }
      outcomes.append(outcome)
      packets.append(emitted)
      times.append(updateCycles(ofRow: first + n, hasWork: hasWork, spikes: outcome?.spikes ?? 0))
    }
    kick(core: core, outcomes: outcomes)
    begin(
      core: core, packets: packets, times: times,
      integrateCycles: integrateCycles(core: core, fullAxons: fullAxons))
    return fired
  }

  // MARK: - §6

  /// Runs cycles 0 … K − 1; returns the cycles of the tick.
  private mutating func runCycles(tick: Int) -> Int {
    var cycle = 0
    switch image.chip.timing.tick {
    case .barrier(let barrierCycles):
      repeat {
        runCycle(cycle, tick: tick)
        cycle += 1
      } while !allIdle || !isQuiet
      for credit in pending {
        switch credit.event {
        case .outputCredit(let router, let output): routers[router].outputCredits[output] += 1
        case .injectionCredit(let router): routers[router].injectionCredits += 1
        case .flit, .delivery: preconditionFailure("a barrier tick ended with a flit under way")
        }
      }
      pending = []
      return cycle + barrier(barrierCycles)
    case .period(let period, _):
      repeat {
        runCycle(cycle, tick: tick)
        cycle += 1
      } while cycle < period || !allIdle
      if cycle > period {
        counters.overrunTicks += 1
        counters.overrunCycles += UInt64(cycle - period)
      }
      return cycle
    }
  }

  private var allIdle: Bool { cores.allSatisfy { $0.emission.idle != nil } }

  /// No packet in a queue, in a FIFO or under way.
  private var isQuiet: Bool {
    edgeQueue.isEmpty && cores.allSatisfy { $0.queue.isEmpty }
      && routers.allSatisfy { $0.inputs.allSatisfy { $0.isEmpty } }
      && pending.allSatisfy { $0.isCredit }
  }
}
