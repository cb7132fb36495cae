import ChipModel
import Observations
import ProgramImage
import TestSupport
import Testing

@testable import Emulator

/// Neurons that nothing changes are not updated, and nobody can tell.
@Suite struct QuiescenceTests {
  /// The plain model updates every neuron in every tick.
  @Test(arguments: 0..<4)
  func theRecordIsTheTwins(lot: Int) throws {
    for seed in Self.seeds where seed % 12 == UInt64(3 * lot) {
      let program = RandomProgram.quiet(seed)
      let cycles = try expectTwin(program, seed: seed)
      let ideal = try emulate(program, threads: 1, mesh: .ideal)
      if case .barrier = program.image.chip.timing.tick {
        expectIdeal(ideal, toBe: cycles, seed: seed)
      }
      // Two samples at a time, and two threads for one sample.
      try expectSameOnTwoThreads(program, as: cycles, seed: seed)
      let options = RunOptions(
        samples: program.samples, ticks: program.ticks, threads: 2 * program.samples, probes: program.probes)
      let emulator = Emulator(
        program.image, mesh: .ideal, threadsPerSample: options.threadsPerSample, neuronsPerThread: 1)
      let shared = try emulator.run(program.input, options: options)
      #expect(firstDifference(ideal, shared) == nil, "seed \(seed): one thread (left) against two per sample")
    }
  }

