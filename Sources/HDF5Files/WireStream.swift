/// What has arrived from a reader process, with its checksum, which is taken along so that it costs no time of its own.
struct WireStream {
  private(set) var bytes: [UInt8] = []
  /// Of the bytes before `checked`.
  private var checksum = Checksum()
  private var checked = 0

  /// - Parameter expected: bytes to make room for. Room that is not used costs nothing.
  init(expected: Int) { bytes.reserveCapacity(expected) }

  mutating func append(_ piece: ArraySlice<UInt8>) {
    bytes.append(contentsOf: piece)
    // Wherever the stream ends, its last four bytes are the checksum of all others.
    let end = max(checked, bytes.count - 4)
    bytes.withUnsafeBytes { checksum.add(UnsafeRawBufferPointer(rebasing: $0[checked..<end])) }
    checked = end
  }

  /// Whether the last four bytes are the checksum of all others.
  var isWhole: Bool {
    guard bytes.count >= WireFormat.header.count + 5 else { return false }
    return bytes.withUnsafeBytes {
      $0.loadUnaligned(fromByteOffset: $0.count - 4, as: UInt32.self) == checksum.value
    }
  }
}
