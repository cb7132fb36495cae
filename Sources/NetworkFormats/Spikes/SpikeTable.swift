import Diagnostics
import Foundation
import Observations

/// Spikes as a table: comma-separated, a line of column names, then one line per spike.
///
/// Columns, in any order: `channel`; `tick` or `time_s` (seconds; the tick is ⌊time/dt⌋); optional `sample`
/// (else 0) and `count` (else 1). All are counted from 0. Lines of the same sample, tick and channel add up. A
/// first line such as `# samples=2 ticks=32 channels=64` gives the extents; else they end with the last spike.
enum SpikeTable {
  /// Bytes of a table, and spikes of a file of any kind, beyond which it is refused.
  static let maximumBytes = 1 << 28
  static let mostEvents = 1 << 26

  private struct Extents {
    var samples: Int?
    var ticks: Int?
    var channels: Int?
  }
  private enum Column: String, CaseIterable {
    case sample, tick, time = "time_s", channel, count
  }

  static func read(_ bytes: [UInt8], place: String, dt: Double, channels: Int?) throws(Failure)
    -> SpikeTrains
  {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Failure(.badInput, Diagnostic("spikes.table", place: place, problem: "not UTF-8 text"))
    }
    var problems = DiagnosticCollector()
    var extents = Extents(channels: channels)
    var columns: [Column]?
    var counts: [SpikeTrains.Event] = []
    for (number, raw) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .enumerated()
    {
      let line = raw.trimmingCharacters(in: .whitespaces)
      let linePlace = "\(place):\(number + 1)"
      if line.isEmpty { continue }
      if line.hasPrefix("#") {
        declared(line, &extents, linePlace, &problems)
      } else if let columns {
        if let event = event(line, columns, dt, linePlace, &problems) { counts.append(event) }
      } else {
        columns = try header(line, linePlace)
      }
      // One broken table can have millions of broken lines.
      if problems.all.count >= 20 { break }
    }
    guard columns != nil else {
      throw Failure(
        .badInput, Diagnostic("spikes.table", place: place, problem: "there is no line of column names"))
    }
    try problems.throwIfErrors()
    return try trains(merged(counts, place: place), extents, place: place)
  }

  private static func header(_ line: String, _ place: String) throws(Failure) -> [Column] {
    let names = line.split(separator: ",", omittingEmptySubsequences: false)
      .map { $0.trimmingCharacters(in: .whitespaces) }
    let columns = names.compactMap(Column.init)
    guard columns.count == names.count, Set(columns).count == columns.count, columns.contains(.channel),
      columns.contains(.tick) != columns.contains(.time)
    else {
      throw Failure(
        .badInput,
        Diagnostic(
          "spikes.columns", place: place, problem: "these column names are not those of a spike table",
          found: line, expected: "channel, tick or time_s, and optionally sample and count"))
    }
    return columns
  }

  /// Reads `# samples=… ticks=… channels=…`; other comments are skipped.
  private static func declared(
    _ line: String, _ extents: inout Extents, _ place: String, _ problems: inout DiagnosticCollector
  ) {
    for word in line.dropFirst().split(separator: " ") {
      let parts = word.split(separator: "=")
      guard parts.count == 2, let value = Int(parts[1]), (0...Int(Int32.max)).contains(value) else {
        continue
      }
      switch parts[0] {
      case "samples": extents.samples = value
      case "ticks": extents.ticks = value
      case "channels":
        if let channels = extents.channels, channels != value {
          problems.add(
            Diagnostic(
              "spikes.channels", place: place, problem: "the spikes have the wrong number of channels",
              found: "\(value)", expected: "\(channels)"))
        }
        extents.channels = value
      default: break
      }
    }
  }

  private static func event(
    _ line: String, _ columns: [Column], _ dt: Double, _ place: String, _ problems: inout DiagnosticCollector
  ) -> SpikeTrains.Event? {
    let cells = line.split(separator: ",", omittingEmptySubsequences: false)
      .map { $0.trimmingCharacters(in: .whitespaces) }
    var event = SpikeTrains.Event(sample: 0, tick: 0, channel: 0)
    var bad = cells.count != columns.count
    for (column, cell) in zip(columns, cells) {
      switch column {
      case .sample: bad = !assign(Int32(cell), to: &event.sample) || bad
      case .tick: bad = !assign(Int32(cell), to: &event.tick) || bad
      case .channel: bad = !assign(Int32(cell), to: &event.channel) || bad
      case .count: bad = !assign(UInt8(cell).flatMap { $0 > 0 ? $0 : nil }, to: &event.count) || bad
      case .time:
        // A time that was printed as a multiple of dt may lie a rounding below it.
        let tick = Double(cell).map { ($0 / dt + 1e-6).rounded(.down) }
        bad = !assign(tick.flatMap(Int32.init(exactly:)), to: &event.tick) || bad
      }
    }
    if bad {
      problems.add(
        Diagnostic(
          "spikes.line", place: place, problem: "not a spike", found: String(line.prefix(60)),
          expected: columns.map(\.rawValue).joined(separator: ",")
            + ", numbers from 0, count from 1 to 255"))
      return nil
    }
    return event
  }

  private static func assign<Number: FixedWidthInteger>(_ value: Number?, to target: inout Number) -> Bool {
    guard let value, value >= 0 else { return false }
    target = value
    return true
  }

  /// Sorted; lines of the same sample, tick and channel added up.
  static func merged(_ events: [SpikeTrains.Event], place: String) throws(Failure)
    -> [SpikeTrains.Event]
  {
    var result: [SpikeTrains.Event] = []
    for event in events.sorted() {
      if let last = result.last, !(last < event) {
        let (sum, overflow) = last.count.addingReportingOverflow(event.count)
        if overflow {
          throw Failure(
            .badInput,
            Diagnostic(
              "spikes.count", place: place, problem: "more than 255 spikes of one channel in one tick",
              found: "sample \(event.sample), tick \(event.tick), channel \(event.channel)"))
        }
        result[result.count - 1].count = sum
      } else {
        result.append(event)
      }
    }
    return result
  }

  private static func trains(
    _ events: [SpikeTrains.Event], _ extents: Extents, place: String
  ) throws(Failure) -> SpikeTrains {
    func end(_ values: (SpikeTrains.Event) -> Int32) -> Int {
      (events.map(values).max().map(Int.init) ?? -1) + 1
    }
    let least = (samples: end(\.sample), ticks: end(\.tick), channels: end(\.channel))
    let trains = SpikeTrains(
      samples: extents.samples ?? max(least.samples, 1), ticks: extents.ticks ?? least.ticks,
      channels: extents.channels ?? least.channels, events: events)
    guard trains.samples >= least.samples, trains.ticks >= least.ticks, trains.channels >= least.channels
    else {
      throw Failure(
        .badInput,
        Diagnostic(
          "spikes.extents", place: place, problem: "there are spikes beyond the declared extents",
          found: "up to sample \(least.samples - 1), tick \(least.ticks - 1), channel \(least.channels - 1)",
          expected: "\(trains.samples) samples, \(trains.ticks) ticks, \(trains.channels) channels"))
    }
    return trains
  }

  /// The table of these trains, with their extents.
  static func text(_ trains: SpikeTrains) -> String {
    var lines = ["# samples=\(trains.samples) ticks=\(trains.ticks) channels=\(trains.channels)"]
    lines.append("sample,tick,channel,count")
    lines += trains.events.map { "\($0.sample),\($0.tick),\($0.channel),\($0.count)" }
    return lines.joined(separator: "\n") + "\n"
  }
}
