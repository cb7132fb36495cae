import FixedPoint
import NetworkIR
import Observations

/// Small networks with reproducible weights.
struct Synthetic {
  /// Uniform in −1 … 1 from the counter-based generator.
  static func uniform(_ i: Int, _ stream: UInt32) -> Double {
    Double(CounterRandom.philox(UInt32(i), stream, 0, 99, key: 7).0) / 2_147_483_648 - 1
  }

  static func dense(_ rows: Int, _ columns: Int, scale: Double, stream: UInt32, density: Double = 1)
    -> LinearMap
  {
    .dense(
      weight: (0..<rows * columns).map { i in
        (uniform(i, stream &+ 1000) + 1) / 2 < density ? scale * uniform(i, stream) : 0
      }, rows: rows, columns: columns, bias: nil)
  }

  static func lif(_ name: String, _ size: Int, tau: Double = 1e-3, threshold: Double = 1) -> Population {
    Population(
      name: name, shape: [size], model: "LIF", tau: [Double](repeating: tau, count: size),
      r: [Double](repeating: 10, count: size), leak: [Double](repeating: 0, count: size),
      firing: Population.Firing(
        threshold: [Double](repeating: threshold, count: size),
        reset: [Double](repeating: 0, count: size), refractory: [Double](repeating: 0, count: size)),
      initial: [Double](repeating: 0, count: size))
  }

  static func integrateAndFire(_ name: String, _ size: Int, threshold: Double) -> Population {
    var population = lif(name, size, threshold: threshold)
    population.model = "IF"
    population.tau = nil
    population.r = [Double](repeating: 1, count: size)
    return population
  }

  /// 20 channels, 6 integrate-and-fire neurons, 4 of them, by weights of [target][source].
  static func signs(_ weights: (a: [[Double]], b: [[Double]]), reset: Dynamics.ResetMode) -> Network {
    func map(_ weight: [[Double]]) -> LinearMap {
      .dense(weight: weight.flatMap { $0 }, rows: weight.count, columns: weight[0].count, bias: nil)
    }
    return Network(
      name: "signs", dynamics: Dynamics(reset: reset, fire: .inclusive),
      inputs: [InputPort(name: "in", shape: [20])],
      populations: [integrateAndFire("a", 6, threshold: 3), integrateAndFire("b", 4, threshold: 2)],
      projections: [
        Projection(source: .input(0), target: 0, maps: [map(weights.a)]),
        Projection(source: .population(0), target: 1, maps: [map(weights.b)]),
      ], outputs: [OutputPort(name: "out", population: 1)])
  }

  static func spikes(samples: Int, ticks: Int, channels: Int, probability: Double) -> SpikeTrains {
    var events: [SpikeTrains.Event] = []
    for s in 0..<samples {
      for t in 0..<ticks {
        for c in 0..<channels where (uniform((s * ticks + t) * channels + c, 5) + 1) / 2 < probability {
          events.append(SpikeTrains.Event(sample: Int32(s), tick: Int32(t), channel: Int32(c)))
        }
      }
    }
    return SpikeTrains(samples: samples, ticks: ticks, channels: channels, events: events)
  }
}
