import ChipModel
import FixedPoint
import TestSupport
import Testing

/// The bundled chips of the datapath additive against the equations that were published for them, written down here once
/// more, axon by axon and with their own names.
@Suite struct PublishedNeuronTests {
  /// Runs a random core per seed, and each of its neurons by `step` beside it; every spike and potential must agree.
  ///
  /// - Parameters:
  ///   - synapse: what a spike adds to the sum; by default the neuron's weight for the axon's type.
  ///   - step: one tick of a neuron, from what its synapses add, its number and the tick; changes v and tells whether the
  ///     neuron fires.
  /// - Returns: spikes of all cores.
  private func compare(
    _ chip: Chip, seeds: Range<UInt64>,
    synapse: (_ neuron: AdditiveCore.Neuron, _ type: Int, _ axon: Int, _ j: Int, _ t: Int) -> Int = {
      neuron, type, _, _, _ in neuron.weights[type]
    },
    step: (_ neuron: AdditiveCore.Neuron, _ weights: [Int], _ j: Int, _ t: Int, _ v: inout Int) -> Bool
  ) throws -> Int {
    var spikes = 0
    for seed in seeds {
      var random = SeededGenerator(state: seed)
      let core = AdditiveCore.random(&random, chip)
      let input = AdditiveCore.input(&random, axons: core.types.count)
      let found = try core.run(on: chip, input)
      for (j, neuron) in core.neurons.enumerated() {
        var v = neuron.initial
        for t in input.indices {
          let axons = core.types.indices.filter { input[t][$0] && core.crossbar[$0][j] }
          let fires = step(neuron, axons.map { synapse(neuron, core.types[$0], $0, j, t) }, j, t, &v)
          try #require(found.spikes[t][j] == fires, "seed \(seed), neuron \(j), tick \(t)")
          try #require(found.potentials[t][j] == v, "seed \(seed), neuron \(j), tick \(t)")
          spikes += fires ? 1 : 0
        }
      }
    }
    return spikes
  }

  /// Cassidy et al., IJCNN 2013: synapses with (1 − b)·s + b·F(s, ρ)·sgn(s), leak with reversal and F(λ, ρ) = |λ| ≥ ρ, thresholds with η, six resets.
  @Test func truenorth() throws {
    let chip = try AdditiveCore.chip("truenorth")
    var drawn = 0
    let spikes = try compare(
      chip, seeds: 0..<60,
      synapse: { neuron, type, axon, j, t in
        let s = neuron.weights[type]
        let b = neuron.stochasticTypes >> type & 1
        drawn += b
        let counter = UInt32(10 + 256 * (256 * axon))
        let rho = Int(CounterRandom.philox(UInt32(t), 0, counter, UInt32(j), key: 77).0 >> 24)
        return (1 - b) * s + b * (abs(s) >= rho ? 1 : 0) * s.signum()
      }
    ) { neuron, weights, j, t, v in
      v += weights.reduce(0, +)
      let word = CounterRandom.draw(seed: 77, sample: 0, tick: UInt32(t), index: UInt32(j), .noise)
      let omega = neuron.isReversed ? v.signum() : 1
      let rho = Int(word >> 24)
      v +=
        omega
        * (neuron.isStochastic
          ? (abs(neuron.leak) >= rho ? 1 : 0) * neuron.leak.signum() : neuron.leak)
      let eta = Int(word) & 0x3_ffff & neuron.mask
      let (alpha, beta) = (neuron.threshold, neuron.negativeThreshold)
      let kappa = neuron.saturates ? 1 : 0
      var fires = false
      if v >= alpha + eta {
        fires = true
        v = [neuron.reset, v - (alpha + eta), v][neuron.resetMode]
      } else if v < -(beta * kappa + (beta + eta) * (1 - kappa)) {
        v = kappa == 1 ? -beta : [-neuron.reset, v + (beta + eta), v][neuron.resetMode]
      }
      return fires
    }
    #expect(spikes > 2000)
    #expect(drawn > 5000)
  }

