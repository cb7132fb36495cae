import ChipModel
import Observations
import ProgramImage
import ReferenceModel
import Testing

/// Cores that take event by event: the emulator equals `PlainChip`, and no mistake of the twin stays unseen.
@Suite struct PerEventTests {
  @Test(arguments: 0..<4)
  func emulatorEqualsItsTwin(lot: Int) throws {
    for seed in UInt64(lot * 50)..<UInt64((lot + 1) * 50) {
      let program = RandomProgram.makePerEvent(seed)
      let emulated = try expectTwin(program, seed: seed)
      try expectSameOnTwoThreads(program, as: emulated, seed: seed)
    }
  }

  /// Agreement says nothing about a rule that never came into play.
  @Test func programsBringEveryRuleIntoPlay() throws {
    var counters = RunRecord.Counters()
    var several = 0
    for seed in UInt64(0)..<200 {
      let record = try emulate(RandomProgram.makePerEvent(seed), threads: 1)
      counters.spikes += record.counters.spikes
      counters.packets += record.counters.packets
      counters.stateOverflows += record.counters.stateOverflows
      counters.floorClamps += record.counters.floorClamps
      let spikes = record.spikes.events
      several += zip(spikes, spikes.dropFirst()).filter { $0 == $1 }.count
    }
    #expect(counters.spikes > 5000)
    #expect(counters.packets > 5000)
    #expect(counters.stateOverflows > 500)
    #expect(counters.floorClamps > 1000)
    #expect(several > 1000, "neurons that fire more than once in a tick")
  }

  static let mutants: [Mutant] = [
    Mutant("events by axon") { $0.eventsKeepTheirOrder = false },
    Mutant("time reference first") { $0.timeReferenceComesLast = false },
    Mutant("neurons without a synapse are left out") { $0.unmappedNeuronsAreTested = false },
    Mutant("threshold before the floor") { $0.floorComesBeforeThreshold = false },
    Mutant("leak beyond 0") { $0.leakStopsAtZero = false },
    Mutant("only used columns take time") { $0.unusedColumnsTakeTime = false },
    Mutant("a spike takes no time") { $0.spikesTakeTime = false },
    Mutant("an input takes no time") { $0.inputsTakeTime = false },
    Mutant("> and >= swapped") { $0.comparison = { $0 == .greater ? .greaterOrEqual : .greater } },
    Mutant("saturation is symmetric") { $0.overflow = { _ in .saturateSymmetric } },
    Mutant("axon counts never full") { $0.countsSaturate = false },
  ]

  @Test(arguments: mutants)
  func mutantIsCaught(mutant: Mutant) throws {
    #expect(try mutant.isCaught(by: RandomProgram.makePerEvent, seeds: 200))
  }

  /// What the verifier of an image refuses.
  @Test func verifierRefuses() throws {
    var image = RandomProgram.makePerEvent(3).image
    image.chip.additive?.leakReversal = false
    for row in 0..<image.neurons.count { image.neurons.additive.leakMode[row] = 0 }
    func problems(_ change: (inout ProgramImage) -> Void) -> [String] {
      var changed = image
      change(&changed)
      return changed.verify().map { problem in problem.place ?? "" }
    }
    #expect(problems { _ in } == [])
    #expect(problems { $0.neurons.bias[0] = 1 } == ["/neuron/bias[0]"])
    #expect(problems { $0.neurons.bias[0] = -16 } == ["/neuron/bias[0]"])
    let spiking = try #require((0..<image.neurons.count).first { image.neurons.fires($0) })
    #expect(problems { $0.neurons.threshold[spiking] = -1 } == ["/neuron/threshold[\(spiking)]"])
    #expect(problems { $0.neurons.reset[spiking] = 1 } == ["/neuron/reset[\(spiking)]"])
    #expect(problems { $0.neurons.resetMode[spiking] = 1 }.contains("/neuron/reset[\(spiking)]"))
    #expect(problems { $0.neurons.additive.negativeMode[0] = 0 } == ["/neuron/additive/negative_mode[0]"])
    #expect(problems { $0.neurons.kind[spiking] = 1 }.contains("/neuron/kind[\(spiking)]"))
    let reversed = problems { $0.chip.additive?.leakReversal = true }
    #expect(reversed.contains("/neuron/additive/leak_mode[0]"))
    #expect(
      problems {
        $0.poisson.threshold = [5]
        $0.poisson.tableBegin.append(1)
        $0.poisson.neuron = [0]
        $0.poisson.weight = [1]
        $0.poisson.stream = [0]
        $0.poisson.table = [0]
      } == ["/poisson/neuron[0]"])
  }
}
