import Observations
import ProgramImage

/// The codes of an image run as an ordinary network: no cores, no mesh, no pipeline, no ring, no splitters. Every
/// population works on sample tick t in step t, in order of its level. Written plainly to be compared with the chip.
///
/// Knows only what the tests need: `decayOf: leak`, nearest-even rounding, saturation, no Poisson.
struct PlainIntegerNetwork {
  struct Synapse {
    /// Neuron row of the source, or channel.
    var source: Int
    var isInput: Bool
    var weight: Int
    /// Ticks in the network.
    var delay: Int
  }
  var image: ProgramImage
  var synapses: [[Synapse]]

  init(_ image: ProgramImage) {
    self.image = image
    let n = image.neurons
    // Which source feeds which axon, and which neuron a partial neuron feeds.
    var sourceOfAxon: [Int: (source: Int, isInput: Bool, delay: Int)] = [:]
    var fedBy: [Int: Int] = [:]
    func axon(_ core: Int32, _ axon: UInt16) -> Int { Int(image.cores.axonBegin[Int(core)]) + Int(axon) }
    for channel in 0..<image.inputs.channels {
      for k in Int(image.inputs.begin[channel])..<Int(image.inputs.begin[channel + 1]) {
        sourceOfAxon[axon(image.inputs.core[k], image.inputs.axon[k])] = (
          channel, true, Int(image.inputs.delay[k])
        )
      }
    }
    for row in 0..<n.count {
      for k in Int(image.routes.begin[row])..<Int(image.routes.begin[row + 1]) {
        if image.routes.kind[k] == 0 {
          sourceOfAxon[axon(image.routes.core[k], image.routes.axon[k])] = (
            row, false, Int(image.routes.delay[k])
          )
        } else {
          fedBy[row] = Int(image.cores.neuronBegin[Int(image.routes.core[k])]) + Int(image.routes.axon[k])
        }
      }
    }
    // A splitter stands for whatever reaches the one axon that has a synapse on it, one axon's delay later.
    var axonOfSplitter: [Int: Int] = [:]
    for core in 0..<image.cores.count {
      for a in Int(image.cores.axonBegin[core])..<Int(image.cores.axonBegin[core + 1]) {
        for k in Int(image.crossbar.begin[a])..<Int(image.crossbar.begin[a + 1]) {
          let row = Int(image.cores.neuronBegin[core]) + Int(image.crossbar.neuron[k])
          if n.kind[row] == 3 {
            precondition(axonOfSplitter.updateValue(a, forKey: row) == nil, "a splitter has one synapse")
          }
        }
      }
    }
    for (a, var source) in sourceOfAxon {
      while !source.isInput, n.kind[source.source] == 3,
        let before = axonOfSplitter[source.source].flatMap({ sourceOfAxon[$0] })
      {
        source = (before.source, before.isInput, source.delay + before.delay)
      }
      sourceOfAxon[a] = source
    }
    var synapses = [[Synapse]](repeating: [], count: n.count)
    for core in 0..<image.cores.count {
      let firstRow = Int(image.cores.neuronBegin[core])
      for a in Int(image.cores.axonBegin[core])..<Int(image.cores.axonBegin[core + 1]) {
        guard let source = sourceOfAxon[a] else { continue }
        for k in Int(image.crossbar.begin[a])..<Int(image.crossbar.begin[a + 1]) {
          let row = firstRow + Int(image.crossbar.neuron[k])
          let target = fedBy[row] ?? row
          let chipDelay = source.delay + (fedBy[row] == nil ? 0 : 1)
          let levels = Int(n.start[target]) - (source.isInput ? 0 : Int(n.start[source.source]))
          synapses[target].append(
            Synapse(
              source: source.source, isInput: source.isInput,
              weight: Int(image.crossbar.weight[k]), delay: chipDelay - levels))
        }
      }
    }
    self.synapses = synapses
  }

