import Observations
import Reports
import TestSupport
import Testing

@testable import Emulator

/// The waveform of the tick that docs/emulator-semantics.md §10 tells, and of random programs.
@Suite struct WaveformTests {
  /// One cycle at 1 MHz, in the file's unit of 1 ns.
  let period: UInt64 = 1000

  func smallTick() throws -> ParsedDump {
    let input = SpikeTrains(
      samples: 1, ticks: 1, channels: 1, events: [.init(sample: 0, tick: 0, channel: 0)])
    let waveform = try Emulator(SmallTickTests.program()).waveform(input, sample: 0, ticks: 1)
    return try ParsedDump(String(decoding: ValueChangeDump(waveform).bytes, as: UTF8.self))
  }

  /// The values of a signal in cycles 0 …, as the dump has them in the middle of each cycle.
  func values(_ dump: ParsedDump, _ name: String, cycles: Int = 9) throws -> [UInt64] {
    let signal = try dump[name]
    return try (0..<UInt64(cycles)).map { try #require(signal.value(at: $0 * period + period / 2)) }
  }

  /// The packets of a strobe, "A" for number 0, at the cycles in which it is high.
  func packets(_ dump: ParsedDump, _ strobe: String, _ number: String) throws -> [String] {
    zip(try values(dump, strobe), try values(dump, number)).map { $0 == 1 ? ["A", "B", "C"][Int($1)] : "" }
  }

  @Test func smallTickAppearsCycleForCycle() throws {
    let dump = try smallTick()
    #expect(dump.timescale == "1 ns")
    // Ticks 0 and 1 take 13 and 11 cycles (SmallTickTests).
    #expect(dump.end == 24 * period)
    #expect(try dump["tick"].times == [0, 13 * period])
    #expect(try dump["clk"].values == (0..<48).map { UInt64(1 - $0 % 2) })

    // The columns of the page: enters the queue, injected, granted, delivered.
    #expect(try values(dump, "core_0_0.entered") == [0, 0, 0, 0, 1, 2, 0, 0, 0])
    #expect(try values(dump, "core_1_0.entered") == [0, 0, 0, 0, 0, 0, 0, 0, 0])
    #expect(
      try packets(dump, "router_0_0.inject", "router_0_0.packet_inject")
        == ["", "", "", "", "A", "B", "C", "", ""])
    #expect(
      try packets(dump, "router_0_0.grant_px", "router_0_0.packet_px")
        == ["", "", "", "", "", "A", "B", "", ""])
    #expect(
      try packets(dump, "router_0_0.grant_local", "router_0_0.packet_local")
        == ["", "", "", "", "", "", "", "C", ""])
    #expect(
      try packets(dump, "router_1_0.grant_local", "router_1_0.packet_local")
        == ["", "", "", "", "", "", "A", "B", ""])
    #expect(
      try packets(dump, "core_1_0.delivered", "core_1_0.delivered_packet")
        == ["", "", "", "", "", "", "", "A", "B"])
    #expect(
      try packets(dump, "core_0_0.delivered", "core_0_0.delivered_packet")
        == ["", "", "", "", "", "", "", "", "C"])

    // Between steps 2 and 3: A is there in cycle 4, B and C in 5, C still in 6.
    #expect(try values(dump, "core_0_0.queue") == [0, 0, 0, 0, 1, 2, 1, 0, 0])
    #expect(try values(dump, "router_0_0.fifo_local") == [0, 0, 0, 0, 0, 1, 1, 1, 0])
    #expect(try values(dump, "router_1_0.fifo_mx") == [0, 0, 0, 0, 0, 0, 1, 1, 0])

    // Core 0 integrates in cycles 0 to 2 and is idle from 5, core 1 from 2.
    #expect(try values(dump, "core_0_0.phase") == [1, 1, 1, 2, 2, 0, 0, 0, 0])
    #expect(try values(dump, "core_1_0.phase") == [1, 2, 0, 0, 0, 0, 0, 0, 0])
  }

  /// The dumps of a run's samples hold together what its record counts, and nothing ever overfills, on programs in
  /// which every rule is drawn at random.
  @Test(arguments: 0..<8)
  func dumpsHoldWhatTheRecordCounts(lot: Int) throws {
    for seed in UInt64(lot * 15)..<UInt64((lot + 1) * 15) {
      let program = RandomProgram.make(seed)
      let emulator = Emulator(program.image)
      let record = try emulator.run(
        program.input, options: RunOptions(samples: program.samples, ticks: program.ticks))
      var counted = Counted(record)
      for sample in 0..<program.samples {
        let waveform = try emulator.waveform(program.input, sample: sample, ticks: program.ticks)
        try counted.add(ParsedDump(String(decoding: ValueChangeDump(waveform).bytes, as: UTF8.self)))
      }
      #expect(counted.grants == record.linkFlits, "seed \(seed)")
      #expect(counted.entered == record.coreCounters.map(\.packets), "seed \(seed)")
      #expect(counted.delivered == record.coreCounters.map(\.deliveries), "seed \(seed)")
      #expect(counted.busy == record.coreCounters.map(\.busyCycles), "seed \(seed)")
      #expect(counted.frozen == record.coreCounters.map(\.frozenCycles), "seed \(seed)")
      #expect(counted.cycles == record.counters.cycles, "seed \(seed)")
      #expect(counted.fifoPeaks == record.fifoPeaks, "seed \(seed)")
      let chip = program.image.chip
      #expect(counted.fifoPeaks.allSatisfy { $0 <= chip.mesh.bufferDepth }, "seed \(seed)")
      #expect(counted.queuePeak <= chip.timing.injectionQueue, "seed \(seed)")
    }
  }

  /// Tracing is a run of its own and leaves no mark on the next one.
  @Test func recordIsTheSameWithAndWithoutATrace() throws {
    let program = RandomProgram.make(5)
    let emulator = Emulator(program.image)
    let options = RunOptions(samples: program.samples, ticks: program.ticks)
    let before = try emulator.run(program.input, options: options)
    _ = try emulator.waveform(program.input, sample: 0, ticks: program.ticks)
    #expect(try emulator.run(program.input, options: options) == before)
  }
}

