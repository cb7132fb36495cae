import Diagnostics
import Documents
import NetworkIR
import Observations
import ReferenceModel
import Testing

@testable import NetworkFormats

@Suite struct PhysicalNetworkTests {
  private static let neuron = """
    size: 4, model: "lif", capacitance: "500 fF", leakConductance: "25 pS", leakReversal: "0.2 V",
    threshold: "0.6 V", reset: "0.1 V", refractory: "1 ms"
    """

  private func read(_ text: String, _ options: ImportOptions = ImportOptions()) throws(Failure)
    -> ImportedNetwork
  {
    try PhysicalNetworkFile.importNetwork(
      Document.parse(json5: "{ format: \"rheobase-network\", version: 1, \(text) }", place: "n.json5"),
      path: "n.json5", options: options)
  }

  private func pair(_ projection: String) throws(Failure) -> ImportedNetwork {
    try read(
      """
      populations: [ { name: "a", \(Self.neuron) }, { name: "b", \(Self.neuron) } ],
      inputs: [ { name: "in", size: 3 } ],
      projections: [ { \(projection) } ], outputs: ["b"]
      """)
  }

  @Test func populationInSIUnits() throws {
    let imported = try read("dt: \"10 us\", populations: [ { name: \"exc\", \(Self.neuron) } ]")
    let population = imported.network.populations[0]
    #expect(imported.network.dynamics.dt == 1e-5)
    #expect(abs((population.tau?[0] ?? 0) - 0.02) < 1e-15)
    #expect(abs(population.r[0] - 4e10) < 1)
    #expect(population.initial == [0.2, 0.2, 0.2, 0.2])
    #expect(population.firing?.refractory[0] == 1e-3)
    #expect(abs((population.physical?.capacitance ?? 0) - 5e-13) < 1e-25)
    #expect(imported.warnings.isEmpty)
    #expect(imported.network.verify().isEmpty)
  }

  /// The option overrides the file, the file the default.
  @Test func timeStep() throws {
    let text = "dt: \"10 us\", populations: [ { name: \"exc\", \(Self.neuron) } ]"
    #expect(try read(text, ImportOptions(dt: 5e-5)).network.dynamics.dt == 5e-5)
    #expect(try read("populations: []").network.dynamics.dt == 1e-4)
  }

