import FixedPoint
import NetworkIR
import Observations

extension CoreNetwork {
  /// Runs every sample from the initial state.
  ///
  /// - Parameters:
  ///   - input: spikes of all inputs' channels, one input after the other; events of ticks beyond `ticks` are ignored.
  ///   - seed: key of the draws.
  public func run(_ input: SpikeTrains, ticks: Int, samples: Int, seed: UInt64) -> Activity {
    let plan = Plan(self)
    let ranges = input.ranges()
    var events: [SpikeTrains.Event] = []
    var sums: [Double] = []
    for sample in 0..<samples {
      var state = State(self, plan, seed: seed, sample: sample)
      var rest = sample < ranges.count ? input.events[ranges[sample]] : []
      for tick in 0..<ticks {
        let arriving = rest.prefix { Int($0.tick) == tick }
        rest = rest.dropFirst(arriving.count)
        state.step(tick: tick, arriving: arriving, recordingInto: &events)
      }
      sums += state.outputSums()
    }
    return Activity(
      populations: populations.map { .init(name: $0.name, model: $0.model, size: $0.size) },
      samples: samples, ticks: ticks, dt: dt,
      spikes: SpikeTrains(samples: samples, ticks: ticks, channels: plan.neurons, events: events),
      outputSums: sums, outputCount: outputs.reduce(0) { $0 + populations[$1].size })
  }

  /// One sample.
  private struct State {
    let network: CoreNetwork
    let plan: Plan
    let seed: UInt64
    let sample: Int
    /// Nil in real arithmetic.
    let registers: RegisterRules?
    var v: [Double]
    var u: [Double]
    var refractory: [Int]
    /// Spikes of the last ticks by [tick mod history][population] and [input].
    var fired: [[[Int32]]]
    var arrived: [[[(channel: Int32, count: Double)]]]
    var didFire: [Bool]
    var isHeld: [Bool]
    var neighboursFired: [Int]
    var accumulator: [Double]
    var counts: [Double]
    var potentials: [Double]

    init(_ network: CoreNetwork, _ plan: Plan, seed: UInt64, sample: Int) {
      self.network = network
      self.plan = plan
      self.seed = seed
      self.sample = sample
      registers = network.registers.map(RegisterRules.init)
      v = plan.initial
      u = plan.initialCurrent
      refractory = [Int](repeating: 0, count: plan.neurons)
      fired = Array(
        repeating: Array(repeating: [], count: network.populations.count), count: plan.history)
      arrived = Array(repeating: Array(repeating: [], count: network.inputSizes.count), count: plan.history)
      didFire = [Bool](repeating: false, count: plan.neurons)
      isHeld = didFire
      neighboursFired = refractory
      accumulator = [Double](repeating: 0, count: plan.neurons)
      counts = accumulator
      potentials = accumulator
    }

    func outputSums() -> [Double] {
      network.outputs.flatMap { p -> [Double] in
        let population = network.populations[p]
        let range = plan.offsets[p]..<plan.offsets[p] + population.size
        return population.threshold == nil
          ? potentials[range].map { $0 / population.scale } : Array(counts[range])
      }
    }

    mutating func step(
      tick: Int, arriving: ArraySlice<SpikeTrains.Event>, recordingInto events: inout [SpikeTrains.Event]
    ) {
      let slot = tick % plan.history
      let most = network.registers.map { Double($0.axonCountMaximum) } ?? .infinity
      for (input, size) in network.inputSizes.enumerated() {
        let begin = Int32(plan.channelOffsets[input])
        arrived[slot][input] = arriving.lazy
          .filter { $0.channel >= begin && $0.channel < begin + Int32(size) }
          .map { ($0.channel - begin, min(Double($0.count), most)) }
      }
      for p in plan.order {
        integrate(p, tick: tick)
        fired[slot][p] = update(p, tick: tick)
      }
      for (p, spikes) in fired[slot].enumerated() {
        for n in spikes {
          let neuron = plan.offsets[p] + Int(n)
          counts[neuron] += 1
          events.append(
            SpikeTrains.Event(sample: Int32(sample), tick: Int32(tick), channel: Int32(neuron)))
        }
      }
      if plan.kicks { kick(slot) }
      for p in network.outputs where network.populations[p].threshold == nil {
        for neuron in plan.offsets[p]..<plan.offsets[p] + network.populations[p].size {
          potentials[neuron] += v[neuron]
        }
      }
    }

