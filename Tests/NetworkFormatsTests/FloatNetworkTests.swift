import FixedPoint
import NetworkIR
import Observations
import ReferenceModel
import Testing

@testable import NetworkFormats

@Suite struct FloatNetworkTests {
  /// One LIF neuron of 500 fF and 25 pS, as in the golden table, driven by a constant current.
  private func rate(current: Double, dt: Double, seconds: Double) -> Double {
    let neuron = Population(
      name: "n", shape: [1], model: "LIF", tau: [0.02], r: [4e10], leak: [0.2],
      firing: .init(threshold: [0.6], reset: [0.1], refractory: [1e-3]), initial: [0.2])
    let network = Network(
      name: "fI", dynamics: Dynamics(dt: dt, integrator: .exponential), inputs: [], populations: [neuron],
      projections: [], stimuli: [Stimulus(target: 0, kind: .current(current))], outputs: [])
    let activity = FloatNetwork(network).run(nil, ticks: Int((seconds / dt).rounded()))
    let ticks = activity.spikes.events.map { Double($0.tick) * dt }
    guard ticks.count > 1, let first = ticks.first, let last = ticks.last else { return 0 }
    return Double(ticks.count - 1) / (last - first)
  }

  /// Rates against the closed form and against ngspice (`lif_fI.csv`: ampere, hertz, hertz).
  @Test func rateAgainstCurrent() throws {
    for row in try Fixtures.table(Fixtures.golden("lif_fI.csv")) {
      let mine = rate(current: row[0], dt: 1e-5, seconds: row[1] > 0 ? 20 / row[1] : 0.5)
      // A period is a whole number of ticks, so it is known to one tick, and the refractory tick is exact.
      #expect(abs(mine - row[1]) <= row[1] * row[1] * 2e-5 + 1e-9, "\(row[0]) A")
      #expect(abs(mine - row[2]) <= row[2] * row[2] * 2e-5 + 1e-3 * row[2] + 1e-9, "\(row[0]) A")
    }
  }

  /// A relay of IF neurons: what goes in comes out, as late as the delays say.
  private func relay(delays: [Int], unit: Projection.Unit = .step) -> Network {
    let populations = delays.indices.map { k in
      Population(
        name: "p\(k)", shape: [1], model: "IF", tau: nil, r: [1], leak: [0],
        firing: .init(threshold: [0.5], reset: [0], refractory: [0]), initial: [0])
    }
    return Network(
      name: "relay", dynamics: Dynamics(), inputs: [InputPort(name: "in", shape: [1])],
      populations: populations,
      projections: delays.enumerated().map { k, delay in
        Projection(
          source: k == 0 ? .input(0) : .population(k - 1), target: k, maps: [.diagonal([1])], unit: unit,
          delayTicks: delay)
      }, outputs: [OutputPort(name: "out", population: delays.count - 1)])
  }

  @Test(arguments: [Projection.Unit.step, .held]) func delaysAreHonoured(unit: Projection.Unit) {
    let network = relay(delays: [0, 3, 0, 7], unit: unit)
    let input = SpikeTrains(
      samples: 2, ticks: 30, channels: 1,
      events: [0, 1, 5, 18, 25].map { .init(sample: 0, tick: $0, channel: 0) }
        + [.init(sample: 1, tick: 2, channel: 0)])
    let activity = FloatNetwork(network).run(input)
    func ticks(_ population: Int, _ sample: Int32) -> [Int32] {
      activity.spikes.events.filter { $0.channel == Int32(population) && $0.sample == sample }.map(\.tick)
    }
    #expect(ticks(0, 0) == [0, 1, 5, 18, 25])
    #expect(ticks(1, 0) == [3, 4, 8, 21, 28])
    #expect(ticks(2, 0) == [3, 4, 8, 21, 28])
    #expect(ticks(3, 0) == [10, 11, 15, 28])
    #expect(ticks(3, 1) == [12])
    #expect(activity.outputSums == [4, 1])
    #expect(activity.spikes.events == activity.spikes.events.sorted())
  }

  /// `step` goes to v past the leak's factor; `held` is scaled by f·r.
  @Test func stepAndHeld() {
    func firstPotential(_ unit: Projection.Unit) -> Double {
      let readout = Population(
        name: "v", shape: [1], model: "LI", tau: [1e-3], r: [5], leak: [0.25], firing: nil, initial: [1])
      let network = Network(
        name: "one", dynamics: Dynamics(dt: 1e-4), inputs: [InputPort(name: "in", shape: [1])],
        populations: [readout],
        projections: [Projection(source: .input(0), target: 0, maps: [.diagonal([2])], unit: unit)],
        outputs: [OutputPort(name: "v", population: 0)])
      let input = SpikeTrains(
        samples: 1, ticks: 1, channels: 1, events: [.init(sample: 0, tick: 0, channel: 0, count: 3)])
      return FloatNetwork(network).run(input).outputSums[0]
    }
    let leaked = 1 + 0.1 * (0.25 - 1)
    #expect(abs(firstPotential(.step) - (leaked + 6)) < 1e-12)
    #expect(abs(firstPotential(.held) - (leaked + 0.1 * 5 * 6)) < 1e-12)
  }

