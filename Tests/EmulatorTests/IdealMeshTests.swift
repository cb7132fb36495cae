import ChipModel
import Emulator
import Observations
import ProgramImage
import TestSupport
import Testing

/// The ideal mesh against the chip's own: in barrier mode no packet is late, so all that does not depend on time agrees.
@Suite struct IdealMeshTests {
  @Test(arguments: 0..<4)
  func spikesAndEventsAreThoseOfTheMesh(lot: Int) throws {
    var compared = 0
    for seed in UInt64(lot * 60)..<UInt64((lot + 1) * 60) {
      let program = RandomProgram.make(seed)
      guard case .barrier = program.image.chip.timing.tick else { continue }
      let cycles = try emulate(program, threads: 1)
      let ideal = try emulate(program, threads: 2, mesh: .ideal)
      #expect(ideal.isMeshIdeal && !cycles.isMeshIdeal)
      expectIdeal(ideal, toBe: cycles, seed: seed)
      compared += cycles.counters.packets > 0 ? 1 : 0
    }
    #expect(compared > 15, "hardly a program sends anything")
  }

  /// Each axon is fed once and crossbars are sparse, so spikes go straight into sums.
  @Test func straightSumsAreThoseOfTheAxons() throws {
    for seed in UInt64(0)..<6 {
      let program = RandomProgram.sparse(seed)
      let cycles = try emulate(program, threads: 1)
      let ideal = try emulate(program, threads: 1, mesh: .ideal)
      #expect(cycles.counters.spikes > 1000)
      #expect(ideal.spikes == cycles.spikes)
      #expect(ideal.potentials == cycles.potentials)
      #expect(ideal.counters.hops == cycles.counters.hops)
      #expect(ideal.coreCounters.map(\.synapticOperations) == cycles.coreCounters.map(\.synapticOperations))
      #expect(ideal.coreCounters.map(\.rowReads) == cycles.coreCounters.map(\.rowReads))
    }
  }
}

extension IdealMeshTests {
  /// An axon of core 0 has a neuron and an input, so spikes to this core wait at axons; packets that go to others as well do so
  /// there too, beside packets that go straight.
  @Test func packetsToCoresOfBothKindsActAlike() throws {
    for seed in UInt64(0)..<6 {
      var program = RandomProgram.sparse(seed)
      program.image.chip.mesh.multicast = true
      program.image.inputs.begin = [0, 1]
      program.image.inputs.core = [0]
      program.image.inputs.axon = [
        try #require(
          program.image.routes.core.firstIndex(of: 0)
            .map { program.image.routes.axon[$0] })
      ]
      program.image.inputs.delay = [1]
      program.input = SpikeTrains(
        samples: 1, ticks: program.ticks, channels: 1,
        events: stride(from: 0, to: Int32(program.ticks), by: 3).map {
          .init(sample: 0, tick: $0, channel: 0)
        })
      let cycles = try emulate(program, threads: 1)
      #expect(cycles.counters.spikes > 1000)
      expectIdeal(try emulate(program, threads: 1, mesh: .ideal), toBe: cycles, seed: seed)
    }
  }
}

extension RandomProgram {
  /// A recurrent network of neurons with one synapse in seven on four cores, where every axon belongs to one neuron.
  static func sparse(_ seed: UInt64) -> RandomProgram {
    var random = SeededGenerator(state: seed)
    var program = make(1)
    let width = 40
    let cores = 4
    let count = cores * width
    var chip = program.image.chip
    chip.core = Chip.Core(axons: count, neurons: width, delaySlots: 4, axonCountBits: 1)
    chip.crossbar = Chip.Crossbar(weightBits: random.pick([8, 10]))
    chip.datapath.accumulatorBits = 24
    chip.datapath.stateBits = 20
    chip.datapath.decayRounding = .floor
    chip.datapath.spikesPerTick = 1
    chip.timing.tick = .barrier(cycles: 2)
    chip.input = .direct
    chip.mesh = Chip.Mesh(
      width: 2, height: 2, bufferDepth: 2, hopCycles: 1, creditCycles: 1, injectionCycles: 1,
      portOrder: [0, 1, 2, 3, 4])
    chip.mesh.multicast = random.oneIn(2)
    var image = ProgramImage(
      chip: chip, dt: 1e-3, seed: 1, drainTicks: 0, cores: .init(), crossbar: .init(), neurons: .init(),
      routes: .init(), inputs: .init(), poisson: .init(), outputs: .init(),
      populations: [.init(name: "all", model: "LIF", size: count)], networkText: "{}", manifestText: "{}")
    for core in 0..<cores {
      image.cores.x.append(Int32(core % 2))
      image.cores.y.append(Int32(core / 2))
      image.cores.axonBegin.append(Int64((core + 1) * count))
      image.cores.neuronBegin.append(Int64((core + 1) * width))
      for _ in 0..<count {
        for neuron in 0..<width where random.oneIn(7) {
          image.crossbar.neuron.append(UInt16(neuron))
          image.crossbar.weight.append(Int16(random.int(-100...120)))
        }
        image.crossbar.begin.append(Int64(image.crossbar.neuron.count))
      }
    }
    let unity = Int32(1) << Int32(chip.datapath.gainBits)
    for row in 0..<count {
      image.neurons.kind.append(ProgramImage.NeuronKind.spiking.rawValue)
      image.neurons.v0.append(Int32(random.int(0...200)))
      image.neurons.u0.append(0)
      image.neurons.decay.append(1)
      image.neurons.decayExponent.append(UInt8(chip.datapath.decayExponents.lowerBound))
      image.neurons.synapseDecay.append(Int32(1) << Int32(chip.datapath.decayBits))
      image.neurons.synapseDecayExponent.append(UInt8(chip.datapath.decayBits))
      image.neurons.gain.append(unity)
      image.neurons.weightExponent.append(0)
      image.neurons.bias.append(Int32(random.int(10...40)))
      image.neurons.threshold.append(300)
      image.neurons.reset.append(0)
      image.neurons.resetMode.append(ProgramImage.ResetMode.toValue.rawValue)
      image.neurons.refractory.append(0)
      image.neurons.kick.append(0)
      image.neurons.floor.append(-1000)
      image.neurons.start.append(0)
      image.neurons.stop.append(0)
      image.neurons.column.append(UInt16(row % width))
      image.neurons.scale.append(1)
      image.neurons.population.append(0)
      image.neurons.index.append(Int32(row))
      for core in 0..<cores where random.oneIn(2) {
        image.routes.kind.append(ProgramImage.RouteKind.spike.rawValue)
        image.routes.core.append(Int32(core))
        image.routes.axon.append(UInt16(row))
        image.routes.delay.append(UInt8(random.int(1...3)))
      }
      image.routes.begin.append(Int64(image.routes.kind.count))
    }
    let zeros = [Double](repeating: 0, count: count)
    image.neurons.capacitance.membrane = zeros
    image.neurons.capacitance.node = zeros
    image.neurons.capacitance.crosspoint = zeros
    image.neurons.capacitance.wire = zeros
    image.neurons.capacitance.coupling = zeros
    image.neurons.capacitance.total = zeros
    image.inputs.begin = [0]
    program.image = image
    program.input = SpikeTrains(samples: 1, ticks: 150, channels: 0, events: [])
    program.ticks = 150
    program.samples = 1
    return program
  }
}
