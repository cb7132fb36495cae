import Diagnostics

/// Writes items to a file descriptor as they come, so that the reader holds one dataset at a time.
struct WireEncoder {
  private let file: Int32
  private var buffer: [UInt8] = WireFormat.header
  private var checksum = Checksum()
  /// The other end has gone away, or the disk behind it is full.
  private(set) var broken = false

  init(file: Int32) { self.file = file }

  mutating func item(_ item: WireItem) { buffer.append(item.rawValue) }

  mutating func text(_ text: String) {
    var text = text
    text.withUTF8 { bytes in
      number(UInt32(truncatingIfNeeded: bytes.count))
      raw(UnsafeRawBufferPointer(bytes))
    }
  }

  mutating func number(_ value: some FixedWidthInteger) {
    withUnsafeBytes(of: value) { buffer.append(contentsOf: $0) }
  }

  /// Item, name, type and shape of a dataset or an attribute; its values follow.
  mutating func begin(_ item: WireItem, _ name: String, _ type: WireType, _ shape: [Int]) {
    self.item(item)
    text(name)
    buffer.append(type.rawValue)
    buffer.append(UInt8(shape.count))
    for extent in shape { number(UInt64(extent)) }
  }

  mutating func raw(_ bytes: UnsafeRawBufferPointer) {
    guard bytes.count >= 1 << 16 else {
      buffer.append(contentsOf: bytes)
      if buffer.count >= 1 << 20 { flush() }
      return
    }
    flush()
    send(bytes)
  }

  mutating func problem(_ diagnostic: Diagnostic) {
    item(.problem)
    for field in [
      diagnostic.id, diagnostic.subject, diagnostic.place, diagnostic.problem, diagnostic.found,
      diagnostic.expected, diagnostic.remedy,
    ] { text(field ?? "") }
  }

  mutating func finish() {
    item(.finish)
    flush()
    let value = checksum.value
    withUnsafeBytes(of: value) { send($0) }
  }

  private mutating func flush() {
    buffer.withUnsafeBytes { send($0) }
    buffer.removeAll(keepingCapacity: true)
  }

  private mutating func send(_ bytes: UnsafeRawBufferPointer) {
    checksum.add(bytes)
    if !broken, AtomicFile.writeAll(bytes, to: file) != 0 { broken = true }
  }
}
