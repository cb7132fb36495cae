import Observations
import TestSupport
import Testing

/// Runs of `samples` samples whose neurons fire as the golden pairs do, first pair in sample 0, neuron 0, and so on.
private func run(_ trains: [[Int]], samples: Int, sizes: [Int]) -> Activity {
  let neurons = sizes.reduce(0, +)
  var events: [SpikeTrains.Event] = []
  for (number, train) in trains.enumerated() {
    for tick in Set(train) {
      events.append(
        SpikeTrains.Event(
          sample: Int32(number / neurons), tick: Int32(tick), channel: Int32(number % neurons),
          count: UInt8(train.count { $0 == tick })))
    }
  }
  return Activity(
    populations: sizes.enumerated().map { .init(name: "p\($0.offset)", model: "LIF", size: $0.element) },
    samples: samples, ticks: 32, dt: 1e-3,
    spikes: SpikeTrains(samples: samples, ticks: 32, channels: neurons, events: events.sorted()),
    outputSums: [],
    outputCount: 0)
}

@Suite("Distances of populations")
struct PopulationDistancesTests {
  @Test("the means over samples and neurons of what elephant and PySpike give for each pair")
  func means() throws {
    let table = try goldenTable("tick_pairs.csv")
    let (samples, sizes) = (3, [12, 0, 7])
    let a = run(try table.map { try $0.integers("a") }, samples: samples, sizes: sizes)
    let b = run(try table.map { try $0.integers("b") }, samples: samples, sizes: sizes)
    // Parameters in seconds and per second; the table's are 10 ticks, the default, and 0.1 per tick.
    for distances in [populationDistances(a, b), populationDistances(a, b, timeConstant: 0.01, cost: 100)] {
      var begin = 0
      for (distance, size) in zip(distances, sizes) {
        let rows = table.indices.filter { (begin..<begin + size).contains($0 % 19) }.map { table[$0] }
        begin += size
        func mean(_ column: String) throws -> Double {
          try rows.reduce(0.0) { $0 + (try $1.number(column)) } / Double(max(rows.count, 1))
        }
        // elephant gives up to 3e-8 where trains are equal.
        #expect(abs(distance.vanRossum - (try mean("van_rossum_tau10"))) < 1e-7)
        #expect(agree(distance.victorPurpura, try mean("victor_purpura_q0.1")))
        #expect(agree(distance.isi, try mean("isi_distance")))
        #expect(agree(distance.spike, try mean("spike_distance")))
        let sync = rows.isEmpty ? 1 : try mean("spike_sync")
        #expect(agree(distance.spikeSync, sync))
      }
      #expect(distances.map(\.name) == ["p0", "p1", "p2"])
    }
  }

  @Test("runs that are equal are at distance 0, in any order at the same distance")
  func equalAndSymmetric() throws {
    let table = try goldenTable("tick_pairs.csv")
    let a = run(try table.map { try $0.integers("a") }, samples: 3, sizes: [19])
    let b = run(try table.map { try $0.integers("b") }, samples: 3, sizes: [19])
    let none = PopulationDistance(name: "p0", vanRossum: 0, victorPurpura: 0, isi: 0, spike: 0, spikeSync: 1)
    #expect(populationDistances(a, a) == [none])
    let (there, back) = (populationDistances(a, b)[0], populationDistances(b, a)[0])
    #expect(agree(there.spike, back.spike) && agree(there.isi, back.isi) && there.spike > 0)
    #expect(there.spikeSync == back.spikeSync && there.vanRossum > 0)
  }
}
