import Observations

@testable import Emulator

/// Tests of what the optimizer does hold for its build alone.
var isOptimized: Bool {
  #if DEBUG
    false
  #else
    true
  #endif
}

/// The first sample of a program on a chip of its own, which can be run again and again, a few ticks at a time.
struct RepeatedSample {
  /// Of a sample, its drain included.
  let ticks: Int
  private let inputTicks: Int
  private let events: [SpikeTrains.Event]
  private let probes: [Int32]
  private let team: FlatTeam?
  private var chip: ChipState
  private(set) var record = SampleRecord()

  init(_ emulator: Emulator, _ program: RandomProgram) {
    ticks = program.ticks + program.image.drainTicks
    inputTicks = program.ticks
    // Arrays of its own, which no other sample counts references of.
    events = program.input.events.filter { $0.sample == 0 && $0.tick < program.ticks }
    probes = program.probes.map { $0 }
    chip = emulator.chip()
    team = chip.flatTeam(probes: probes)
    record.outputSums = [Int64](repeating: 0, count: program.image.outputs.neuron.count)
  }

  /// Whether workers run the ticks, and calling them takes something by itself.
  var isFlat: Bool { team != nil }

  /// The state before the first tick; what is recorded has the room that it had.
  mutating func begin() {
    record.spikes.removeAll(keepingCapacity: true)
    record.potentials.removeAll(keepingCapacity: true)
    record.tickCycles.removeAll(keepingCapacity: true)
    record.tickPackets.removeAll(keepingCapacity: true)
    record.tickJoules.removeAll(keepingCapacity: true)
    chip.begin(sample: 0)
  }

  /// Runs ticks, which follow those that ran before.
  mutating func run(_ some: Range<Int>) throws {
    if let team {
      chip.runFlat(team, ticks: some, inputTicks: inputTicks, input: input(some), &record)
      return
    }
    for tick in some {
      try chip.runTick(
        tick, sample: 0, inputTicks: inputTicks, input: input(tick..<tick + 1), probes: probes, &record)
    }
  }

  private func input(_ some: Range<Int>) -> ArraySlice<SpikeTrains.Event> {
    let first = events.firstIndex { $0.tick >= some.lowerBound } ?? events.count
    return events[first..<(events.firstIndex { $0.tick >= some.upperBound } ?? events.count)]
  }
}