    /// a of every neuron of a population.
    private mutating func integrate(_ p: Int, tick: Int) {
      let neurons = plan.offsets[p]..<plan.offsets[p] + network.populations[p].size
      for i in neurons { accumulator[i] = 0 }
      for k in plan.into[p] {
        let connection = network.connections[k]
        guard tick >= connection.delay else { continue }
        let slot = (tick - connection.delay) % plan.history
        switch connection.source {
        case .input(let input):
          for (channel, count) in arrived[slot][input] {
            connection.add(Int(channel), count, to: &accumulator, first: neurons.lowerBound)
          }
        case .population(let source):
          for neuron in fired[slot][source] {
            connection.add(Int(neuron), 1, to: &accumulator, first: neurons.lowerBound)
          }
        }
      }
      for stimulus in network.populations[p].poisson where !stimulus.thresholds.isEmpty {
        for n in 0..<neurons.count where stimulus.weight[n] != 0 {
          let random = draw(.poisson, stimulus.firstStream &+ UInt32(truncatingIfNeeded: n), p, tick)
          accumulator[neurons.lowerBound + n] += stimulus.weight[n] * Double(stimulus.count(for: random))
        }
      }
    }

    private func draw(_ purpose: CounterRandom.Purpose, _ index: UInt32, _ p: Int, _ tick: Int) -> UInt32 {
      CounterRandom.draw(
        seed: seed, sample: UInt32(truncatingIfNeeded: sample),
        tick: UInt32(truncatingIfNeeded: tick + plan.rules[p].startTick), index: index, purpose)
    }

    /// Advances one population and returns its spikes, ascending.
    private mutating func update(_ p: Int, tick: Int) -> [Int32] {
      let rules = plan.rules[p]
      let spikesPerTick = registers?.spikesPerTick ?? 1
      let first = plan.offsets[p]
      var spikes: [Int32] = []
      for i in first..<first + network.populations[p].size {
        var noise = (membrane: 0.0, threshold: 0.0)
        if let codes = rules.noise { noise = step(of: codes, i, tick: tick + rules.startTick) }
        if let registers {
          advance(i, p, registers, noise: noise.membrane, tick: tick)
        } else {
          advance(i, noise: noise.membrane)
        }
        didFire[i] = false
        isHeld[i] = false
        guard rules.fires else { continue }
        let threshold = plan.threshold[i] + noise.threshold
        if refractory[i] > 0 {
          if !rules.subtracts { v[i] = plan.reset[i] }
          refractory[i] -= 1
          isHeld[i] = true
        } else if fires(i, rules, threshold) {
          refractory[i] = plan.refractory[i]
          didFire[i] = true
          var count = 0
          repeat {
            v[i] = rules.subtracts ? v[i] - plan.reset[i] : plan.reset[i]
            spikes.append(Int32(i - first))
            count += 1
          } while count < spikesPerTick && rules.subtracts && plan.reset[i] > 0
            && fires(i, rules, threshold)
        }
      }
      return spikes
    }

    private func fires(_ i: Int, _ rules: Plan.Rules, _ threshold: Double) -> Bool {
      rules.isInclusive ? v[i] >= threshold : v[i] > threshold
    }

    /// What the membrane and the threshold of neuron i get in this tick.
    ///
    /// - Parameter tick: as the draws count it.
    private func step(
      of noise: Noise, _ i: Int, tick: Int
    ) -> (membrane: Double, threshold: Double) {
      guard let words = network.noiseWords else { return (0, 0) }
      let word = words.word(i, sample: sample, tick: tick)
      let step = words.membrane(word) * noise.unit
      return (
        registers.map { rounded(step, $0.inputRounding) } ?? step,
        noise.thresholdUnit * (words.threshold(word, mask: noise.mask) - noise.thresholdMean)
      )
    }

