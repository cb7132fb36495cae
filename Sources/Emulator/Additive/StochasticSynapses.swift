import FixedPoint
import ProgramImage

/// Synapses that add the sign of their weight or nothing, at random: docs/emulator-semantics.md §3.6.
///
/// They have a pass of their own, so that cores without them pay nothing; to all other sums their weights are 0.
struct StochasticSynapses: Sendable {
  private struct Target: Sendable {
    var neuron: UInt16
    /// 1 or −1.
    var sign: Int32
    /// |s|
    var size: UInt32
    /// The neuron's, for its draws.
    var stream: UInt32
  }

  /// [cores] whether the core has any.
  let isUsed: [Bool]
  /// [axons + 1]
  private let begin: [Int]
  private let targets: [Target]
  /// 32 − bits: the upper bits of a draw are what a weight is compared with.
  private let shift: UInt32
  private let seed: UInt64

  /// Nil for an image without such synapses.
  init?(_ image: ProgramImage) {
    guard let rule = image.chip.datapath.noise?.synapse, !image.neurons.additive.stochasticTypes.isEmpty
    else { return nil }
    var isUsed: [Bool] = []
    var begin = [0]
    var targets: [Target] = []
    for core in 0..<image.cores.count {
      let before = targets.count
      for axon in Int(image.cores.axonBegin[core])..<Int(image.cores.axonBegin[core + 1]) {
        for k in Int(image.crossbar.begin[axon])..<Int(image.crossbar.begin[axon + 1]) {
          let row = Int(image.cores.neuronBegin[core]) + Int(image.crossbar.neuron[k])
          let weight = Int32(image.crossbar.weight[k])
          // What has no sign adds nothing, whatever is drawn.
          guard weight != 0, image.isStochastic(axon: axon, row: row) else { continue }
          targets.append(
            Target(
              neuron: image.crossbar.neuron[k], sign: weight.signum(), size: weight.magnitude,
              stream: image.neurons.noise.stream[row]))
        }
        begin.append(targets.count)
      }
      isUsed.append(targets.count > before)
    }
    if targets.isEmpty { return nil }
    self.isUsed = isUsed
    self.begin = begin
    self.targets = targets
    shift = UInt32(32 - rule.bits)
    seed = image.seed
  }

  /// Makes the image what all other sums see: weights of stochastic synapses are 0, and the synapses are still there.
  static func silence(_ image: inout ProgramImage) {
    guard !image.neurons.additive.stochasticTypes.isEmpty else { return }
    for core in 0..<image.cores.count {
      for axon in Int(image.cores.axonBegin[core])..<Int(image.cores.axonBegin[core + 1]) {
        for k in Int(image.crossbar.begin[axon])..<Int(image.crossbar.begin[axon + 1]) {
          let row = Int(image.cores.neuronBegin[core]) + Int(image.crossbar.neuron[k])
          if image.isStochastic(axon: axon, row: row) { image.crossbar.weight[k] = 0 }
        }
      }
    }
  }

  // Sums stay within `CoreState.crossbarSum`: an event adds at most 1, and |s| ≥ 1.

  /// Adds the events of one axon.
  ///
  /// - Parameters:
  ///   - axon: of all axons of the chip.
  ///   - number: the axon within its core.
  ///   - count: its spikes, at most 255.
  @inline(__always)
  func add(
    axon: Int, number: Int, count: Int32, sample: UInt32, tick: UInt32, into sums: inout [Int32]
  ) {
    let own = targets.span.extracting(begin[axon]..<begin[axon &+ 1])
    var sums = sums.mutableSpan
    let first = UInt32(truncatingIfNeeded: number) &<< 8
    for i in 0..<own.count {
      let target = own[i]
      var sum: Int32 = 0
      for event in 0..<UInt32(truncatingIfNeeded: count) {
        let draw = CounterRandom.draw(
          seed: seed, sample: sample, tick: tick, index: target.stream, .synapse, number: first | event)
        if target.size >= draw &>> shift { sum &+= target.sign }
      }
      sums[Int(target.neuron)] &+= sum
    }
  }
}

extension ChipState {
  /// Adds the events of a core's stochastic synapses, of the first `reads` axons in `taken`.
  mutating func addStochastic(_ stochastic: PerChip<StochasticSynapses>, core: Int, _ reads: Int, tick: Int) {
    let first = tables.axonBegin[core]
    for i in 0..<reads {
      let number = Int(taken.axon[i])
      stochastic.value.add(
        axon: first &+ number, number: number, count: Int32(taken.spikes[i]), sample: sample,
        tick: UInt32(truncatingIfNeeded: tick), into: &cores.crossbarSum)
    }
  }
}
