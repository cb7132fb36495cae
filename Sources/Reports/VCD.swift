import Observations

/// A waveform as a value change dump (IEEE 1364-2005 §18), which GTKWave opens: docs/waveform.md.
///
/// **Cost:** about 12 bytes per cycle for the clock, and per change of a signal 5 to 20.
public struct ValueChangeDump: Sendable {
  private let waveform: Waveform
  private let timescale: Timescale
  private let signals: VCDSignals

  public init(_ waveform: Waveform) {
    self.waveform = waveform
    timescale = Timescale(clock: waveform.clock)
    signals = VCDSignals(waveform)
  }

  /// The whole file.
  public var bytes: [UInt8] {
    var writer = VCDWriter()
    writer.line("$comment rheobase, sample \(waveform.sample) $end")
    writer.line("$comment phase: 0 idle, 1 integrate, 2 update, 3 frozen $end")
    writer.line("$timescale 1 \(timescale.unit) $end")
    signals.declare(&writer)
    writer.line("$enddefinitions $end")
    dump(&writer)
    return writer.bytes
  }

  /// All values at time 0, then cycle by cycle what differs.
  private func dump(_ writer: inout VCDWriter) {
    var state = VCDState(signals)
    var change = 0
    var occurrence = 0
    var tick = 0
    for cycle in 0..<waveform.end {
      state.beginCycle(signals)
      state.set(signals.clock, 1)
      while tick < waveform.tickBegin.count, waveform.tickBegin[tick] == cycle {
        state.set(signals.tick, tick)
        tick += 1
      }
      while change < waveform.changes.count, waveform.changes[change].cycle == cycle {
        state.set(signals.number(of: waveform.changes[change].level), waveform.changes[change].value)
        change += 1
      }
      while occurrence < waveform.occurrences.count, waveform.occurrences[occurrence].cycle == cycle {
        state.happen(
          signals.numbers(of: waveform.occurrences[occurrence].pulse), waveform.occurrences[occurrence])
        occurrence += 1
      }
      writer.time(timescale.time(halfCycles: 2 * cycle))
      if cycle == 0 { writer.line("$dumpvars") }
      state.write(signals, to: &writer)
      if cycle == 0 { writer.line("$end") }
      writer.time(timescale.time(halfCycles: 2 * cycle + 1))
      state.set(signals.clock, 0)
      state.write(signals, to: &writer)
    }
    writer.time(timescale.time(halfCycles: 2 * waveform.end))
  }
}

/// Time unit of the file, and the time of a cycle in it.
struct Timescale: Sendable {
  let unit: String
  private let halfPeriod: Double

  /// The coarsest of ns, ps and fs in which half a clock period is a whole number; fs, and times rounded to it, if
  /// there is none.
  init(clock: Double) {
    let units = [("ns", 1e9), ("ps", 1e12), ("fs", 1e15)]
    func half(_ perSecond: Double) -> Double { perSecond / (2 * clock) }
    let exact = units.first {
      let h = half($0.1)
      return h >= 1 && abs(h - h.rounded()) <= 1e-9 * h
    }
    let chosen = exact ?? units[2]
    unit = chosen.0
    halfPeriod = exact == nil ? max(1, half(chosen.1)) : half(chosen.1).rounded()
  }

  func time(halfCycles: Int) -> UInt64 {
    UInt64((Double(halfCycles) * halfPeriod).rounded())
  }
}