  /// Spikes as (sample, sample tick, row), sorted.
  func run(_ input: SpikeTrains) -> [SpikeTrains.Event] {
    let n = image.neurons
    let ranges = input.ranges()
    let order = (0..<n.count).filter { n.kind[$0] != 1 && n.kind[$0] != 3 }
      .sorted { (n.start[$0], $0) < (n.start[$1], $1) }
    var result: [SpikeTrains.Event] = []
    for sample in 0..<input.samples {
      var inputs = [[Int]](
        repeating: [Int](repeating: 0, count: input.channels), count: input.ticks)
      for event in input.events[ranges[sample]] {
        inputs[Int(event.tick)][Int(event.channel)] = Int(event.count)
      }
      var fired = [[Int]](repeating: [Int](repeating: 0, count: n.count), count: input.ticks)
      var v = n.v0.map { Int($0) }
      var u = n.u0.map { Int($0) }
      var held = [Int](repeating: 0, count: n.count)
      for t in 0..<input.ticks {
        for level in Set(order.map { n.start[$0] }).sorted() {
          var wasHeld: Set<Int> = []
          for i in order where n.start[i] == level {
            var a = 0
            for s in synapses[i] where t - s.delay >= 0 {
              a += s.weight * (s.isInput ? inputs[t - s.delay][s.source] : fired[t - s.delay][s.source])
            }
            let e = Int(n.weightExponent[i])
            let x = rounded(a * Int(n.gain[i]) << e, image.chip.datapath.gainBits)
            u[i] = clamp(u[i] - rounded(u[i] * Int(n.synapseDecay[i]), Int(n.synapseDecayExponent[i])) + x)
            var w = clamp(
              v[i] - rounded(v[i] * Int(n.decay[i]), Int(n.decayExponent[i])) + u[i] + Int(n.bias[i]))
            w = max(w, Int(n.floor[i]))
            if n.kind[i] == 0 {
              if held[i] > 0 {
                if n.resetMode[i] == 0 { w = Int(n.reset[i]) }
                held[i] -= 1
                wasHeld.insert(i)
              } else if w > Int(n.threshold[i]) {
                fired[t][i] = 1
                w = n.resetMode[i] == 0 ? Int(n.reset[i]) : w - Int(n.reset[i])
                held[i] = Int(n.refractory[i])
                result.append(SpikeTrains.Event(sample: Int32(sample), tick: Int32(t), channel: Int32(i)))
              }
            }
            v[i] = w
          }
          for i in order where n.start[i] == level && fired[t][i] == 0 && !wasHeld.contains(i) {
            let kicks = neighbours(i).reduce(0) { $0 + (n.start[$1] == level ? fired[t][$1] : 0) }
            if kicks > 0 { v[i] = max(v[i] - kicks * Int(n.kick[i]), Int(n.floor[i])) }
          }
        }
      }
    }
    return result.sorted()
  }

  private func neighbours(_ row: Int) -> [Int] {
    let core =
      (0..<image.cores.count).first {
        image.cores.neuronBegin[$0 + 1] > Int64(row)
      } ?? 0
    return [row - 1, row + 1].filter { other in
      other >= Int(image.cores.neuronBegin[core]) && other < Int(image.cores.neuronBegin[core + 1])
        && abs(Int(image.neurons.column[other]) - Int(image.neurons.column[row])) == 1
    }
  }

  private func clamp(_ x: Int) -> Int { min(max(x, -(1 << 23)), (1 << 23) - 1) }

  /// x / 2^k to the nearest integer, halves to the even one.
  private func rounded(_ x: Int, _ k: Int) -> Int {
    let unit = 1 << k
    let quotient = Int((Double(x) / Double(unit)).rounded(.down))
    let rest = x - quotient * unit
    if 2 * rest > unit || (2 * rest == unit && quotient % 2 != 0) { return quotient + 1 }
    return quotient
  }
}
