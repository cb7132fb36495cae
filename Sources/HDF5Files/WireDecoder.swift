import Diagnostics

/// Takes the stream of a reader process apart. The stream comes from a process that read an untrusted file with
/// a fragile library, so nothing in it is believed: every length is checked against what is left.
///
/// What has been decoded is let go of, so that a file is in memory once and not twice.
struct WireDecoder {
  private let stream: WireStream
  /// Those of `stream`.
  private let bytes: UnsafeRawBufferPointer
  private let isWhole: Bool
  private var next = 0

  /// Bytes of an array that are copied before their memory is given back.
  private static let piece = 1 << 20

  init(_ stream: WireStream) {
    self.stream = stream
    bytes = stream.bytes
    isWhole = stream.isWhole
  }

  /// The tree and the problems met; nil if the stream is incomplete, altered or ill-formed.
  mutating func decode() -> (HDF5Group, [Diagnostic])? {
    guard bytes.starts(with: WireFormat.header), isWhole else { return nil }
    next = WireFormat.header.count
    var open: [(name: String, group: HDF5Group)] = [("", HDF5Group())]
    var problems: [Diagnostic] = []
    while let item = number(UInt8.self).flatMap(WireItem.init(rawValue:)) {
      switch item {
      case .group:
        guard let name = text(), open.count <= WireFormat.depth else { return nil }
        open.append((name, HDF5Group()))
      case .end:
        guard open.count > 1, let (name, group) = open.popLast() else { return nil }
        guard open[open.count - 1].group.groups.updateValue(group, forKey: name) == nil else { return nil }
      case .dataset:
        guard let name = text(), let dataset = dataset() else { return nil }
        guard open[open.count - 1].group.datasets.updateValue(dataset, forKey: name) == nil else {
          return nil
        }
      case .attribute:
        guard let name = text(), let dataset = dataset() else { return nil }
        guard open[open.count - 1].group.attributes.updateValue(dataset, forKey: name) == nil else {
          return nil
        }
      case .problem:
        guard let problem = problem() else { return nil }
        problems.append(problem)
      case .finish:
        return open.count == 1 && next + 4 == bytes.count ? (open[0].group, problems) : nil
      }
    }
    return nil
  }

  private mutating func number<Number: FixedWidthInteger & BitwiseCopyable>(_ type: Number.Type) -> Number? {
    let size = MemoryLayout<Number>.size
    guard bytes.count - next >= size else { return nil }
    defer { next += size }
    return bytes.loadUnaligned(fromByteOffset: next, as: type)
  }

  private mutating func text() -> String? {
    guard let length = number(UInt32.self), bytes.count - next >= Int(length) else { return nil }
    defer { next += Int(length) }
    return String(decoding: bytes[next..<next + Int(length)], as: UTF8.self)
  }

  private mutating func problem() -> Diagnostic? {
    var fields: [String] = []
    for _ in 0..<7 {
      guard let field = text() else { return nil }
      fields.append(field)
    }
    func optional(_ text: String) -> String? { text.isEmpty ? nil : text }
    return Diagnostic(
      fields[0], subject: fields[1], place: optional(fields[2]), problem: fields[3],
      found: optional(fields[4]), expected: optional(fields[5]), remedy: optional(fields[6]))
  }

  private mutating func dataset() -> HDF5Dataset? {
    guard let type = number(UInt8.self).flatMap(WireType.init(rawValue:)), let rank = number(UInt8.self)
    else { return nil }
    var shape: [Int] = []
    var count = 1
    for _ in 0..<rank {
      guard let extent = number(UInt64.self).flatMap(Int.init(exactly:)) else { return nil }
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      guard !overflow else { return nil }
      shape.append(extent)
      count = product
    }
    guard let values = values(type, count) else { return nil }
    return HDF5Dataset(shape: shape, values: values)
  }

  private mutating func values(_ type: WireType, _ count: Int) -> HDF5Dataset.Values? {
    switch type {
    case .int8: return array(count).map(HDF5Dataset.Values.int8)
    case .uint8: return array(count).map(HDF5Dataset.Values.uint8)
    case .int16: return array(count).map(HDF5Dataset.Values.int16)
    case .uint16: return array(count).map(HDF5Dataset.Values.uint16)
    case .int32: return array(count).map(HDF5Dataset.Values.int32)
    case .uint32: return array(count).map(HDF5Dataset.Values.uint32)
    case .int64: return array(count).map(HDF5Dataset.Values.int64)
    case .uint64: return array(count).map(HDF5Dataset.Values.uint64)
    case .float32: return array(count).map(HDF5Dataset.Values.float32)
    case .float64: return array(count).map(HDF5Dataset.Values.float64)
    case .string:
      guard count <= bytes.count - next else { return nil }
      var strings: [String] = []
      strings.reserveCapacity(count)
      for _ in 0..<count {
        guard let string = text() else { return nil }
        strings.append(string)
      }
      return .string(strings)
    }
  }

  private mutating func array<Element: BitwiseCopyable>(_ count: Int) -> [Element]? {
    let (size, overflow) = count.multipliedReportingOverflow(by: MemoryLayout<Element>.stride)
    guard !overflow, bytes.count - next >= size else { return nil }
    let first = next
    next += size
    return [Element](unsafeUninitializedCapacity: count) { buffer, filled in
      let target = UnsafeMutableRawBufferPointer(buffer)
      for begin in stride(from: 0, to: size, by: WireDecoder.piece) {
        let some = begin..<min(begin + WireDecoder.piece, size)
        UnsafeMutableRawBufferPointer(rebasing: target[some]).copyMemory(
          from: UnsafeRawBufferPointer(rebasing: bytes[first + some.lowerBound..<first + some.upperBound]))
        stream.release(before: first + some.upperBound)
      }
      filled = count
    }
  }
}
