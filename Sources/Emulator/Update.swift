import ChipModel
import FixedPoint
import ProgramImage

/// Which fraction the decay code names; chosen once per run, so the loop has no test for it.
protocol DecayRule {
  /// D(y, d, k) of docs/emulator-semantics.md §3.2; `factor` is `NeuronCodes.decay`.
  static func decayed(_ y: Int64, _ factor: Int64, _ k: Int64, _ rules: Rules, draw: UInt32) -> Int64
}

/// `y − L`, `L = R(y · d / 2^k)`, at least `minimumStep` in size unless y is smaller.
enum LeakDecay: DecayRule {
  @inline(__always)
  static func decayed(_ y: Int64, _ factor: Int64, _ k: Int64, _ rules: Rules, draw: UInt32) -> Int64 {
    let leak = rules.decayDivider.divide(y &* factor, k, draw: draw)
    if abs(leak) < rules.minimumStep {
      return y &- y.signum() &* min(rules.minimumStep, abs(y))
    }
    return y &- leak
  }
}

/// `R(y · (2^k − d) / 2^k)`.
enum RetainedDecay: DecayRule {
  @inline(__always)
  static func decayed(_ y: Int64, _ factor: Int64, _ k: Int64, _ rules: Rules, draw: UInt32) -> Int64 {
    rules.decayDivider.divide(y &* factor, k, draw: draw)
  }
}

/// What an update counts.
struct UpdateCounts: Sendable {
  var accumulatorSaturations: UInt64 = 0
  var synapseOverflows: UInt64 = 0
  var stateOverflows: UInt64 = 0
  var floorClamps: UInt64 = 0
  var updates: UInt64 = 0
  /// Of these, with something to compute.
  var activities: UInt64 = 0
  /// Updates that were left out, because they would have changed nothing.
  var resting: UInt64 = 0
  var spikes: UInt64 = 0
  /// Of these, splitters'.
  var splitterSpikes: UInt64 = 0
  // Neurons with programs.
  var registerSaturations: UInt64 = 0
  var lostSpikes: UInt64 = 0
  var operations = Chip.Energy.Operations()
}

/// Step 3 of a tick: docs/emulator-semantics.md §3.2.
extension ChipState {
  /// Updates a core's neurons in ascending order; who fired is in `fired`, who sends in `senders`.
  mutating func update(core: Int, tick: Int, inputTicks: Int) {
    let time = TickTime(sample: sample, tick: tick, inputTicks: inputTicks)
    let counts: UpdateCounts
    if let tables = noise, tables.value.isUsed[core] {
      var noise = CoreNoise(tables: tables, time: time, register: noiseRegisters[core])
      counts = update(core, time, &noise)
      noiseRegisters[core] = noise.register
    } else {
      var noise = NoNoise()
      counts = update(core, time, &noise)
    }
    counters.accumulatorSaturations += counts.accumulatorSaturations
    counters.synapseOverflows += counts.synapseOverflows
    counters.stateOverflows += counts.stateOverflows
    counters.floorClamps += counts.floorClamps
    counters.splitterSpikes += counts.splitterSpikes
    coreCounters[core].neuronUpdates += counts.updates
    coreCounters[core].spikes += counts.spikes
    coreCounters[core].neuronActivities += counts.activities
    events.neuronUpdates += counts.updates
    events.neuronActivities += counts.activities
    events.spikes += counts.spikes
    restingUpdates += counts.resting
    if !tables.micro.isEmpty { add(counts, core: core) }
  }

  private mutating func update<Noise: NoiseRule>(
    _ core: Int, _ time: TickTime, _ noise: inout Noise
  ) -> UpdateCounts {
    if let additive {
      return cores.update(core, time, tables, additive, &noise, &fired, &senders)
    }
    var counts = UpdateCounts()
    for segment in tables.lanes.begin[core]..<tables.lanes.begin[core + 1] {
      let segment = tables.lanes.segments[segment]
      if segment.isLane {
        cores.updateLanes(segment, core: core, time, tables, &counts, &fired, &senders)
      } else if tables.rules.retained {
        cores.update(segment.rows, core, time, tables, RetainedDecay.self, &noise, &counts, &fired, &senders)
      } else {
        cores.update(segment.rows, core, time, tables, LeakDecay.self, &noise, &counts, &fired, &senders)
      }
    }
    return counts
  }
}

/// Which tick of which sample.
struct TickTime: Sendable {
  var sample: UInt32
  var tick: Int
  var inputTicks: Int
}

