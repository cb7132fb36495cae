import ProgramImage
import TestSupport
import Testing

@testable import Emulator

/// What tables are made of, and what is let go of meanwhile.
@Suite struct MaterialTests {
  /// Axons in any order, their lists shorter and longer than what is given back together.
  @Test(arguments: 0..<4)
  func synapsesAreTakenOnceInAnyOrder(seed: Int) {
    var random = SeededGenerator(state: UInt64(seed))
    var image = RandomProgram.make(1).image
    image.crossbar = ProgramImage.Crossbar()
    image.neurons.additive.stochasticTypes = []
    let axons = 200
    for axon in 0..<axons {
      for k in 0..<random.int(0...(axon == 77 ? 60_000 : 900)) {
        image.crossbar.neuron.append(UInt16(k))
        image.crossbar.weight.append(Int16(truncatingIfNeeded: random.int(-300...300)))
      }
      image.crossbar.begin.append(Int64(image.crossbar.neuron.count))
    }
    let crossbar = image.crossbar
    var source = SynapseSource(&image)
    #expect(image.crossbar == ProgramImage.Crossbar() && !source.isNarrow)
    #expect(source.count(0..<axons) == crossbar.neuron.count && crossbar.neuron.count > 60_000)
    var taken = 0
    for axon in random.shuffled(Array(0..<axons)) {
      var neurons: [UInt16] = []
      var weights: [Int16] = []
      source.take(axon: axon) { neuron, weight in
        neurons.append(neuron)
        weights.append(weight)
      }
      let own = Int(crossbar.begin[axon])..<Int(crossbar.begin[axon + 1])
      #expect(neurons[...] == crossbar.neuron[own] && weights[...] == crossbar.weight[own], "axon \(axon)")
      #expect(source.count(axon: axon) == own.count)
      taken += neurons.count
    }
    #expect(taken == crossbar.neuron.count)
  }

  /// Neighbours of what is given back keep their values, and another holder of the elements keeps all.
  @Test func nothingElseIsGivenBack() {
    var numbers = (0..<100_000).map { Int32($0) }
    let others = numbers
    numbers.giveBack(3000..<90_001)
    #expect(numbers[..<3000] == others[..<3000] && numbers[90_001...] == others[90_001...])
    #expect(others == (0..<100_000).map { Int32($0) })
    // Less than a page stays.
    numbers.giveBack(10..<20)
    #expect(numbers[..<3000] == others[..<3000])
  }

  /// The fields of a packet share words.
  @Test func fieldsOfAPacketAreApart() {
    for (core, delay, isPartial): (Int32, Int32, Bool) in [
      (0, 1, false), (65_535, 255, true), (65_535, 0, false),
    ] {
      let send = Send(to: 7, place: 1 << 30, core: core, delay: delay, isPartial: isPartial)
      #expect(send.isSingle && send.isOneEach && send.count == 1 && send.branch == -1)
      #expect(send.core == core && send.delay == delay && send.isPartial == isPartial)
      #expect(send.place == (isPartial ? -1 : 1 << 30) && send.row == 1 << 30)
    }
    for isOneEach in [false, true] {
      let count = Send.mostDestinations
      let send = Send(to: -4, targets: 9..<9 + count, delay: 255, isOneEach: isOneEach)
      #expect(!send.isSingle && send.isOneEach == isOneEach && !send.isPartial && send.place == -1)
      #expect(send.count == count && send.begin == 9 && send.end == 9 + Int32(count))
      #expect(send.branch == 3 && send.delay == 255)
    }
    #expect(MemoryLayout<Send>.stride == 12)
  }

  /// Spikes of neurons go straight, so only inputs have lists; where they do not, all axons have.
  @Test func onlyWhatArrivesOneByOneHasLists() {
    var straight = 0
    for seed in UInt64(0)..<20 {
      let image = RandomProgram.flat(seed).image
      let fed = Set(
        zip(image.inputs.core, image.inputs.axon).map { image.cores.axonBegin[Int($0)] + Int64($1) })
      let synapses = fed.reduce(0) {
        $0 + Int(image.crossbar.begin[Int($1) + 1] - image.crossbar.begin[Int($1)])
      }
      func listed(_ emulator: Emulator) -> Int {
        emulator.tables.synapses.listBytes / 4 - image.crossbar.begin.count
      }
      if !fed.isEmpty { #expect(listed(Emulator(image, mesh: .ideal)) == synapses, "seed \(seed)") }
      let cycles = Emulator(image)
      guard !fed.isEmpty, cycles.beforehand != nil else { continue }
      #expect(listed(cycles) == synapses, "seed \(seed)")
      straight += 1
    }
    #expect(straight > 3)
  }

  /// Little of an image stays.
  @Test func theImageIsNotKept() {
    let image = RandomProgram.flat(2).image
    for mesh in RunOptions.Mesh.allCases {
      let kept = Emulator(image, mesh: mesh).image
      #expect(kept.crossbar == .init() && kept.routes == .init() && kept.inputs == .init())
      #expect(kept.neurons.count == image.neurons.count && kept.neurons.decay.isEmpty)
    }
  }
}
