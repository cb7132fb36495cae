import ChipModel
import Compiler
import Emulator
import Foundation
import NetworkIR
import Observations
import TestSupport
import Testing

/// `electrical.circuit: "axonHillock"`: the rate of a neuron without leak does not depend on capacitance to ground, as
/// ngspice has it (axon_hillock.csv).
@Suite struct AxonHillockTests {
  /// Mean interval of the spikes of an emulated neuron without leak, seconds.
  private func interval(
    current: Double, node: String, circuit: String, parasitics: Parasitics = .model
  ) throws -> Double {
    let dt = 1e-6 * 4.5e-13 / current / 1e-3
    let network = Network(
      name: "ramp", dynamics: Dynamics(dt: dt), inputs: [],
      populations: [
        // C_membrane · (V_θ − V_r) = 0.45 pC, the charge C_fb · V_dd of the table's circuit.
        Population(
          name: "n", shape: [1], model: "IF", tau: nil, r: [dt / 500e-15], leak: [0],
          firing: Population.Firing(threshold: [1.2], reset: [0.3], refractory: [0]), initial: [0.3],
          physical: Population.Physical(capacitance: 500e-15))
      ],
      projections: [], stimuli: [Stimulus(target: 0, kind: .current(current))],
      outputs: [OutputPort(name: "n", population: 0)])
    let chip = try Chip.load(
      "tessera", directories: [Repository.path("chips")],
      overrides: [("electrical.circuit", circuit), ("electrical.parasitics.node", node)])
    let image = try Pipeline.compile(
      network, manifest: FidelityManifest(), chip: chip, options: CompileOptions(parasitics: parasitics)
    ).image
    let ticks = 12_000
    let record = try Emulator(image).run(
      SpikeTrains(samples: 1, ticks: ticks, channels: 0, events: []),
      options: RunOptions(samples: 1, ticks: ticks))
    let times = record.spikes.events.map { Double($0.tick) * dt }
    let first = try #require(times.first)
    let last = try #require(times.last)
    return (last - first) / Double(times.count - 1)
  }

  @Test(arguments: [Parasitics.ignore, .model, .compensate])
  func capacitanceToGroundCancels(parasitics: Parasitics) throws {
    var compared = 0
    for row in try GoldenTable.rows("ChipModel", "axon_hillock.csv") {
      guard try row.text("model") == "ideal_trap", try row.number("C_fb_F") == 2.5e-13 else { continue }
      let current = try row.number("I_in_A")
      guard current <= 2e-9 else { continue }
      compared += 1
      let low = try row.number("tL_spice")
      for node in ["12 fF", "250 fF"] {
        let emulated = try interval(
          current: current, node: node, circuit: "axonHillock", parasitics: parasitics)
        // A thousand ticks per interval: one of them, and the table's own 8e-4.
        #expect(abs(emulated / low - 1) < 2e-3, "\(row) \(node): \(emulated)")
      }
    }
    #expect(compared >= 4)
  }

  /// The other circuit is as much slower as its column is larger.
  @Test func comparatorSlows() throws {
    let (small, large) = (
      try interval(current: 1e-9, node: "12 fF", circuit: "comparator"),
      try interval(current: 1e-9, node: "250 fF", circuit: "comparator")
    )
    #expect(abs(small / 4.5e-4 - 639.2 / 500) < 5e-3)
    #expect(abs(large / small - (639.2 + 238) / 639.2) < 5e-3)
  }
}
