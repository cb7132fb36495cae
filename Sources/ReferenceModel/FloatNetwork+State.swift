import FixedPoint
import NetworkIR
import Observations

extension FloatNetwork {
  /// The state of one sample.
  struct State {
    private let model: FloatNetwork
    private let seed: UInt64
    private let sample: Int
    private let startTicks: [Int]
    private let words: NoiseWords?
    /// Values of the random currents, by population and current.
    private var random: [[[Double]]]
    /// By population.
    private var v: [[Double]]
    private var i: [[Double]]
    /// Of populations with equations; empty for the others.
    private var neurons: [[NeuronIntegrator.State]]
    private var integrators: [NeuronIntegrator?]
    private var refractory: [[Int]]
    /// Spikes of the last ticks, [tick mod history][population or input]: the non-zero elements.
    private var fired: [[[(index: Int, value: Double)]]]
    private var arrived: [[[(index: Int, value: Double)]]]
    /// By population; only used for outputs.
    private var counts: [[Double]]
    private var potentials: [[Double]]

    init(_ model: FloatNetwork, seed: UInt64, sample: Int, startTicks: [Int], words: NoiseWords?) {
      self.model = model
      self.seed = seed
      self.sample = sample
      self.startTicks = startTicks
      self.words = words
      random = model.plan.random.map { $0.map { _ in [] } }
      let populations = model.network.populations
      let zeros = populations.map { [Double](repeating: 0, count: $0.size) }
      v = populations.map(\.initial)
      i = zeros
      neurons = populations.map { population in
        population.equations.map {
          [NeuronIntegrator.State](repeating: NeuronIntegrator.State($0.initial), count: population.size)
        } ?? []
      }
      integrators = model.plan.integrators
      counts = zeros
      potentials = zeros
      refractory = populations.map { [Int](repeating: 0, count: $0.size) }
      fired = Array(repeating: Array(repeating: [], count: populations.count), count: model.plan.history)
      arrived = Array(
        repeating: Array(repeating: [], count: model.network.inputs.count), count: model.plan.history)
    }

    /// Spike counts of firing outputs, summed potentials of readouts, in output order.
    var outputSums: [Double] {
      model.network.outputs.flatMap { output in
        model.network.populations[output.population].firing == nil
          ? potentials[output.population] : counts[output.population]
      }
    }

    /// One tick. `arriving` are the input spikes by channel, ascending.
    mutating func step(
      tick: Int, arriving: [(channel: Int, count: Double)],
      recordingInto events: inout [SpikeTrains.Event]
    ) {
      let slot = tick % model.plan.history
      for input in arrived[slot].indices {
        let begin = model.plan.channelOffsets[input]
        let channels = begin..<begin + model.network.inputs[input].size
        arrived[slot][input] = arriving.filter { channels.contains($0.channel) }
          .map { ($0.channel - begin, $0.count) }
      }
      for population in model.plan.order {
        fired[slot][population] = update(population, tick: tick)
      }
      for (population, spikes) in fired[slot].enumerated() {
        for (index, _) in spikes {
          counts[population][index] += 1
          events.append(
            SpikeTrains.Event(
              sample: Int32(sample), tick: Int32(tick),
              channel: Int32(model.plan.offsets[population] + index)))
        }
      }
    }

    /// Advances one population and returns its spikes.
    private mutating func update(_ population: Int, tick: Int) -> [(index: Int, value: Double)] {
      var drive = drive(population, tick: tick)
      let own = model.network.populations[population]
      if let equations = own.equations { return update(population, equations, drive) }
      let constants = model.plan.neurons[population]
      let dynamics = model.network.dynamics
      let currents = randomCurrents(population, tick: tick)
      let thresholdNoise = noise(population, tick: tick, addingTo: &drive.steps)
      var spikes: [(index: Int, value: Double)] = []
      for n in 0..<own.size {
        var input = drive.held[n]
        if let fraction = constants.synapseFraction, let synapse = own.synapse {
          let before = i[population][n]
          let after = before + fraction[n] * (synapse.weight[n] * input - before)
          i[population][n] = after
          input = dynamics.synapseCurrent == .new ? after : before
        }
        if let currents { input += currents[n] }
        var potential = v[population][n]
        if let fraction = constants.leakFraction, fraction[n] == 1 {
          // Nothing is left of the last tick's potential; the general form would round it in and out again.
          potential = own.leak[n] + own.r[n] * input
        } else if let fraction = constants.leakFraction {
          potential += fraction[n] * (own.leak[n] - potential + own.r[n] * input)
        } else {
          potential += own.r[n] * input
        }
        potential += drive.steps[n]
        if let firing = own.firing {
          let threshold = firing.threshold[n] + (thresholdNoise?[n] ?? 0)
          if refractory[population][n] > 0 {
            refractory[population][n] -= 1
            if dynamics.reset == .zero, firing.quantum == nil { potential = firing.reset[n] }
          } else if dynamics.fire == .strict
            ? potential > threshold : potential >= threshold
          {
            spikes.append((n, 1))
            if let quantum = firing.quantum {
              potential -= quantum[n]
            } else {
              potential = dynamics.reset == .zero ? firing.reset[n] : potential - firing.threshold[n]
            }
            refractory[population][n] = constants.refractoryTicks[n]
          }
        }
        v[population][n] = potential
        potentials[population][n] += potential
      }
      return spikes
    }

