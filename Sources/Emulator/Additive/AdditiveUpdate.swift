import ChipModel
import FixedPoint
import ProgramImage

/// Step 3 of a tick on a chip of the datapath additive: docs/emulator-semantics.md §3.6.
extension CoreState {
  // Everything stays below 2^33: registers have at most 30 bits, noise and accumulators 24.
  mutating func update<Noise: NoiseRule>(
    _ core: Int, _ time: TickTime, _ tables: Tables, _ additive: AdditiveTables, _ noise: inout Noise,
    _ fired: inout [Int32], _ senders: inout [Sender]
  ) -> UpdateCounts {
    let rules = tables.rules
    let begin = tables.neuronBegin[core]
    let takesOther = tables.takesPartials[core] || tables.poissonBegin[core] < tables.poissonBegin[core + 1]
    var counts = UpdateCounts()

    for row in begin..<tables.neuronBegin[core + 1] {
      let code = tables.codes[row]
      noise.advance()
      var neuron = neurons[row]
      var a = Int64(crossbarSum[row &- begin])
      if takesOther {
        a &+= otherSum[row &- begin]
        otherSum[row &- begin] = 0
      }
      neuron.outcome = .none
      defer { neurons[row] = neuron }
      guard Tables.isActive(code, time.tick, time.inputTicks) else { continue }
      counts.updates &+= 1
      a = rules.accumulator.fitted(a, &counts.accumulatorSaturations)
      if code.kind == ProgramImage.NeuronKind.partial.rawValue {
        counts.activities &+= a != 0 ? 1 : 0
        if a != 0 && code.hasRoutes {
          senders.append(sender(row, begin, tables, value: Int32(truncatingIfNeeded: a)))
        }
        continue
      }

      counts.activities &+= a | Int64(neuron.v | neuron.u | code.bias) != 0 ? 1 : 0

      let own = additive.codes[row]
      let word = noise.word(row)
      let charged = rules.membrane.fitted(Int64(neuron.v) &+ a, &counts.stateOverflows)
      var leak = Int64(code.bias)
      if own.leak.contains(.stochastic) {
        leak = abs(leak) >= Int64(word &>> additive.leakShift) ? leak.signum() : 0
      }
      if own.leak.contains(.reversed) { leak &*= charged.signum() }
      var newV = rules.membrane.fitted(charged &+ leak, &counts.stateOverflows)
      neuron.outcome = .quiet
      if code.kind != ProgramImage.NeuronKind.potential.rawValue {
        let tested = own.leak.contains(.late) ? charged : newV
        let eta = noise.threshold(row, word)
        if tested > code.limit &+ eta {
          switch own.resetMode {
          case .toValue: newV = Int64(code.reset)
          case .subtract:
            newV = rules.membrane.fitted(newV &- Int64(code.reset) &- eta, &counts.stateOverflows)
          case .nonReset: break
          }
          neuron.outcome = .fired
          neuron.spikes = 1
          counts.spikes &+= 1
          if code.kind == ProgramImage.NeuronKind.splitter.rawValue { counts.splitterSpikes &+= 1 }
          fired.append(Int32(truncatingIfNeeded: row))
          if code.hasRoutes { senders.append(sender(row, begin, tables, value: 0)) }
        } else if own.saturates {
          if tested < own.negativeLimit {
            newV = 0 &- own.negative
            counts.floorClamps &+= 1
          }
        } else if tested < own.negativeLimit &- eta {
          switch own.resetMode {
          case .toValue:
            newV = rules.membrane.fitted(0 &- Int64(code.reset), &counts.stateOverflows)
          case .subtract:
            newV = rules.membrane.fitted(newV &+ own.negative &+ eta, &counts.stateOverflows)
          case .nonReset: break
          }
        }
      }
      neuron.v = Int32(truncatingIfNeeded: newV)
    }
    return counts
  }
}