  /// RANC's RTL: a register of 9 bits that wraps after every axon; two reset modes; θ− = −β.
  @Test func ranc() throws {
    func wrapped(_ x: Int) -> Int { ((x % 512) + 512 + 256) % 512 - 256 }
    let chip = try AdditiveCore.chip("ranc")
    var wraps = 0
    let spikes = try compare(chip, seeds: 100..<160) { neuron, weights, _, _, v in
      for weight in weights {
        let sum = v + weight
        v = wrapped(sum)
        if v != sum { wraps += 1 }
      }
      v = wrapped(v + neuron.leak)
      let fires = v >= neuron.threshold
      let low = -neuron.negativeThreshold
      if fires {
        v = neuron.resetMode == 0 ? neuron.reset : wrapped(v - neuron.threshold)
      } else if v < low {
        v = wrapped(neuron.resetMode == 0 ? -neuron.reset : v - low)
      }
      return fires
    }
    #expect(spikes > 2000)
    #expect(wraps > 300)
  }

  /// PAIBox: charge; leak and fire, or fire and leak; then reset what is left of the leak.
  @Test func paicore() throws {
    let chip = try AdditiveCore.chip("paicore")
    let spikes = try compare(chip, seeds: 200..<260) { neuron, weights, _, _, v in
      v += weights.reduce(0, +)
      let charged = v
      v += (neuron.isReversed ? charged.signum() : 1) * neuron.leak
      let compared = neuron.leakIsLate ? charged : v
      let fires = compared >= neuron.threshold
      if fires {
        v = [neuron.reset, v - neuron.threshold, v][neuron.resetMode]
      } else if compared < -neuron.negativeThreshold {
        v =
          neuron.saturates
          ? -neuron.negativeThreshold
          : [-neuron.reset, v + neuron.negativeThreshold, v][neuron.resetMode]
      }
      return fires
    }
    #expect(spikes > 2000)
  }
}

extension AdditiveCore {
  /// A core with what the chip has, small enough that nothing but RANC's 9 bits overflows.
  static func random(_ random: inout SeededGenerator, _ chip: Chip) -> AdditiveCore {
    let rules = chip.additive
    let neurons = (0..<10).map { _ in
      var neuron = Neuron(weights: (0..<4).map { _ in random.int(-40...60) })
      neuron.leak = random.oneIn(4) ? 0 : random.int(-20...20)
      neuron.threshold = random.int(10...120)
      neuron.negativeThreshold = random.int(0...80)
      neuron.reset = random.int(-30...60)
      neuron.initial = random.int(-60...60)
      neuron.resetMode = random.int(0...(rules?.nonReset == true ? 2 : 1))
      neuron.saturates = rules?.saturation == true && random.oneIn(2)
      neuron.isReversed = rules?.leakReversal == true && random.oneIn(2)
      neuron.leakIsLate = rules?.leakOrder == .either && random.oneIn(2)
      neuron.isStochastic = chip.datapath.noise?.leak != nil && random.oneIn(3)
      if neuron.isStochastic { neuron.leak *= 10 }
      neuron.mask = chip.datapath.noise != nil && random.oneIn(2) ? random.pick([1, 3, 7, 21, 63]) : 0
      if chip.datapath.noise?.synapse != nil, random.oneIn(3) {
        neuron.stochasticTypes = random.int(0...15)
        for type in 0..<4 where neuron.stochasticTypes >> type & 1 == 1 { neuron.weights[type] *= 4 }
      }
      return neuron
    }
    let types = (0..<12).map { _ in random.int(0...3) }
    return AdditiveCore(
      types: types, crossbar: types.map { _ in neurons.map { _ in !random.oneIn(3) } }, neurons: neurons)
  }

  static func input(_ random: inout SeededGenerator, axons: Int) -> [[Bool]] {
    (0..<60).map { _ in (0..<axons).map { _ in random.oneIn(4) } }
  }
}