  /// Agreement says nothing unless updates are left out, under every rule, and unless neurons wake again.
  @Test(arguments: RunOptions.Mesh.allCases)
  func mostUpdatesAreLeftOutUnderEveryRule(mesh: RunOptions.Mesh) throws {
    var seen: [String: Int] = [:]
    var updates: UInt64 = 0
    var resting: UInt64 = 0
    var spikes: UInt64 = 0
    for seed in Self.seeds {
      let program = RandomProgram.quiet(seed)
      let run = try profile(program, mesh: mesh)
      let neurons = program.image.neurons
      let datapath = program.image.chip.datapath
      updates += run.record.neuronUpdates
      resting += run.profile.restingUpdates
      spikes += run.record.counters.spikes
      // A quarter of the updates: not the neurons of one core alone.
      guard run.profile.restingUpdates > run.record.neuronUpdates / 4 else { continue }
      for (name, holds) in [
        ("\(datapath.decayRounding)", true), ("\(datapath.decayOf)", true),
        ("input \(datapath.inputRounding)", true),
        ("\(datapath.synapseInput)", true), ("drive", datapath.driveOverflow != nil),
        ("minimum step", datapath.minimumStep > 0), ("twice per tick", datapath.spikesPerTick > 1),
        ("to value", neurons.resetMode.contains(ProgramImage.ResetMode.toValue.rawValue)),
        ("subtract", neurons.resetMode.contains(ProgramImage.ResetMode.subtract.rawValue)),
        ("readout", neurons.kind.contains(ProgramImage.NeuronKind.potential.rawValue)),
        ("refractory", neurons.refractory.contains { $0 > 0 }), ("kick", neurons.kick.contains { $0 > 0 }),
        ("bias", neurons.bias.contains { $0 > 0 }), ("late start", neurons.start.contains { $0 > 0 }),
        ("Poisson", !program.image.poisson.neuron.isEmpty), ("samples", program.samples > 1),
        ("input", !program.input.events.isEmpty && run.record.counters.spikes > 0),
        ("not at 0", isHeldAwayFromZero(run.record, program)),
        ("clamped", run.record.counters.floorClamps > 0),
      ] where holds {
        seen[name, default: 0] += 1
      }
    }
    #expect(resting > updates / 3, "\(resting) of \(updates)")
    #expect(spikes > 2000)
    for name in Self.rules { #expect(seen[name, default: 0] >= 2, "\(name): \(seen)") }
  }

  /// What is left out, to the neuron, of one core with three blocks.
  @Test(arguments: RunOptions.Mesh.allCases)
  func onlyTheBlockThatHearsSomethingIsUpdated(mesh: RunOptions.Mesh) throws {
    let size = LaneRest.blockSize
    let program = RandomProgram.oneCore(width: 2 * size + 10, spikes: [(tick: 20, neuron: size)], ticks: 60)
    let run = try profile(program, mesh: mesh)
    let all = UInt64(program.image.neurons.count)
    #expect(run.record.neuronUpdates == all * 60)
    // v = 64 leaks an eighth, rounded down: in the tick of the spike and 20 more it changes, down to 7, and in one more it is seen
    // not to.
    let ticksAwake: UInt64 = 22
    #expect(run.profile.restingUpdates == all * 59 - UInt64(size) * ticksAwake)
    let probe = run.record.potentials.enumerated().filter { $0.offset % Int(all) == size }.map(\.element)
    #expect(probe[19...21] == [0, 64, 56] && probe[40] == 7 && probe[59] == 7)
  }

  /// A busy block's sums are not looked at in every tick; it rests all the same, and another sample starts afresh.
  @Test(arguments: RunOptions.Mesh.allCases)
  func aSampleStartsAfresh(mesh: RunOptions.Mesh) throws {
    var program = RandomProgram.oneCore(width: 40, spikes: (0..<9).map { (tick: $0, neuron: 3) }, ticks: 50)
    program.samples = 3
    program.image.neurons.v0[7] = 5  // held there by the rounding
    program.image.neurons.v0[8] = 9
    let run = try profile(program, mesh: mesh)
    #expect(run.profile.restingUpdates > 3 * 40 * 10)
    let perSample = run.record.potentials.count / 3
    for sample in 0..<3 {
      let potentials = run.record.potentials[sample * perSample..<(sample + 1) * perSample]
      #expect(potentials.enumerated().allSatisfy { $0.offset % 40 != 7 || $0.element == 5 })
      let eighth = potentials.enumerated().filter { $0.offset % 40 == 8 }.map(\.element)
      #expect(eighth.prefix(3) == [8, 7, 7])
    }
    try expectTwin(program, seed: 0)
  }

  /// A kick changes a neuron without an update, over the border of two blocks too.
  @Test(arguments: RunOptions.Mesh.allCases)
  func aKickWakesTheBlockBeside(mesh: RunOptions.Mesh) throws {
    let size = LaneRest.blockSize
    var program = RandomProgram.oneCore(
      width: size + 10, spikes: (20..<24).map { (tick: $0, neuron: size - 1) }, ticks: 60)
    for row in 0..<size + 10 { program.image.neurons.kick[row] = 16 }
    let run = try profile(program, mesh: mesh)
    #expect(run.record.spikes.events.map(\.tick) == [23])
    let probe = run.record.potentials.enumerated().filter { $0.offset % (size + 10) == size }.map(\.element)
    #expect(probe[22...25] == [0, -16, -14, -12])
    #expect(run.profile.restingUpdates > UInt64(20 * size))
    try expectTwin(program, seed: 0)
  }

  /// A neuron that is held at its reset value counts down, though nothing else of it changes.
  @Test(arguments: RunOptions.Mesh.allCases)
  func aHeldNeuronIsNotAtRest(mesh: RunOptions.Mesh) throws {
    let ticks = [20, 21, 22, 23, 40, 41, 42, 43]
    var program = RandomProgram.oneCore(width: 40, spikes: ticks.map { (tick: $0, neuron: 3) }, ticks: 60)
    program.image.neurons.refractory = [Int32](repeating: 5, count: 40)
    let run = try profile(program, mesh: mesh)
    #expect(run.record.spikes.events.map(\.tick) == [23, 43])
    #expect(run.profile.restingUpdates > 40 * 30)
    try expectTwin(program, seed: 0)
  }

  private static let seeds = UInt64(0)..<72
  private static let rules = [
    "floor", "ceil", "towardZero", "awayFromZero", "nearestEven", "leak", "retained", "input floor",
    "input ceil",
    "input towardZero", "input awayFromZero", "input nearestEven", "afterDecay", "beforeDecay", "drive",
    "minimum step", "twice per tick", "to value", "subtract", "readout", "refractory", "kick", "bias",
    "late start", "Poisson", "samples", "input", "not at 0", "clamped",
  ]

  private func profile(
    _ program: RandomProgram, mesh: RunOptions.Mesh
  ) throws -> (record: RunRecord, profile: RunProfile) {
    try Emulator(program.image, mesh: mesh).profile(
      program.input,
      options: RunOptions(samples: program.samples, ticks: program.ticks, probes: program.probes))
  }

  /// Whether a neuron ends with the same potential, other than 0, that it had some ticks before.
  private func isHeldAwayFromZero(_ record: RunRecord, _ program: RandomProgram) -> Bool {
    let rows = program.image.neurons.count
    let last = record.potentials.suffix(rows)
    let before = record.potentials.dropLast(15 * rows).suffix(rows)
    return zip(last, before).contains { $0 == $1 && $0 != 0 }
  }
}

extension RunRecord {
  fileprivate var neuronUpdates: UInt64 { coreCounters.reduce(0) { $0 + $1.neuronUpdates } }
}

extension RandomProgram {
  /// Neurons of one core that leak an eighth per tick, rounded down, each with an input channel whose spike makes a step of 64.
  fileprivate static func oneCore(
    width: Int, spikes: [(tick: Int, neuron: Int)], ticks: Int
  ) -> RandomProgram {
    var program = flat(1, widths: width...width, density: 40)
    var image = program.image
    image.chip.core = Chip.Core(axons: width, neurons: width, delaySlots: 4, axonCountBits: 1)
    image.chip.input = .direct
    image.chip.timing.tick = .barrier(cycles: 2)
    image.chip.datapath.decayOf = .leak
    image.chip.datapath.decayRounding = .floor
    image.chip.datapath.minimumStep = 0
    image.chip.datapath.stateBits = 20
    image.drainTicks = 0
    image.cores.x = [0]
    image.cores.y = [0]
    image.cores.axonBegin = [0, Int64(width)]
    image.cores.neuronBegin = [0, Int64(width)]
    image.crossbar = .init()
    image.inputs = .init()
    for neuron in 0..<width {
      image.crossbar.neuron.append(UInt16(neuron))
      image.crossbar.weight.append(64)
      image.crossbar.begin.append(Int64(neuron + 1))
      image.inputs.core.append(0)
      image.inputs.axon.append(UInt16(neuron))
      image.inputs.delay.append(0)
      image.inputs.begin.append(Int64(neuron + 1))
    }
    image.routes = .init()
    image.routes.begin = [Int64](repeating: 0, count: width + 1)
    image.outputs = .init()
    image.neurons = image.neurons.restingCopies(
      width, decayBits: image.chip.datapath.decayBits, gainBits: image.chip.datapath.gainBits)
    image.populations = [.init(name: "all", model: "LIF", size: width)]
    program.image = image
    program.samples = 1
    program.ticks = ticks
    program.input = SpikeTrains(
      samples: 1, ticks: ticks, channels: width,
      events: spikes.map { .init(sample: 0, tick: Int32($0.tick), channel: Int32($0.neuron)) })
    return program
  }
}

extension ProgramImage.Neurons {
  /// As many neurons like the first one, at 0 and without anything that moves them.
  fileprivate func restingCopies(_ count: Int, decayBits: Int, gainBits: Int) -> ProgramImage.Neurons {
    var all = ProgramImage.Neurons()
    for i in 0..<count {
      all.kind.append(ProgramImage.NeuronKind.spiking.rawValue)
      all.v0.append(0)
      all.u0.append(0)
      all.decay.append(1 << Int32(decayBits - 3))
      all.decayExponent.append(UInt8(decayBits))
      all.synapseDecay.append(1 << Int32(decayBits))
      all.synapseDecayExponent.append(UInt8(decayBits))
      all.gain.append(1 << Int32(gainBits))
      all.weightExponent.append(0)
      all.bias.append(0)
      all.threshold.append(200)
      all.reset.append(0)
      all.resetMode.append(ProgramImage.ResetMode.toValue.rawValue)
      all.refractory.append(0)
      all.kick.append(0)
      all.floor.append(-200)
      all.start.append(0)
      all.stop.append(0)
      all.column.append(UInt16(i))
      all.scale.append(1)
      all.population.append(0)
      all.index.append(Int32(i))
      all.capacitance.membrane.append(0)
      all.capacitance.node.append(0)
      all.capacitance.crosspoint.append(0)
      all.capacitance.wire.append(0)
      all.capacitance.coupling.append(0)
      all.capacitance.total.append(0)
    }
    return all
  }
}