  @Test func refractoryTicks() {
    for (reset, expected) in [(Dynamics.ResetMode.zero, [0, 4, 8]), (.subtract, [0, 4, 8])] {
      var neuron = Population(
        name: "n", shape: [1], model: "IF", tau: nil, r: [1], leak: [0],
        firing: .init(threshold: [0.5], reset: [0], refractory: [3e-4]), initial: [0])
      neuron.firing?.refractory = [3e-4]
      let network = Network(
        name: "r", dynamics: Dynamics(reset: reset), inputs: [], populations: [neuron], projections: [],
        stimuli: [Stimulus(target: 0, kind: .current(1))], outputs: [])
      let spikes = FloatNetwork(network).run(nil, ticks: 10).spikes.events.map { Int($0.tick) }
      #expect(spikes == expected)
    }
  }

  @Test func comparisonAtTheThreshold() {
    func spikes(_ fire: Dynamics.Comparison) -> Int {
      let neuron = Population(
        name: "n", shape: [1], model: "IF", tau: nil, r: [1], leak: [0],
        firing: .init(threshold: [1], reset: [0], refractory: [0]), initial: [0])
      let network = Network(
        name: "c", dynamics: Dynamics(fire: fire), inputs: [], populations: [neuron], projections: [],
        stimuli: [Stimulus(target: 0, kind: .current(0.5))], outputs: [])
      return FloatNetwork(network).run(nil, ticks: 6).spikes.total
    }
    #expect(spikes(.inclusive) == 3)
    #expect(spikes(.strict) == 2)
  }

  /// A bias on a feedback path acts from tick 0 on, though there are no earlier spikes.
  @Test func biasOfFeedbackActsFromTheStart() throws {
    let sketch = NIRSketch(
      nodes: [
        "in": NIRSketch.port("Input", [1]), "v": NIRSketch.lif(1, threshold: 100),
        "rec": NIRSketch.linear([0], 1, 1, bias: [101]), "out": NIRSketch.port("Output", [1]),
      ],
      edges: [("in", "v"), ("rec", "v"), ("v", "rec"), ("v", "out")])
    let network = try sketch.read().network
    #expect(network.projections.map(\.delayTicks) == [0, 1])
    let silence = SpikeTrains(samples: 1, ticks: 2, channels: 1, events: [])
    #expect(FloatNetwork(network).run(silence).outputSums == [2])
  }

  // MARK: - Poisson

  private func poissonNetwork(mean: Double) -> Network {
    let counter = Population(
      name: "n", shape: [50], model: "IF", tau: nil, r: [Double](repeating: 1, count: 50),
      leak: [Double](repeating: 0, count: 50), firing: nil, initial: [Double](repeating: 0, count: 50))
    return Network(
      name: "p", dynamics: Dynamics(dt: 1e-3), inputs: [], populations: [counter, counter],
      projections: [],
      stimuli: [1, 0].map {
        Stimulus(target: $0, kind: .poisson(sources: 100, rate: mean * 10, weight: 1, unit: .held))
      }, outputs: [OutputPort(name: "a", population: 0), OutputPort(name: "b", population: 1)])
  }

  /// The draws are those of docs/emulator-semantics.md §8, numbered over stimuli, then neurons.
  @Test func poissonDrawsAreTheChips() {
    let model = FloatNetwork(poissonNetwork(mean: 1.5), seed: 9)
    let sums = model.run(nil, ticks: 1, samples: 2, startTicks: [0, 4]).outputSums
    let table = poissonThresholds(mean: 1.5)
    for sample in 0..<2 {
      for n in 0..<50 {
        func count(tick: UInt32, index: Int) -> Double {
          let draw = CounterRandom.draw(
            seed: 9, sample: UInt32(sample), tick: tick, index: UInt32(index), .poisson)
          return Double(table.filter { $0 <= draw }.count)
        }
        // The first stimulus goes to the second population.
        #expect(sums[sample * 100 + n] == count(tick: 0, index: 50 + n))
        #expect(sums[sample * 100 + 50 + n] == count(tick: 4, index: n))
      }
    }
  }

  @Test(arguments: [0.02, 1.5, 40.0]) func poissonMeanAndVariance(mean: Double) {
    // The potential after the only tick is that tick's count.
    let counts = FloatNetwork(poissonNetwork(mean: mean)).run(nil, ticks: 1, samples: 400).outputSums
    let n = Double(counts.count)
    let average = counts.reduce(0, +) / n
    let variance = counts.reduce(0) { $0 + ($1 - average) * ($1 - average) } / n
    #expect(abs(average - mean) < 5 * (mean / n).squareRoot())
    #expect(abs(variance - mean) < 5 * ((mean + 2 * mean * mean) / n).squareRoot())
  }

  /// Against SciPy: cumulative probability and the rest, both times 2^32.
  @Test func poissonTable() throws {
    var checked = 0
    for row in try Fixtures.table(Fixtures.golden("poisson.csv")) {
      let table = poissonThresholds(mean: row[0])
      let count = Int(row[1])
      if count < table.count {
        #expect(abs(Double(table[count]) - row[2].rounded(.down)) <= 1, "mean \(row[0]), count \(count)")
        checked += 1
      } else {
        #expect(row[3] < 1.001, "mean \(row[0]), count \(count)")
      }
    }
    #expect(checked > 100)
    #expect(poissonThresholds(mean: 0).isEmpty)
  }
}
