import ChipModel
import Diagnostics
import Observations
import ProgramImage

/// How a program is run.
public struct RunOptions: Sendable {
  /// Samples 0 ..< samples are run; a sample that the input does not have runs without input.
  public var samples: Int
  /// Input ticks T of every sample; each runs `T + drainTicks` ticks.
  public var ticks: Int
  /// Samples that run at the same time. The record does not depend on it.
  public var threads: Int
  /// Neuron rows whose potential is recorded after every tick, in this order.
  public var probes: [Int32]

  /// What carries the packets.
  public enum Mesh: String, Sendable, CaseIterable {
    /// The chip's routers, cycle by cycle.
    case cycles
    /// Nothing: a packet is where it goes to at once, none is late, and a tick lasts as long as its slowest core. Spikes are
    /// those of a mesh in which no packet is late, and so is the energy but for what grows with time.
    case ideal
  }

  public init(samples: Int, ticks: Int, threads: Int = 1, probes: [Int32] = []) {
    self.samples = samples
    self.ticks = ticks
    self.threads = threads
    self.probes = probes
  }

  /// Threads that there are for each of the samples that run at the same time.
  public var threadsPerSample: Int { threads / Workers.count(self) }
}

/// Runs a compiled program cycle by cycle, exactly as docs/emulator-semantics.md says.
///
/// The image must have been verified by whoever read or made it; an emulator does not check it again. It
/// keeps nothing between runs.
///
/// **Cost:** a tick costs the non-empty axons' rows, the neurons that are not at rest, and the mesh cycles in which something
/// moves.
///
/// **Memory:** of the image little stays; what becomes tables is let go of while they are made. So whoever has no other use for
/// an image should give it away (`consume`): an image that is held elsewhere is copied.
public struct Emulator: Sendable {
  /// Without what is in tables.
  let image: ProgramImage
  let tables: Tables
  let ideal: IdealTables?
  let beforehand: FlatBlocks?

  /// Full rows are used where there are at most so many crosspoints of a byte per synapse: they are faster from 14 on
  /// (docs/performance.md, Scaling), but a synapse should not take more than 6 bytes.
  public static let crosspointsPerSynapse = 6.0
  /// The same where spikes of neurons go straight, as a part of it: that costs a third of a list, and nobody has to write and read
  /// an axon's count.
  public static let straightShare = 1.0 / 3

  /// - Parameters:
  ///   - mesh: what carries the packets.
  ///   - threadsPerSample: so many share the cores of a sample, where the mesh is ideal and there are enough neurons. No result
  ///     depends on it.
  ///   - crosspointsPerSynapse: decides, by density, which cores hold their synapses as full rows: none with 0, all with
  ///     infinity. No result depends on it.
  public init(
    _ image: consuming ProgramImage, mesh: RunOptions.Mesh = .cycles, threadsPerSample: Int = 1,
    crosspointsPerSynapse: Double = Emulator.crosspointsPerSynapse
  ) {
    self.init(
      image, mesh: mesh, threadsPerSample: threadsPerSample,
      neuronsPerThread: FlatProgram.neuronsPerThread, crosspointsPerSynapse: crosspointsPerSynapse)
  }

  /// - Parameter neuronsPerThread: threads share the cores of a sample where each has so many neurons at least.
  init(
    _ image: consuming ProgramImage, mesh: RunOptions.Mesh, threadsPerSample: Int, neuronsPerThread: Int,
    crosspointsPerSynapse: Double = Emulator.crosspointsPerSynapse
  ) {
    image.dropTexts()
    giveBackFreed()
    var material = Material(&image, mesh: mesh, crosspointsPerSynapse: crosspointsPerSynapse)
    tables = Tables(&image, &material)
    self.image = image
    giveBackFreed()
    ideal =
      mesh == .ideal
      ? IdealTables(&material, tables, threads: threadsPerSample, neuronsPerThread: neuronsPerThread) : nil
    beforehand =
      material.isBeforehand ? FlatBlocks(&material, tables, cores: 0..<tables.coreCount) : nil
  }

  /// Threads that work on a sample at the same time.
  public var threadsUsedPerSample: Int { ideal?.flat?.parts.count ?? 1 }

