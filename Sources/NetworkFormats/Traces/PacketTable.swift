import Diagnostics
import HDF5Files
import Observations

/// Packets of a mesh as a table: comma-separated, a line of column names, then one line per packet.
///
/// Columns that are read, in any order among others: `pid` (unique), `src` and `dest` (nodes, y · width + x), `ctime`
/// (the cycle in which the packet was made). All are whole numbers from 0. Lines may stand in any order; empty
/// ones are skipped.
public enum PacketTable {
  /// Bytes of a table beyond which it is refused.
  static let maximumBytes = 1 << 28
  /// Cycles beyond this are refused, so that no sum of cycles overflows.
  static let latestCycle = 1_000_000_000_000_000
  /// A broken table can have millions of broken lines.
  private static let mostProblems = 20
  private static let columns = ["pid", "src", "dest", "ctime"]

  /// Reads `path`, plain or compressed by gzip.
  ///
  /// - Parameter nodes: nodes of the mesh.
  public static func read(_ path: String, nodes: Int) throws(Failure) -> [PacketTrace.Packet] {
    let bytes = try InputBytes.read(path, limit: maximumBytes)
    let isCompressed = path.hasSuffix(".gz") || bytes.starts(with: [0x1F, 0x8B])
    return try read(
      isCompressed ? Gzip.contents(bytes, place: path, limit: maximumBytes) : bytes, place: path,
      nodes: nodes)
  }

  static func read(_ bytes: [UInt8], place: String, nodes: Int) throws(Failure) -> [PacketTrace.Packet] {
    var problems = DiagnosticCollector()
    var packets: [PacketTrace.Packet] = []
    var lines: [Int] = []
    var header: Header?
    var start = 0
    var line = 0
    while start < bytes.count, problems.all.count < mostProblems {
      let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
      let text = trimmed(bytes[start..<end])
      start = end + 1
      line += 1
      if text.isEmpty { continue }
      let linePlace = "\(place):\(line)"
      if let header {
        guard let packet = packet(text, header, nodes, linePlace, &problems) else { continue }
        packets.append(packet)
        lines.append(line)
      } else {
        header = try Header(text, place: linePlace)
      }
    }
    guard header != nil else {
      throw Failure(
        .badInput, Diagnostic("packets.table", place: place, problem: "there is no line of column names"))
    }
    findRepeated(packets, lines, place, &problems)
    try problems.throwIfErrors()
    return packets
  }

  /// Which cell of a line is which column.
  private struct Header {
    var cells: Int
    /// In the order of `columns`.
    var places: [Int]

    init(_ text: ArraySlice<UInt8>, place: String) throws(Failure) {
      let names = split(text).map { String(decoding: trimmed($0), as: UTF8.self) }
      let places = columns.map { column in names.indices.filter { names[$0] == column } }
      guard places.allSatisfy({ $0.count == 1 }) else {
        throw Failure(
          .badInput,
          Diagnostic(
            "packets.columns", place: place, problem: "these column names are not those of packets",
            found: String(decoding: text.prefix(60), as: UTF8.self),
            expected: "pid, src, dest and ctime, each once"))
      }
      cells = names.count
      self.places = places.map { $0[0] }
    }
  }

  private static func packet(
    _ text: ArraySlice<UInt8>, _ header: Header, _ nodes: Int, _ place: String,
    _ problems: inout DiagnosticCollector
  ) -> PacketTrace.Packet? {
    let cells = split(text)
    guard cells.count == header.cells else {
      problems.add(
        Diagnostic(
          "packets.line", place: place, problem: "a line of another length than the column names",
          found: "\(cells.count) cells", expected: "\(header.cells)"))
      return nil
    }
    let limits = [Int.max, nodes - 1, nodes - 1, latestCycle]
    var values = [0, 0, 0, 0]
    var isWhole = true
    for column in columns.indices {
      let cell = trimmed(cells[header.places[column]])
      if let value = number(cell), value <= limits[column] {
        values[column] = value
        continue
      }
      isWhole = false
      problems.add(
        Diagnostic(
          "packets.value", subject: columns[column], place: place, problem: "bad value",
          found: "\"\(String(decoding: cell.prefix(40), as: UTF8.self))\"",
          expected: limits[column] == Int.max
            ? "a whole number from 0" : "a whole number from 0 to \(limits[column])"))
    }
    return isWhole
      ? PacketTrace.Packet(id: values[0], source: values[1], destination: values[2], made: values[3]) : nil
  }

  private static func findRepeated(
    _ packets: [PacketTrace.Packet], _ lines: [Int], _ place: String, _ problems: inout DiagnosticCollector
  ) {
    let order = packets.indices.sorted { (packets[$0].id, $0) < (packets[$1].id, $1) }
    var repeated: [(line: Int, first: Int, id: Int)] = []
    for (one, other) in zip(order, order.dropFirst()) where packets[one].id == packets[other].id {
      repeated.append((lines[other], lines[one], packets[one].id))
    }
    repeated.sort { $0.line < $1.line }
    for (line, first, id) in repeated.prefix(max(0, mostProblems - problems.all.count)) {
      problems.add(
        Diagnostic(
          "packets.repeated", subject: "pid", place: "\(place):\(line)",
          problem: "the packet stands in line \(first) too",
          found: "\(id)"))
    }
  }

  private static func split(_ text: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
    text.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
  }

  /// Without spaces, tabs and carriage returns at both ends.
  private static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var text = text
    while let byte = text.first, isBlank(byte) { text.removeFirst() }
    while let byte = text.last, isBlank(byte) { text.removeLast() }
    return text
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }

  /// A decimal number without a sign; nil where it is not one or does not fit.
  private static func number(_ text: ArraySlice<UInt8>) -> Int? {
    guard !text.isEmpty else { return nil }
    var value = 0
    for byte in text {
      guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
      let (tenfold, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = tenfold.addingReportingOverflow(Int(byte - UInt8(ascii: "0")))
      guard !overflow, !carry else { return nil }
      value = sum
    }
    return value
  }
}
