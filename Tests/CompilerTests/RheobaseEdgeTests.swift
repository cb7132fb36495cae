import ChipModel
import Compiler
import NetworkIR
import RateTheory
import Testing

/// A drive that ends at the threshold, in `compile` as in `rates`.
@Suite struct RheobaseEdgeTests {
  /// g (V_θ − E): 25 pS · 0.3 V = 7.5 pA, as sums of constants that do not round to it.
  static let rheobase = 7.5e-12
  static let drives: [[Double]] = [
    [rheobase], [2.5e-12, 2.5e-12, 2.5e-12], [rheobase * (1 + 1e-15)], [rheobase * (1 + 1e-9)],
    [rheobase * (1 - 1e-9)],
  ]

  @Test(arguments: drives)
  func compileAndRatesAgree(currents: [Double]) throws {
    let excess = currents.reduce(0, +) / Self.rheobase - 1
    let fires = excess > 1e-12
    var network = Network(
      name: "edge", dynamics: Dynamics(dt: 1e-4), inputs: [],
      populations: [
        Population(
          name: "p", shape: [1], model: "LIF", tau: [20e-3], r: [1 / 25e-12], leak: [0.9],
          firing: Population.Firing(threshold: [1.2], reset: [0.9], refractory: [1e-3]), initial: [0.9],
          physical: Population.Physical(capacitance: 500e-15))
      ], projections: [], outputs: [OutputPort(name: "p", population: 0)])
    network.stimuli = currents.map { Stimulus(target: 0, kind: .current($0)) }
    let codes = try Pipeline.compile(
      network, manifest: FidelityManifest(), chip: try Bundled.tessera(), options: CompileOptions()
    ).populations
    let reading = MeanFieldReading(network)
    let closed = try #require(codes[0].closedFormHz)
    let rate = try #require(reading.constantRate(0))
    #expect((closed > 0) == fires && (rate > 0) == fires, "\(closed) \(rate)")
    #expect((codes[0].withParasiticsHz ?? 0 > 0) == fires)
    #expect(abs(closed - rate) <= 1e-3 * rate)
    #expect(reading.driveEnd(0) == (abs(excess) < 1e-12 ? .atThreshold : fires ? .above : .below))
  }
}
