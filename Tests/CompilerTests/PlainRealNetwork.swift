import Foundation
import NetworkIR
import Observations
import ProgramImage

/// The codes of an image in real arithmetic: the update of docs/emulator-semantics.md §3.2 in float64 without its
/// roundings, saturations, floor and kicks. What an exported network has to be.
struct PlainRealNetwork {
  private let plain: PlainIntegerNetwork
  private let dynamics: Dynamics
  private let thresholdOffset: Double

  /// - Parameter thresholdOffset: added to every threshold, in codes.
  init(_ image: ProgramImage, _ dynamics: Dynamics, thresholdOffset: Double) {
    self.thresholdOffset = thresholdOffset
    plain = PlainIntegerNetwork(image)
    self.dynamics = dynamics
  }

  /// Spikes as (sample, sample tick, row), sorted.
  func run(_ input: SpikeTrains) -> [SpikeTrains.Event] {
    let n = plain.image.neurons
    let ranges = input.ranges()
    let order = (0..<n.count).filter { n.kind[$0] != 1 }.sorted { (n.start[$0], $0) < (n.start[$1], $1) }
    var result: [SpikeTrains.Event] = []
    for sample in 0..<input.samples {
      var inputs = [[Double]](repeating: [Double](repeating: 0, count: input.channels), count: input.ticks)
      for event in input.events[ranges[sample]] {
        inputs[Int(event.tick)][Int(event.channel)] = Double(event.count)
      }
      var fired = [[Double]](repeating: [Double](repeating: 0, count: n.count), count: input.ticks)
      var v = n.v0.map { Double($0) }
      var u = n.u0.map { Double($0) }
      var held = [Int](repeating: 0, count: n.count)
      for t in 0..<input.ticks {
        for i in order {
          var a = 0.0
          for s in plain.synapses[i] where t - s.delay >= 0 {
            let spikes = s.isInput ? inputs[t - s.delay][s.source] : fired[t - s.delay][s.source]
            a += Double(s.weight) * spikes
          }
          let x =
            a * Double(n.gain[i]) * exp2(Double(n.weightExponent[i]))
            / exp2(Double(plain.image.chip.datapath.gainBits))
          u[i] += x - u[i] * Double(n.synapseDecay[i]) / exp2(Double(n.synapseDecayExponent[i]))
          v[i] += u[i] + Double(n.bias[i]) - v[i] * Double(n.decay[i]) / exp2(Double(n.decayExponent[i]))
          guard n.kind[i] == 0 else { continue }
          // Tessera compares by >, so that ≥ is a threshold code less by one.
          let inclusive = dynamics.fire == .inclusive
          let threshold = Double(n.threshold[i]) + (inclusive ? 1 : 0) + thresholdOffset
          if held[i] > 0 {
            held[i] -= 1
            if dynamics.reset == .zero { v[i] = Double(n.reset[i]) }
          } else if inclusive ? v[i] >= threshold : v[i] > threshold {
            fired[t][i] = 1
            v[i] = dynamics.reset == .zero ? Double(n.reset[i]) : v[i] - threshold
            held[i] = Int(n.refractory[i])
            result.append(SpikeTrains.Event(sample: Int32(sample), tick: Int32(t), channel: Int32(i)))
          }
        }
      }
    }
    return result.sorted()
  }
}