/// Sums over the cycles of dumps, laid out as in a record.
private struct Counted {
  let layout: NeuronLayout
  let width: Int
  var grants: [UInt64]
  var fifoPeaks: [UInt32]
  var entered: [UInt64]
  var delivered: [UInt64]
  var busy: [UInt64]
  var frozen: [UInt64]
  var cycles: UInt64 = 0
  var queuePeak: UInt64 = 0

  init(_ record: RunRecord) {
    layout = record.layout
    width = record.meshWidth
    grants = record.linkFlits.map { _ in 0 }
    fifoPeaks = record.linkFlits.map { _ in 0 }
    entered = record.coreCounters.map { _ in 0 }
    delivered = entered
    busy = entered
    frozen = entered
  }

  mutating func add(_ dump: ParsedDump) throws {
    let clock = try dump["clk"]
    // The clock falls in the middle of every cycle.
    let middles = zip(clock.times, clock.values).filter { $0.1 == 0 }.map(\.0)
    cycles += UInt64(middles.count)
    func values(_ name: String) -> [UInt64] {
      middles.map { dump.signals[name]?.value(at: $0) ?? 0 }
    }
    for core in entered.indices {
      let scope = "core_\(layout.coreX[core])_\(layout.coreY[core])"
      entered[core] += values("\(scope).entered").reduce(0, +)
      delivered[core] += values("\(scope).delivered").reduce(0, +)
      let phases = values("\(scope).phase")
      busy[core] += UInt64(phases.count { $0 != 0 })
      frozen[core] += UInt64(phases.count { $0 == 3 })
      queuePeak = max(queuePeak, values("\(scope).queue").max() ?? 0)
    }
    for link in grants.indices {
      let scope = "router_\(link / 5 % width)_\(link / 5 / width)"
      let port = ["px", "mx", "py", "my", "local"][link % 5]
      grants[link] += values("\(scope).grant_\(port)").reduce(0, +)
      fifoPeaks[link] = max(fifoPeaks[link], UInt32(values("\(scope).fifo_\(port)").max() ?? 0))
    }
  }
}