  /// Runs `options.samples` samples.
  ///
  /// - Parameters:
  ///   - input: spikes for the program's input channels; events beyond the samples, ticks or channels that
  ///     are run are ignored. Without channels for a program that is driven by stimuli.
  ///   - progress: called from the workers, one call at a time, with the number of samples finished.
  /// - Throws: `ourBug` when packets stand still in the mesh, which the rules exclude.
  public func run(
    _ input: SpikeTrains, options: RunOptions, progress: (@Sendable (Int) -> Void)? = nil
  ) throws(Failure) -> RunRecord {
    try profile(input, options: options, progress: progress).record
  }

  /// As `run`, and where the host's time went.
  public func profile(
    _ input: SpikeTrains, options: RunOptions, progress: (@Sendable (Int) -> Void)? = nil
  ) throws(Failure) -> (record: RunRecord, profile: RunProfile) {
    let begin = HostClock.wall()
    let harvest = try Workers(self, input, options, progress: progress).run()
    var profile = harvest.profile
    profile.wallSeconds = HostClock.wall() - begin
    return (record(consume harvest, input, options), profile)
  }

  /// A chip that runs samples.
  func chip() -> ChipState { ChipState(tables, image, ideal: ideal, beforehand: beforehand) }

  private func record(
    _ harvest: consuming Harvest, _ input: SpikeTrains, _ options: RunOptions
  ) -> RunRecord {
    let spikes = harvest.takeSpikes()
    var counters = harvest.counters
    counters.take(harvest.totals)
    let chip = image.chip
    let chipTicks = options.ticks + image.drainTicks
    var record = RunRecord(
      layout: layout(), samples: options.samples, inputTicks: options.ticks, chipTicks: chipTicks,
      dt: image.dt, clock: chip.timing.clock,
      spikes: SpikeTrains(
        samples: options.samples, ticks: chipTicks, channels: image.neurons.count,
        events: spikes,
        labels: input.labels.map { Array($0.prefix(options.samples)) }),
      tickCycles: harvest.samples.flatMap(\.tickCycles),
      tickJoules: harvest.samples.flatMap(\.tickJoules),
      tickPackets: harvest.samples.flatMap(\.tickPackets),
      linkFlits: harvest.linkFlits, meshWidth: chip.mesh.width, meshHeight: chip.mesh.height,
      counters: counters, coreCounters: harvest.coreCounters,
      latencyHistogram: harvest.latencyHistogram,
      outputSums: harvest.samples.flatMap(\.outputSums), outputCount: image.outputs.neuron.count,
      probes: options.probes, potentials: harvest.samples.flatMap(\.potentials),
      energy: chip.energy.items(harvest.totals, clock: chip.timing.clock).map {
        RunRecord.EnergyItem(
          component: $0.component.rawValue, events: $0.events, perEvent: $0.perEvent,
          joules: $0.joules, source: $0.source)
      })
    record.isMeshIdeal = ideal != nil
    record.linkStalls = harvest.linkStalls
    record.fifoPeaks = harvest.fifoPeaks
    record.lateDeliveries = harvest.lateDeliveries
    return record
  }

  /// The image's rows as a record names them.
  private func layout() -> NeuronLayout {
    var core = [Int32](repeating: 0, count: image.neurons.count)
    for c in 0..<image.cores.count {
      for row in tables.neuronBegin[c]..<tables.neuronBegin[c + 1] { core[row] = Int32(c) }
    }
    return NeuronLayout(
      populations: image.populations.map { .init(name: $0.name, model: $0.model, size: $0.size) },
      population: image.neurons.population, index: image.neurons.index, kind: image.neurons.kind,
      core: core, start: image.neurons.start, outputRow: image.outputs.neuron,
      outputKind: image.outputs.kind, coreX: image.cores.x, coreY: image.cores.y)
  }
}

extension Harvest {
  /// The spikes of all samples; the samples have none any more.
  fileprivate mutating func takeSpikes() -> [SpikeTrains.Event] {
    var all: [SpikeTrains.Event] = []
    if samples.count == 1 {
      swap(&all, &samples[0].spikes)
      return all
    }
    all.reserveCapacity(samples.reduce(0) { $0 + $1.spikes.count })
    for i in samples.indices {
      all += samples[i].spikes
      samples[i].spikes = []
    }
    return all
  }
}
