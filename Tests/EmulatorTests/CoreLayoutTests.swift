import ProgramImage
import TestSupport
import Testing

@testable import Emulator

/// Full rows or lists, straight or through axons: no record depends on it.
@Suite struct CoreLayoutTests {
  private static let densities = [1, 2, 5, 12, 30]

  @Test(arguments: RunOptions.Mesh.allCases)
  func noRecordDependsOnIt(mesh: RunOptions.Mesh) throws {
    var seen: [String: Int] = [:]
    for seed in UInt64(0)..<20 {
      let program = RandomProgram.flat(
        seed, widths: 4...40, density: Self.densities[Int(seed) % Self.densities.count])
      let options = RunOptions(samples: program.samples, ticks: program.ticks, probes: program.probes)
      let chosen = Emulator(program.image, mesh: mesh)
      for core in 0..<program.image.cores.count {
        seen[chosen.tables.synapses.hasRows(core: core) ? "rows" : "lists", default: 0] += 1
      }
      seen[chosen.beforehand != nil || chosen.ideal?.flat != nil ? "straight" : "by axons", default: 0] += 1
      let record = try chosen.run(program.input, options: options)
      for cost in [0, Double.infinity] {
        let other = Emulator(program.image, mesh: mesh, crosspointsPerSynapse: cost)
        #expect(
          (0..<program.image.cores.count).allSatisfy { other.tables.synapses.hasRows(core: $0) == (cost > 0) }
        )
        let difference = firstDifference(record, try other.run(program.input, options: options))
        #expect(difference == nil, "seed \(seed): as chosen (left) against \(cost > 0 ? "rows" : "lists")")
      }
    }
    for kind in ["rows", "lists", "straight", "by axons"] { #expect(seen[kind, default: 0] > 3, "\(kind)") }
  }

  /// Rows of a core that no neuron feeds keep no spike from going straight to the others.
  @Test func coresThatOnlyInputsFeedAreInNobodysWay() throws {
    let programs = (UInt64(0)..<20).lazy.map { RandomProgram.flat($0, widths: 20...40, density: 1) }
    var program = try #require(programs.first { $0.image.inputs.core.count > 2 })
    let count = program.image.neurons.count
    program.image.routes = .init()
    program.image.routes.begin = [Int64](repeating: 0, count: count + 1)
    let emulator = Emulator(program.image, mesh: .ideal)
    #expect(emulator.ideal?.flat != nil && emulator.tables.synapses.hasRows(core: 0))
    let options = RunOptions(samples: program.samples, ticks: program.ticks)
    let record = try emulator.run(program.input, options: options)
    let lists = Emulator(program.image, mesh: .ideal, crosspointsPerSynapse: 0)
    #expect(record.counters.inputEvents > 0)
    #expect(firstDifference(record, try lists.run(program.input, options: options)) == nil)
  }
}