extension CoreState {
  // No product or sum below overflows Int64: |y| < 2^25, factors ≤ 2^32; |a| < 2^24, gain ≤ 2^16, shift ≤ 15.
  @inline(__always)
  fileprivate mutating func update<Decay: DecayRule, Noise: NoiseRule>(
    _ rows: Range<Int>, _ core: Int, _ time: TickTime, _ tables: Tables, _: Decay.Type, _ noise: inout Noise,
    _ counts: inout UpdateCounts, _ fired: inout [Int32], _ senders: inout [Sender]
  ) {
    let rules = tables.rules
    let allCodes = tables.codes
    let codes = allCodes.span
    let begin = tables.neuronBegin[core]
    let takesOther = tables.takesOther(core)

    for row in rows {
      let code = codes[row]
      noise.advance()
      guard let a = arrived(row, begin, code, takesOther, time, tables, &counts, &senders) else { continue }
      var neuron = neurons[row]
      defer { neurons[row] = neuron }
      if code.kind == NeuronCodes.programmed {
        counts.activities &+= 1
        if run(row: row, &neuron, code, a, tables, &counts) {
          neuron.spikes = 1
          spike(row, begin, code, tables, &fired, &senders)
        }
        continue
      }

      counts.activities &+= a | Int64(neuron.v | neuron.u | code.bias) != 0 ? 1 : 0
      let word = noise.word(row)
      var drawV: UInt32 = 0
      var drawU: UInt32 = 0
      if rules.decayDivider.needsDraw {
        let index = UInt32(truncatingIfNeeded: row)
        let tick = UInt32(truncatingIfNeeded: time.tick)
        drawV = CounterRandom.draw(
          seed: rules.seed, sample: time.sample, tick: tick, index: index, .membraneLeak)
        drawU = CounterRandom.draw(
          seed: rules.seed, sample: time.sample, tick: tick, index: index, .synapseLeak)
      }
      let scaled = a &* Int64(code.gain)
      let shift = Int64(code.inputShift)
      let x = shift >= 0 ? rules.inputDivider.divide(scaled, shift, draw: 0) : scaled &<< (0 &- shift)
      let gathered =
        rules.inputFirst
        ? rules.synapse.fitted(Int64(neuron.u) &+ x, &counts.synapseOverflows) : Int64(neuron.u)
      var newU = Decay.decayed(
        gathered, code.synapseDecay, Int64(code.synapseDecayExponent), rules, draw: drawU)
      if !rules.inputFirst { newU = rules.synapse.fitted(newU &+ x, &counts.synapseOverflows) }
      var drive = newU &+ Int64(code.bias) &+ noise.membrane(row, word)
      if let register = rules.drive { drive = register.fitted(drive, &counts.stateOverflows) }
      let decayedV = Decay.decayed(
        Int64(neuron.v), code.decay, Int64(code.decayExponent), rules, draw: drawV)
      var newV = rules.membrane.fitted(decayedV &+ drive, &counts.stateOverflows)
      if newV < Int64(code.floor) {
        newV = Int64(code.floor)
        counts.floorClamps &+= 1
      }

      neuron.outcome = .quiet
      if code.kind != ProgramImage.NeuronKind.potential.rawValue {
        let limit = code.limit &+ noise.threshold(row, word)
        if neuron.refractory > 0 {
          if !code.subtracts { newV = Int64(code.reset) }
          neuron.refractory &-= 1
          neuron.outcome = .held
        } else if newV > limit {
          neuron.refractory = code.refractory
          neuron.outcome = .fired
          neuron.spikes = 0
          repeat {
            newV = code.subtracts ? newV &- Int64(code.reset) : Int64(code.reset)
            neuron.spikes &+= 1
            counts.spikes &+= 1
            if code.kind == ProgramImage.NeuronKind.splitter.rawValue { counts.splitterSpikes &+= 1 }
            spike(row, begin, code, tables, &fired, &senders)
          } while neuron.spikes < rules.spikesPerTick && code.firesAgain && newV > limit
        }
      }
      neuron.v = Int32(truncatingIfNeeded: newV)
      neuron.u = Int32(truncatingIfNeeded: newU)
    }
  }
}

extension CoreState {
  /// What both datapaths do first with a neuron: a, or nil where it is done with, because it is inactive or a partial neuron
  /// that has sent its sum.
  @inline(__always)
  mutating func arrived(
    _ row: Int, _ begin: Int, _ code: NeuronCodes, _ takesOther: Bool, _ time: TickTime, _ tables: Tables,
    _ counts: inout UpdateCounts, _ senders: inout [Sender]
  ) -> Int64? {
    var a = Int64(crossbarSum[row &- begin])
    if takesOther {
      a &+= otherSum[row &- begin]
      otherSum[row &- begin] = 0
    }
    neurons.outcome[row] = NeuronState.Outcome.none.rawValue
    guard Tables.isActive(code, time.tick, time.inputTicks) else { return nil }
    counts.updates &+= 1
    a = tables.rules.accumulator.fitted(a, &counts.accumulatorSaturations)
    guard code.kind == ProgramImage.NeuronKind.partial.rawValue else { return a }
    counts.activities &+= a != 0 ? 1 : 0
    if a != 0 && code.hasRoutes {
      senders.append(sender(row, begin, tables, value: Int32(truncatingIfNeeded: a)))
    }
    return nil
  }
}

/// Notes that a neuron has fired, and that it sends.
@inline(__always)
func spike(
  _ row: Int, _ begin: Int, _ code: NeuronCodes, _ tables: Tables, _ fired: inout [Int32],
  _ senders: inout [Sender]
) {
  fired.append(Int32(truncatingIfNeeded: row))
  if code.hasRoutes { senders.append(sender(row, begin, tables, value: 0)) }
}

@inline(__always)
func sender(_ row: Int, _ begin: Int, _ tables: Tables, value: Int32) -> Sender {
  Sender(
    row: Int32(truncatingIfNeeded: row),
    group: Int32(truncatingIfNeeded: (row - begin) / tables.neuronsPerCycle), value: value)
}
