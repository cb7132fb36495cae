import ChipModel
import Compiler
import Foundation
import NetworkIR
import Observations
import RateTheory
import ReferenceModel
import Testing

@testable import rheobase

/// Chips whose devices differ, against the closed form of the neuron.
@Suite struct MismatchTests {
  private static let ticks = 3000
  private static let silence = SpikeTrains(samples: 1, ticks: ticks, channels: 0, events: [])
  /// V∞ 1 V, threshold 0.6 V, reset 0.1 V, τ 20 ms on 500 fF: about 65 Hz.
  private static let membrane = LeakyIntegrator(
    capacitance: 500e-15, leakConductance: 25e-12, leakReversal: 0, threshold: 0.6, reset: 0.1,
    refractory: 1e-3)
  private static let current = 25e-12

  private struct Case {
    var network: CoreNetwork
    var scales: DeviceScales
    var runs: LadderRuns
    var reference: Activity
  }

  /// A population under constant current on a chip without coupling, so that neurons do not see each other.
  private static func driven(size: Int, _ integrator: Dynamics.Integrator = .euler) throws -> Case {
    func all(_ value: Double) -> [Double] { [Double](repeating: value, count: size) }
    let network = Network(
      name: "driven", dynamics: Dynamics(dt: 1e-4, integrator: integrator), inputs: [],
      populations: [
        Population(
          name: "a", shape: [size], model: "LIF", tau: all(20e-3), r: all(4e10), leak: all(0),
          firing: Population.Firing(threshold: all(0.6), reset: all(0.1), refractory: all(1e-3)),
          initial: all(0.1), physical: Population.Physical(capacitance: 500e-15))
      ], projections: [], stimuli: [Stimulus(target: 0, kind: .current(current))],
      outputs: [OutputPort(name: "out", population: 0)])
    let compilation = try Pipeline.compile(
      network, manifest: FidelityManifest(),
      chip: try Bundled.tessera([("electrical.parasitics.coupling", "0 fF")]),
      options: CompileOptions(parasitics: .model))
    let places = NeuronPlaces(compilation.image)
    return Case(
      network: CoreNetwork(compilation.ladder, acting: Set(Cause.switched), places: places),
      scales: DeviceScales(compilation, integrator: integrator),
      runs: LadderRuns(
        parameters: compilation.ladder, places: places, input: silence, ticks: ticks, samples: 1, seed: 3),
      reference: FloatNetwork(network).run(silence, ticks: ticks, samples: 1))
  }

  private static func mismatch(
    capacitance: Double = 0, leak: Double = 0, threshold: Double = 0, weight: Double = 0
  ) -> Chip.Electrical.Mismatch {
    Chip.Electrical.Mismatch(capacitance: capacitance, leak: leak, threshold: threshold, weight: weight)
  }

  /// Rate of the neuron whose devices are `offset` standard deviations off: the drive is a charge per tick, so a stronger leak lowers
  /// V∞ and a larger capacitance does not.
  private static func closedForm(
    _ mismatch: Chip.Electrical.Mismatch, offset: Double, total: Double
  ) -> Double {
    var neuron = membrane.withCapacitance(total + offset * mismatch.capacitance * 500e-15)
    neuron.leakConductance *= 1 + offset * mismatch.leak
    neuron.threshold += offset * mismatch.threshold
    return neuron.rate(current: current)
  }

  /// From the intervals between a neuron's first and last spike, which are all alike.
  private static func rates(_ network: CoreNetwork) -> [Double] {
    let run = network.run(silence, ticks: ticks, samples: 1, seed: 3)
    var spikes = [[Double]](repeating: [], count: network.populations[0].size)
    for event in run.spikes.events { spikes[Int(event.channel)].append(Double(event.tick)) }
    return spikes.map { own in
      guard own.count > 1 else { return 0 }
      return Double(own.count - 1) / ((own[own.count - 1] - own[0]) * run.dt)
    }
  }

  private static let kinds = [
    mismatch(capacitance: 0.05), mismatch(leak: 0.05), mismatch(threshold: 0.02),
    mismatch(capacitance: 0.02, leak: 0.02, threshold: 0.01),
  ]

