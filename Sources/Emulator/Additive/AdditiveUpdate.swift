import ChipModel
import FixedPoint
import ProgramImage

/// Step 3 of a tick on a chip of the datapath additive: docs/emulator-semantics.md §3.6.
extension CoreState {
  // Everything stays below 2^33: registers have at most 30 bits, noise and accumulators 24.
  mutating func update<Noise: NoiseRule>(
    _ core: Int, _ time: TickTime, _ tables: Tables, _ additive: PerChip<AdditiveTables>,
    _ noise: inout Noise, _ fired: inout [Int32], _ senders: inout [Sender]
  ) -> UpdateCounts {
    let rules = tables.rules
    let begin = tables.neuronBegin[core]
    let takesOther = tables.takesPartials[core] || tables.poissonBegin[core] < tables.poissonBegin[core + 1]
    var counts = UpdateCounts()

    for row in begin..<tables.neuronBegin[core + 1] {
      let code = tables.codes[row]
      noise.advance()
      guard let a = arrived(row, begin, code, takesOther, time, tables, &counts, &senders) else { continue }
      var neuron = neurons[row]
      defer { neurons[row] = neuron }

      counts.activities &+= a | Int64(neuron.v | neuron.u | code.bias) != 0 ? 1 : 0

      let own = additive.value.codes[row]
      let word = noise.word(row)
      let charged = rules.membrane.fitted(Int64(neuron.v) &+ a, &counts.stateOverflows)
      var leak = Int64(code.bias)
      if own.leak.contains(.stochastic) {
        leak = abs(leak) >= Int64(word &>> additive.value.leakShift) ? leak.signum() : 0
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
          spike(row, begin, code, tables, &fired, &senders)
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