    /// u and v of neuron i in real arithmetic.
    private mutating func advance(_ i: Int, noise: Double) {
      u[i] = u[i] - plan.realSynapseDecay[i] * u[i] + accumulator[i] * plan.gain[i]
      let charged = v[i] - plan.realDecay[i] * v[i] + u[i] + noise
      v[i] = max(charged + constant(i, charged), plan.floor[i])
    }

    /// u and v of neuron i of population p in registers.
    private mutating func advance(_ i: Int, _ p: Int, _ rules: RegisterRules, noise: Double, tick: Int) {
      // Weights that are no codes yet make sums that are no whole numbers; those that fit stay as they are.
      var a = accumulator[i]
      let range = signedRange(bits: rules.accumulatorBits)
      if a < Double(range.lowerBound) || a > Double(range.upperBound) {
        a = Double(fit(Int64(a), bits: rules.accumulatorBits, rules.accumulatorOverflow))
      }
      let x = rounded(a * plan.gain[i], rules.inputRounding)
      let index = UInt32(truncatingIfNeeded: plan.row[i])
      func withInput(_ current: Double) -> Double {
        Double(fit(Int64(current + x), bits: rules.stateBits, rules.synapseOverflow))
      }
      func leaked(_ current: Double) -> Double {
        rules.leaked(current, plan.synapseDecay[i]) { draw(.synapseLeak, index, p, tick) }
      }
      switch rules.synapseInput {
      case .afterDecay: u[i] = withInput(leaked(u[i]))
      case .beforeDecay: u[i] = leaked(withInput(u[i]))
      }
      let left = rules.leaked(v[i], plan.decay[i]) { draw(.membraneLeak, index, p, tick) }
      let charged = Int64(left) + Int64(u[i] + noise)
      var drive = Int64(u[i] + constant(i, Double(charged)) + noise)
      if let overflow = rules.driveOverflow { drive = fit(drive, bits: rules.stateBits, overflow) }
      let sum = Int64(left) + drive
      v[i] = max(Double(fit(sum, bits: rules.stateBits, rules.stateOverflow)), plan.floor[i])
    }

    /// What is added to v beside its input: with the sign of `charged`, v and its input, where the leak goes to 0.
    private func constant(_ i: Int, _ charged: Double) -> Double {
      guard plan.isTowardZero[i] else { return plan.constant[i] }
      return charged > 0 ? plan.constant[i] : charged < 0 ? -plan.constant[i] : 0
    }

    /// §3.3: all at once.
    private mutating func kick(_ slot: Int) {
      var kicked: [Int] = []
      for (p, spikes) in fired[slot].enumerated() {
        for n in spikes {
          let i = plan.offsets[p] + Int(n)
          for neighbour in [plan.leftNeighbour[i], plan.rightNeighbour[i]] where neighbour >= 0 {
            if neighboursFired[neighbour] == 0 { kicked.append(neighbour) }
            neighboursFired[neighbour] += 1
          }
        }
      }
      for i in kicked {
        if !didFire[i], !isHeld[i], plan.kick[i] != 0 {
          v[i] = max(v[i] - Double(neighboursFired[i]) * plan.kick[i], plan.floor[i])
        }
        neighboursFired[i] = 0
      }
    }
  }
}

extension CoreNetwork.Connection {
  /// The synapses of one source, whose target's neurons begin at `first` of the sums.
  fileprivate func add(_ source: Int, _ count: Double, to sums: inout [Double], first: Int) {
    for k in begin[source]..<begin[source + 1] { sums[first + Int(row[k])] += weight[k] * count }
  }
}

extension CoreNetwork.Poisson {
  fileprivate func count(for draw: UInt32) -> Int {
    var low = 0
    var high = thresholds.count
    while low < high {
      let middle = (low + high) / 2
      if thresholds[middle] <= draw { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

/// R_in of a number that float64 holds exactly: an accumulator of 24 bits times a gain of 17, shifted.
private func rounded(_ x: Double, _ rounding: Rounding) -> Double {
  switch rounding {
  case .towardZero: x.rounded(.towardZero)
  case .awayFromZero: x.rounded(.awayFromZero)
  case .floor: x.rounded(.down)
  case .ceil: x.rounded(.up)
  case .nearestEven, .stochastic: x.rounded(.toNearestOrEven)
  }
}