    /// A tick of a population with equations: what arrived steps the potential, then time goes on.
    ///
    /// At most one spike in a tick leaves a neuron.
    private mutating func update(
      _ population: Int, _ equations: NeuronEquations, _ drive: (held: [Double], steps: [Double])
    ) -> [(index: Int, value: Double)] {
      guard var integrator = integrators[population] else { return [] }
      let own = model.network.populations[population]
      let dt = model.network.dynamics.dt
      let constant = model.plan.current[population]
      var spikes: [(index: Int, value: Double)] = []
      for n in 0..<own.size {
        // V/s are mV/ms.
        let current = constant * own.r[n] / dt / equations.gain
        let step = 1e3 * (drive.steps[n] + (drive.held[n] - constant) * own.r[n])
        var fires = integrator.kick(&neurons[population][n], by: step)
        integrator.advance(&neurons[population][n], by: 1e3 * dt, current: current) { _, _, isSpike in
          if isSpike { fires = true }
        }
        let potential = 1e-3 * neurons[population][n].y[0]
        v[population][n] = potential
        potentials[population][n] += potential
        if fires { spikes.append((n, 1)) }
      }
      integrators[population] = integrator
      return spikes
    }

    /// The summed input of a population: amplitudes held over the tick, and steps of v.
    private func drive(_ population: Int, tick: Int) -> (held: [Double], steps: [Double]) {
      let plan = model.plan
      let size = model.network.populations[population].size
      var held = [Double](repeating: plan.current[population], count: size)
      var steps = [Double](repeating: 0, count: size)
      for projection in plan.into[population] {
        let values = projected(projection, tick: tick)
        for n in 0..<size {
          if projection.isStep { steps[n] += values[n] } else { held[n] += values[n] }
        }
      }
      for stimulus in plan.poisson[population] where !stimulus.thresholds.isEmpty {
        for n in 0..<size {
          let draw = CounterRandom.draw(
            seed: seed, sample: UInt32(truncatingIfNeeded: sample),
            tick: UInt32(truncatingIfNeeded: tick + startTicks[population]),
            index: UInt32(truncatingIfNeeded: stimulus.firstIndex + n), .poisson)
          let amount = stimulus.weight * Double(stimulus.count(for: draw))
          if stimulus.isStep { steps[n] += amount } else { held[n] += amount }
        }
      }
      return (held, steps)
    }

    /// The random currents of a tick, which go past the synapse; nil for a population without any.
    private mutating func randomCurrents(_ population: Int, tick: Int) -> [Double]? {
      let stimuli = model.plan.random[population]
      if stimuli.isEmpty { return nil }
      let size = model.network.populations[population].size
      var sum = [Double](repeating: 0, count: size)
      for (k, stimulus) in stimuli.enumerated() {
        let before = random[population][k]
        random[population][k] = (0..<size).map { n in
          let source = source(stimulus.firstStream + n)
          let draw = UInt32(truncatingIfNeeded: tick + startTicks[population])
          return before.isEmpty
            ? stimulus.process.start(source, draw: draw)
            : stimulus.process.next(before[n], after: model.network.dynamics.dt, source, draw: draw)
        }
        for n in 0..<size { sum[n] += random[population][k][n] }
      }
      return sum
    }

    /// Adds the population's noise to `steps`, and returns that of the thresholds; nil without any.
    private func noise(_ population: Int, tick: Int, addingTo steps: inout [Double]) -> [Double]? {
      let own = model.network.populations[population]
      guard let noise = own.noise else { return nil }
      let first = model.plan.offsets[population]
      let neurons = model.network.populations.reduce(0) { $0 + $1.size }
      let draw = UInt32(truncatingIfNeeded: tick + startTicks[population])
      var thresholds = [Double](repeating: 0, count: own.size)
      for n in 0..<own.size {
        let normal: (membrane: Double, threshold: Double)
        if let words {
          normal = words.normal(first + n, sample: sample, tick: Int(draw))
        } else {
          normal = (
            noise.step == 0 ? 0 : source(first + n).normal(draw),
            noise.threshold == 0 ? 0 : source(neurons + first + n).normal(draw)
          )
        }
        steps[n] += noise.step * normal.membrane
        thresholds[n] = noise.threshold * normal.threshold
      }
      return thresholds
    }

    private func source(_ stream: Int) -> RandomSource {
      RandomSource(
        seed: seed, sample: UInt32(truncatingIfNeeded: sample), stream: UInt32(truncatingIfNeeded: stream))
    }

    private func projected(_ projection: Prepared, tick: Int) -> [Double] {
      var active: [(index: Int, value: Double)] = []
      if tick >= projection.delay {
        let slot = (tick - projection.delay) % model.plan.history
        switch projection.source {
        case .input(let input): active = arrived[slot][input]
        case .population(let source): active = fired[slot][source]
        }
      }
      var result: [Double] = []
      for map in projection.maps {
        result = map.apply(active)
        active = result.enumerated().filter { $1 != 0 }.map { ($0, $1) }
      }
      return result
    }
  }
}