  /// The spread of 400 rates is the first-order one of the closed form; its own standard error is 3.5 %, and ticks of
  /// 100 us add 0.2 % of the rate, in quadrature.
  @Test("Rates spread as the closed form says", arguments: kinds.indices)
  func spread(kind: Int) throws {
    let mismatch = Self.kinds[kind]
    let own = try Self.driven(size: 400)
    let total = 500e-15 / (try #require(own.scales.drawnShare.first))
    let parts = [
      Self.mismatch(capacitance: mismatch.capacitance), Self.mismatch(leak: mismatch.leak),
      Self.mismatch(threshold: mismatch.threshold),
    ]
    let expected = parts.reduce(0) { sum, part in
      let slope =
        (Self.closedForm(part, offset: 0.1, total: total) - Self.closedForm(part, offset: -0.1, total: total))
        / 0.2
      return sum + slope * slope
    }.squareRoot()
    let draws = DeviceOffsets.drawn(MismatchDraws(seed: 5, instance: 0))
    let rates = Self.rates(own.network.mismatched(mismatch, draws, scales: own.scales))
    let mean = rates.reduce(0, +) / Double(rates.count)
    let measured =
      (rates.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(rates.count - 1)).squareRoot()
    #expect(abs(mean / Self.closedForm(Self.mismatch(), offset: 0, total: total) - 1) < 0.01)
    #expect(abs(measured / expected - 1) < 0.12, "\(measured) Hz, expected \(expected) Hz")
    let alike = Self.rates(own.network)
    #expect(Set(alike).count == 1)
  }

  /// All neurons 3 standard deviations off, each kind and way: the closed form of that neuron, to a tick in a period.
  @Test("Corners are the closed form's", arguments: kinds.indices, [Dynamics.Integrator.euler, .exponential])
  func corners(kind: Int, integrator: Dynamics.Integrator) throws {
    let mismatch = Self.kinds[kind]
    let own = try Self.driven(size: 2, integrator)
    let total = 500e-15 / (try #require(own.scales.drawnShare.first))
    for offset in [-3.0, 3] {
      let corner = DeviceOffsets.Corner(
        capacitance: offset, leak: offset, threshold: offset, weight: offset)
      let rate = try #require(
        Self.rates(own.network.mismatched(mismatch, .corner(corner), scales: own.scales)).first)
      let expected = Self.closedForm(mismatch, offset: offset, total: total)
      #expect(abs(1 / rate - 1 / expected) < 1.2e-4, "\(rate) Hz, expected \(expected) Hz")
    }
    #expect(Set(DeviceOffsets.Corner.all(sigmas: 3).map { "\($0)" }).count == 16)
  }

  @Test func devicesThatAreAlikeChangeNothing() throws {
    let own = try Self.driven(size: 400)
    let draws = DeviceOffsets.drawn(MismatchDraws(seed: 5, instance: 0))
    #expect(
      Self.rates(own.network.mismatched(Self.mismatch(), draws, scales: own.scales))
        == Self.rates(own.network))
  }

  /// Every crosspoint differs on its own, by the standard deviation asked for.
  @Test func weightsDiffer() throws {
    let compilation = try Pipeline.compile(
      try Bundled.digits.imported().network, manifest: FidelityManifest(), chip: try Bundled.tessera(),
      options: CompileOptions())
    let network = CoreNetwork(
      compilation.ladder, acting: Set(Cause.switched), places: NeuronPlaces(compilation.image))
    let other = network.mismatched(
      Self.mismatch(weight: 0.05), .drawn(MismatchDraws(seed: 5, instance: 0)),
      scales: DeviceScales(compilation, integrator: .euler))
    var ratios: [Double] = []
    for (connection, changed) in zip(network.connections, other.connections) {
      #expect(zip(connection.weight, changed.weight).allSatisfy { ($0 == 0) == ($1 == 0) })
      ratios += zip(connection.weight, changed.weight).filter { $0.0 != 0 }.map { $1 / $0 - 1 }
    }
    #expect(ratios.count > 9000 && Set(ratios).count == ratios.count)
    let mean = ratios.reduce(0, +) / Double(ratios.count)
    let deviation = (ratios.reduce(0) { $0 + $1 * $1 } / Double(ratios.count)).squareRoot()
    #expect(abs(mean) < 4 * 0.05 / Double(ratios.count).squareRoot())
    #expect(abs(deviation / 0.05 - 1) < 0.03)
    #expect(other.populations.map(\.threshold) == network.populations.map(\.threshold))
    #expect(other.populations.map(\.gain) == network.populations.map(\.gain))
  }

