import NetworkIR
import Testing

@testable import NetworkFormats

@Suite struct VerifierTests {
  struct Case: Sendable, CustomStringConvertible {
    var description: String
    var change: @Sendable (inout Network) -> Void
  }

  static let cases: [Case] = [
    Case(description: "dt") { $0.dynamics.dt = 0 },
    Case(description: "tau") { $0.populations[0].tau = [1, -1] },
    Case(description: "sizes") { $0.populations[0].r = [1] },
    Case(description: "not finite") { $0.populations[0].leak[1] = .nan },
    Case(description: "target") { $0.projections[0].target = 7 },
    Case(description: "source") { $0.projections[0].source = .population(7) },
    Case(description: "no maps") { $0.projections[0].maps = [] },
    Case(description: "map shape") { $0.projections[0].maps = [.diagonal([1, 1, 1])] },
    Case(description: "sparse column") {
      $0.projections[0].maps = [.sparse(begin: [0, 1, 1], column: [2], weight: [1], columns: 2)]
    },
    Case(description: "negative delay") { $0.projections[0].delayTicks = -1 },
    Case(description: "cycle without delay") { network in
      network.projections.append(
        Projection(source: .population(0), target: 0, maps: [.diagonal([1, 1])]))
    },
    Case(description: "readout sends") { network in
      network.projections.append(
        Projection(source: .population(0), target: 0, maps: [.diagonal([1, 1])], delayTicks: 1))
      network.populations[0].firing = nil
    },
    Case(description: "output") { $0.outputs[0].population = 3 },
    Case(description: "stimulus") { $0.stimuli = [Stimulus(target: 2, kind: .current(1))] },
    Case(description: "names") { $0.populations.append($0.populations[0]) },
  ]

  @Test(arguments: cases) func breakIsFound(_ test: Case) throws {
    var network = try NIRSketch.chain.read().network
    #expect(network.verify().isEmpty)
    test.change(&network)
    #expect(!network.verify().isEmpty)
  }
}
