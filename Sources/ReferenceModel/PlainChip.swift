import ChipModel
import FixedPoint
import Observations
import ProgramImage

/// The emulator's slow, obvious twin: docs/emulator-semantics.md, word for word, in plain 64-bit integers.
///
/// It shares no arithmetic with the emulator (only the published Philox generator), visits every router in every
/// cycle, and keeps everything in nested arrays of small structs. It must produce the same `RunRecord`, bit for bit.
///
/// - `PlainChip+Arithmetic`: rounding, registers, decay (§3.2)
/// - `PlainChip+Core`: inputs, integrate, update, kick (§2, §3)
/// - `PlainChip+Noise`: noise words and what they do (§3.2, §8)
/// - `PlainChip+Additive`: neurons without decay (§3.6)
/// - `PlainChip+PerEvent`: cores that take event by event (§3.7)
/// - `PlainChip+Microcode`: neurons with programs (§3.5)
/// - `PlainChip+Timing`: groups of neurons and the injection queue (§4)
/// - `PlainChip+Mesh`: the four steps of a cycle (§5)
/// - `PlainChip+Tick`: a tick from its inputs to its end (§1, §6)
///
/// **Cost:** every cycle touches every router; use it on small chips.
public struct PlainChip {
  let image: ProgramImage
  let rules: Rules

  public init(_ image: ProgramImage) {
    self.init(image, rules: Rules())
  }

  package init(_ image: ProgramImage, rules: Rules) {
    self.image = image
    self.rules = rules
  }

  /// Runs samples 0 ..< `samples`, each `ticks` input ticks and the image's drain ticks long.
  ///
  /// - Parameter probes: neuron rows whose potential is recorded after every tick.
  public func run(_ input: SpikeTrains, ticks: Int, samples: Int, probes: [Int32]) -> RunRecord {
    var record = emptyRecord(ticks: ticks, samples: samples, probes: probes, labels: input.labels)
    var events = Chip.Energy.Events()
    for sample in 0..<samples {
      var run = SampleRun(image: image, rules: rules, sample: sample, inputTicks: ticks)
      var sums = [Int64](repeating: 0, count: image.outputs.neuron.count)
      for tick in 0..<ticks + image.drainTicks {
        let before = run.energyEvents
        let entering = input.events.filter {
          $0.sample == Int32(sample) && $0.tick == Int32(tick) && Int(tick) < ticks
            && Int($0.channel) < image.inputs.channels
        }
        let fired = run.tick(tick, entering: entering)
        for row in fired {
          record.spikes.events.append(
            SpikeTrains.Event(sample: Int32(sample), tick: Int32(tick), channel: Int32(row)))
        }
        for output in sums.indices where isRead(output, tick: tick, inputTicks: ticks) {
          let row = Int(image.outputs.neuron[output])
          if image.outputs.kind[output] == ProgramImage.OutputKind.potential.rawValue {
            sums[output] += Int64(run.potential(ofRow: row))
          } else {
            sums[output] += Int64(fired.filter { $0 == row }.count)
          }
        }
        for probe in probes {
          record.potentials.append(Int32(truncatingIfNeeded: run.potential(ofRow: Int(probe))))
        }
        let during = difference(run.energyEvents, before)
        record.tickCycles.append(UInt32(clamping: during.cycles))
        record.tickPackets.append(UInt32(during.packets))
        record.tickJoules.append(image.chip.energy.tickJoules(during, clock: image.chip.timing.clock))
      }
      record.outputSums += sums
      add(run, to: &record, and: &events)
    }
    record.energy = image.chip.energy.items(events, clock: image.chip.timing.clock).map {
      RunRecord.EnergyItem(
        component: $0.component.rawValue, events: $0.events, perEvent: $0.perEvent,
        joules: $0.joules, source: $0.source)
    }
    return record
  }

  /// §3.4: read in ticks from ≤ t < T + to.
  private func isRead(_ output: Int, tick: Int, inputTicks: Int) -> Bool {
    Int(image.outputs.from[output]) <= tick && tick < inputTicks + Int(image.outputs.to[output])
  }
}