  /// Moments and tails of 40 000 numbers, within four standard errors.
  @Test func drawsAreNormal() {
    let draws = MismatchDraws(seed: 9, instance: 4)
    let numbers = draws.numbers(40_000, stream: 2)
    func moment(_ power: Double) -> Double { numbers.reduce(0) { $0 + pow($1, power) } / 40_000 }
    #expect(abs(moment(1)) < 0.02 && abs(moment(2) - 1) < 0.03)
    #expect(abs(moment(3)) < 0.08 && abs(moment(4) - 3) < 0.2)
    let outside = Double(numbers.count { abs($0) > 1.959964 }) / 40_000
    #expect(abs(outside - 0.05) < 0.0044)
    #expect(draws.numbers(7, stream: 2) == Array(numbers.prefix(7)))
    #expect(draws.numbers(7, stream: 3) != Array(numbers.prefix(7)))
    #expect(MismatchDraws(seed: 9, instance: 5).numbers(7, stream: 2) != Array(numbers.prefix(7)))
    #expect(MismatchDraws(seed: 10, instance: 4).numbers(7, stream: 2) != Array(numbers.prefix(7)))
  }

  @Test func percentilesAreNearestRanks() throws {
    let spread = try #require(MismatchReport.Spread((1...40).map(Double.init).reversed()))
    #expect(
      spread.minimum == 1 && spread.p5 == 2 && spread.p50 == 20 && spread.p95 == 38 && spread.maximum == 40)
    #expect(spread.mean == 20.5)
    #expect(MismatchReport.Spread([]) == nil)
    #expect(MismatchReport.Spread([3])?.p5 == 3)
  }

  /// The whole report: the same for any number of threads, and yields that follow from what the chips have.
  @Test func reportOfDigits() throws {
    let imported = try Bundled.digits.imported()
    var input = try Bundled.digits.input()
    let samples = 40
    input.events = input.events.filter { $0.sample < samples }
    input.samples = samples
    input.labels = input.labels.map { Array($0.prefix(samples)) }
    let compilation = try Pipeline.compile(
      imported.network, manifest: imported.manifest, chip: try Bundled.tessera(),
      options: CompileOptions(parasitics: .compensate))
    let places = NeuronPlaces(compilation.image)
    let runs = LadderRuns(
      parameters: compilation.ladder, places: places, input: input, ticks: input.ticks, samples: samples,
      seed: 1)
    let reference = FloatNetwork(imported.network).run(input)
    func report(_ bounds: ChipBounds, threads: Int) -> MismatchReport {
      MismatchReport(
        CoreNetwork(compilation.ladder, acting: Set(Cause.switched), places: places),
        mismatch: Self.mismatch(capacitance: 0.01, leak: 0.05, threshold: 0.01, weight: 0.3),
        scales: DeviceScales(compilation, integrator: .euler), runs: runs, reference: reference,
        labels: input.labels, instances: 9, cornerSigmas: 3, bounds: bounds, threads: threads, progress: nil)
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let all = report(ChipBounds(tolerance: 10, minimumAccuracy: 0), threads: 1)
    #expect(
      try encoder.encode(all)
        == encoder.encode(report(ChipBounds(tolerance: 10, minimumAccuracy: 0), threads: 3)))
    #expect(all.yield == 1 && all.instances == 9 && all.seed == 1)
    #expect(report(ChipBounds(), threads: 2).yield == nil)
    #expect(report(ChipBounds(tolerance: 0, minimumAccuracy: nil), threads: 2).yield == 0)
    let accuracy = try #require(all.accuracy)
    let some = report(ChipBounds(tolerance: nil, minimumAccuracy: accuracy.p50), threads: 2)
    #expect(try #require(some.yield) >= 5.0 / 9)
    #expect(
      report(ChipBounds(tolerance: nil, minimumAccuracy: accuracy.maximum + 0.01), threads: 2).yield == 0)
    // Without mismatch the core model is the chip.
    let (_, chip) = try Bundled.run(compilation, input)
    #expect(all.nominal.hertz == chip.first(2).meanRates())
    #expect(all.nominal.accuracy == chip.correct(input.labels).map { Double($0) / Double(samples) })
    let corners = try #require(all.corners)
    #expect(corners.count == 16)
    #expect(try #require(corners.first?.chip.accuracy) <= (try #require(corners.last?.chip.accuracy)))
  }
}