  @Test func weightsByDimension() throws {
    func built(_ weight: String) throws -> Projection {
      let imported = try pair(
        "from: \"in\", to: \"b\", connectivity: { kind: \"allToAll\" }, weight: \"\(weight)\"")
      return imported.network.projections[0]
    }
    let step = try built("-0.1 mV")
    #expect(step.unit == .step)
    #expect(
      step.maps == [.dense(weight: [Double](repeating: -1e-4, count: 12), rows: 4, columns: 3, bias: nil)])
    let charge = try built("50 aC")
    #expect(charge.unit == .step)
    #expect(abs((charge.maps[0].apply([1, 0, 0]))[0] - 1e-4) < 1e-15)
    let current = try built("20 pA")
    #expect(current.unit == .held)
    #expect(abs((current.maps[0].apply([0, 1, 0]))[3] - 2e-11) < 1e-22)
  }

  /// A spike of weight J makes a cubalif's current jump by J whatever dt is, and a constant current acts on
  /// the membrane at once.
  @Test(arguments: [1e-4, 1e-5]) func cubaCurrents(dt: Double) throws {
    let imported = try read(
      """
      inputs: [ { name: "in", size: 1 } ],
      populations: [ { name: "c", size: 1, model: "cubalif", capacitance: "500 fF", leakConductance: "25 pS",
        leakReversal: "0 V", threshold: "0.6 V", reset: "0 V", synapticTimeConstant: "2 ms" } ],
      projections: [ { from: "in", to: "c", connectivity: { kind: "oneToOne" }, weight: "20 pA" } ],
      stimuli: [ { into: "c", current: "5 pA" } ], outputs: ["c"]
      """, ImportOptions(dt: dt))
    let network = imported.network
    #expect(network.stimuli.isEmpty)
    #expect(abs(network.populations[0].leak[0] - 5e-12 / 25e-12) < 1e-12)
    let synapse = try #require(network.populations[0].synapse)
    let jump = network.dynamics.fraction(of: synapse.tau[0]) * synapse.weight[0] * 20e-12
    #expect(abs(jump - 20e-12) < 1e-22)
  }

  @Test func delaysAndFeedback() throws {
    let imported = try read(
      """
      populations: [ { name: "a", \(Self.neuron) }, { name: "b", \(Self.neuron) }, { name: "c", \(Self.neuron) } ],
      projections: [
        { from: "a", to: "a", connectivity: { kind: "oneToOne" }, weight: "1 mV" },
        { from: "a", to: "b", connectivity: { kind: "oneToOne" }, weight: "1 mV", delay: "1.53 ms" },
        { from: "b", to: "a", connectivity: { kind: "oneToOne" }, weight: "1 mV", delay: "0.5 ms" },
        { from: "b", to: "c", connectivity: { kind: "oneToOne" }, weight: "1 mV" } ],
      outputs: ["c"]
      """)
    #expect(imported.network.projections.map(\.delayTicks) == [1, 15, 5, 0])
    #expect(imported.network.projections.map(\.isFeedback) == [true, true, true, false])
    let changed = imported.manifest.entries.filter { $0.fidelity == .approximated }
    #expect(changed.map(\.node) == ["a → a", "a → b"])
    #expect(changed[1].note == "delay 1.53 ms is 15 ticks, 1.5 ms")
    #expect(imported.network.verify().isEmpty)
  }

  @Test func fixedIndegree() throws {
    func map(_ options: ImportOptions = ImportOptions()) throws -> LinearMap {
      try read(
        """
        populations: [ { name: "a", \(Self.neuron.replacing("size: 4", with: "size: 200")) } ],
        projections: [ { from: "a", to: "a", connectivity: { kind: "fixedIndegree", degree: 20 },
          weight: "1 mV", delay: "1 ms" } ]
        """, options
      ).network.projections[0].maps[0]
    }
    guard case .sparse(let begin, let column, _, _) = try map() else {
      Issue.record("not sparse")
      return
    }
    #expect(begin == (0...200).map { $0 * 20 })
    var uses = [Int](repeating: 0, count: 200)
    for target in 0..<200 {
      let sources = column[begin[target]..<begin[target + 1]]
      #expect(Set(sources).count == 20)
      #expect(!sources.contains(Int32(target)))
      for source in sources { uses[Int(source)] += 1 }
    }
    // Uses are binomial, mean 20, standard deviation 4.2; chi² over 200 cells lies within 5 deviations.
    let chi = uses.reduce(0.0) { $0 + Double(($1 - 20) * ($1 - 20)) / (20 * (1 - 20.0 / 199)) }
    #expect(abs(chi - 199) < 100)
    #expect(try map() == map())
    #expect(try map() != map(ImportOptions(seed: 2)))
  }

  @Test(arguments: [0.0, 0.02, 0.5, 1.0]) func fixedProbability(p: Double) throws {
    let imported = try read(
      """
      inputs: [ { name: "in", size: 500 } ],
      populations: [ { name: "a", \(Self.neuron.replacing("size: 4", with: "size: 400")) } ],
      projections: [ { from: "in", to: "a", connectivity: { kind: "fixedProbability", probability: \(p) },
        weight: "1 mV" } ]
      """)
    guard case .sparse(let begin, let column, _, _) = imported.network.projections[0].maps[0] else {
      Issue.record("not sparse")
      return
    }
    let expected = 200_000 * p
    #expect(abs(Double(column.count) - expected) <= 5 * (expected * (1 - p)).squareRoot())
    for target in 0..<400 {
      let sources = Array(column[begin[target]..<begin[target + 1]])
      #expect(sources == Set(sources).sorted())
    }
  }

  @Test func explicitList() throws {
    let imported = try pair(
      """
      from: "in", to: "b", weight: "1 mV", connectivity: { kind: "list", synapses: [
        { from: 2, to: 1 }, { from: 0, to: 1, weight: "-3 mV" }, { from: 2, to: 3 } ] }
      """)
    let map = imported.network.projections[0].maps[0]
    #expect(map.apply([1, 0, 0]) == [0, -3e-3, 0, 0])
    #expect(map.apply([0, 0, 1]) == [0, 1e-3, 0, 1e-3])
  }

  struct Bad: Sendable, CustomStringConvertible {
    var description: String
    var ids: [String]
    var hint = ""
  }

  static let bad: [Bad] = [
    Bad(
      description: "populations: [ { name: \"a\", \(neuron), thresold: \"1 V\" } ]",
      ids: ["document.unknownKey"], hint: "threshold"),
    Bad(
      description: "populations: [ { name: \"a\", \(neuron.replacing("500 fF", with: "500 fs")) } ]",
      ids: ["document.dimension"]),
    Bad(
      description: "populations: [ { name: \"a\", \(neuron.replacing("0.6 V", with: "0.05 V")) } ]",
      ids: ["physical.threshold"]),
    Bad(
      description: "populations: [ { name: \"a\", \(neuron.replacing("500 fF", with: "0 fF")) } ]",
      ids: ["document.range"]),
    Bad(
      description: "populations: [ { name: \"a\", \(neuron) }, { name: \"a\", \(neuron) } ]",
      ids: ["physical.name"]),
    Bad(description: "populations: [], outputs: [\"exc\"]", ids: ["physical.unknownName"]),
    Bad(
      description: "populations: [ { name: \"exc\", \(neuron) } ], outputs: [\"ecx\"]",
      ids: ["physical.unknownName"], hint: "\"exc\""),
    Bad(
      description: "populations: [ { name: \"a\", \(neuron) } ], stimuli: [ { into: \"a\" } ]",
      ids: ["physical.stimulus"]),
    Bad(
      description:
        "populations: [ { name: \"a\", \(neuron) } ], stimuli: [ { into: \"a\", poisson: { sources: 10, rate: \"20 Hz\" }, weight: \"1 s\" } ]",
      ids: ["physical.weight"]),
    Bad(
      description:
        "populations: [ { name: \"a\", \(neuron) } ], projections: [ { from: \"a\", to: \"a\", connectivity: { kind: \"allToAll\" }, weight: \"1e300 C\" } ]",
      ids: ["physical.weight"], hint: "1e300 C"),
    Bad(
      description:
        "populations: [ { name: \"a\", \(neuron) } ], stimuli: [ { into: \"a\", current: \"1e300 A\" } ]",
      ids: ["document.range"]),
    Bad(
      description:
        "populations: [ { name: \"a\", \(neuron.replacing("size: 4", with: "size: 20000")) } ], projections: [ { from: \"a\", to: \"a\", connectivity: { kind: \"allToAll\" }, weight: \"1 mV\" } ]",
      ids: ["physical.tooManySynapses"], hint: "400000000"),
    Bad(
      description:
        "populations: [ { name: \"a\", \(neuron) } ], projections: [ { from: \"a\", to: \"a\", connectivity: { kind: \"fixedIndegree\", degree: 4 }, weight: \"1 mV\" } ]",
      ids: ["document.range"]),
    Bad(description: "populations: [ { name: \"a\", \(neuron), size: 3 } ]", ids: ["document.syntax"]),
    Bad(description: "", ids: ["document.missingKey"]),
  ]

  @Test(arguments: bad) func problemsAreNamed(_ test: Bad) {
    do {
      _ = try read(test.description)
      Issue.record("was read")
    } catch {
      #expect(error.reason == .badInput)
      #expect(error.diagnostics.map(\.id) == test.ids)
      #expect(test.hint.isEmpty || error.diagnostics[0].formatted.contains(test.hint))
    }
  }

  @Test func wrongFormatAndVersion() {
    let text = "{ format: \"rheobase-chip\", version: 2, populations: [] }"
    let ids = errorIDs { () throws(Failure) in
      try PhysicalNetworkFile.importNetwork(
        Document.parse(json5: text, place: "n"), path: "n", options: ImportOptions())
    }
    #expect(ids == ["physical.format", "physical.version"])
  }
}
