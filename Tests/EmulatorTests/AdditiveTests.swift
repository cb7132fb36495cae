import ChipModel
import FixedPoint
import Foundation
import Observations
import ProgramImage
import ReferenceModel
import Testing

/// Neurons of the datapath additive: the emulator equals `PlainChip`, and neither mistake of the twin stays unseen.
@Suite struct AdditiveTests {
  @Test(arguments: 0..<4)
  func emulatorEqualsItsTwin(lot: Int) throws {
    for seed in UInt64(lot * 50)..<UInt64((lot + 1) * 50) {
      let program = RandomProgram.makeAdditive(seed)
      let emulated = try expectTwin(program, seed: seed)
      try expectSameOnTwoThreads(program, as: emulated, seed: seed)
    }
  }

  /// Agreement says nothing about a rule that never came into play.
  @Test func programsBringEveryRuleIntoPlay() throws {
    var counters = RunRecord.Counters()
    var neuronMajor = 0
    var typed = 0
    var stochastic = 0
    for seed in UInt64(0)..<200 {
      let program = RandomProgram.makeAdditive(seed)
      let record = try emulate(program, threads: 1)
      counters.spikes += record.counters.spikes
      counters.stateOverflows += record.counters.stateOverflows
      counters.accumulatorSaturations += record.counters.accumulatorSaturations
      counters.floorClamps += record.counters.floorClamps
      if program.image.chip.timing.neuronMajor != nil, record.counters.packets > 10 { neuronMajor += 1 }
      if program.image.chip.crossbar.axonTypes != nil { typed += 1 }
      if program.image.neurons.additive.stochasticTypes.contains(where: { $0 != 0 }) { stochastic += 1 }
    }
    #expect(counters.spikes > 5000)
    #expect(counters.stateOverflows > 1000)
    #expect(counters.accumulatorSaturations > 1000)
    #expect(counters.floorClamps > 1000)
    #expect(neuronMajor > 30)
    #expect(typed > 50)
    #expect(stochastic > 25)
  }

  static let mutants: [Mutant] = [
    Mutant("leak always before the threshold") { $0.leakOrderApplies = false },
    Mutant("reversed leak has the other sign") { $0.leakHasSignOfPotential = false },
    Mutant("stochastic leak is none") { $0.stochasticLeakApplies = false },
    Mutant("stochastic synapses add their weight") { $0.synapsesAreDrawn = false },
    Mutant("stochastic synapses only excite") { $0.drawnSynapseHasSign = false },
    Mutant("stochastic synapses add nothing at equality") { $0.drawnSynapseAddsAtEquality = false },
    Mutant("one draw for all spikes of a synapse") { $0.everySpikeIsDrawn = false },
    Mutant("one draw for all axons") { $0.everyAxonIsDrawn = false },
    Mutant("< and <= swapped") { $0.negativeComparison = { $0 == .less ? .lessOrEqual : .less } },
    Mutant("> and >= swapped") {
      $0.comparison = { $0 == .greater ? .greaterOrEqual : .greater }
    },
    Mutant("no saturation") { $0.saturationApplies = false },
    Mutant("threshold noise leaves the negative threshold") {
      $0.thresholdNoiseLowersNegative = false
    },
    Mutant("threshold noise is not subtracted") { $0.thresholdNoiseIsSubtracted = false },
    Mutant("negative reset to R") { $0.negativeResetChangesSign = false },
    Mutant("wrap and saturate swapped") { $0.overflow = { $0 == .wrap ? .saturate : .wrap } },
    Mutant("only used axons take time") { $0.everyAxonTakesTime = false },
  ]

  @Test(arguments: mutants)
  func mutantIsCaught(mutant: Mutant) throws {
    #expect(try mutant.isCaught(by: RandomProgram.makeAdditive, seeds: 200))
  }

  /// What the verifier of an image refuses.
  @Test func verifierRefuses() {
    let image = RandomProgram.makeAdditive(3).image
    func problems(_ change: (inout ProgramImage) -> Void) -> [String] {
      var changed = image
      change(&changed)
      return changed.verify().map { $0.place ?? "" }
    }
    #expect(problems { _ in } == [])
    #expect(problems { $0.neurons.additive.leakMode[0] = 8 } == ["/neuron/additive/leak_mode[0]"])
    #expect(problems { $0.neurons.additive.negativeMode[0] = 2 } == ["/neuron/additive/negative_mode[0]"])
    #expect(
      problems { $0.neurons.additive.negativeThreshold[0] = -1 } == ["/neuron/additive/negative_threshold[0]"]
    )
    #expect(problems { $0.neurons.decay[0] = 1 } == ["/neuron/decay[0]"])
    #expect(problems { $0.neurons.additive.leakMode.removeLast() } == ["/neuron/additive/leak_mode"])
    #expect(problems { $0.chip.additive?.saturation = false }.count == 1)
    #expect(problems { $0.chip.additive?.leakReversal = false }.count == 1)
    #expect(problems { $0.chip.additive?.leakOrder = .beforeThreshold }.count == 1)
    #expect(problems { $0.chip.additive?.nonReset = false }.count == 1)
    #expect(
      problems {
        $0.neurons.kind[0] = 0
        $0.neurons.resetMode[0] = 1
        $0.neurons.reset[0] = $0.neurons.threshold[0] + 1
      }.contains("/neuron/reset[0]"))
  }

  /// A chip's resolved text is that chip, and an image's file that image.
  @Test(arguments: ["truenorth", "ranc", "paicore"])
  func filesHoldEverything(name: String) throws {
    let chip = try AdditiveCore.chip(name)
    #expect(try Chip.parse(text: chip.resolvedText, place: name) == chip)
    var neuron = AdditiveCore.Neuron(weights: [3, -2, 0, 0])
    neuron.negativeThreshold = 17
    let core = AdditiveCore(types: [0, 1], crossbar: [[true], [true]], neurons: [neuron])
    let image = try core.image(on: chip)
    let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).rbx")
    defer { try? FileManager.default.removeItem(at: file) }
    let path = file.path()
    try image.write(to: path)
    #expect(try ProgramImage.read(from: path) == image)
    #expect(image.listing(detail: true).contains("negative threshold -17 resets"))
  }

  @Test func twoWeightsForOneTypeAreRefused() throws {
    let core = AdditiveCore(
      types: [0, 0, 1], crossbar: [[true, true], [true, false], [false, true]],
      neurons: [AdditiveCore.Neuron(weights: [5, 6, 0, 0]), AdditiveCore.Neuron(weights: [-3, 0, 0, 0])])
    var image = try core.image(on: try AdditiveCore.chip("ranc"))
    #expect(image.verify().map(\.formatted) == [])
    // Axon 1 into neuron 0, of the same type as axon 0.
    image.crossbar.weight[2] = 4
    #expect(image.verify().map(\.id) == ["image.axonType"])
    image.crossbar.axonType[1] = 3
    #expect(image.verify().map(\.formatted) == [])
    image.crossbar.axonType[1] = 4
    #expect(image.verify().map(\.id) == ["limit.axonType"])
    image.crossbar.axonType = []
    #expect(image.verify().map(\.id) == ["image.length"])
  }
}
