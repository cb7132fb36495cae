import Glibc

/// What has arrived from a reader process, with its checksum, which is taken along so that it costs no time of its own.
///
/// In memory of its own, which can be given back from the front while it is decoded: an array would hold all of it beside
/// all that was made of it.
final class WireStream {
  private var memory: UnsafeMutableRawBufferPointer
  private var count = 0
  /// Bytes before this one have been given back.
  private var front = 0
  /// Of the bytes before `checked`.
  private var checksum = Checksum()
  private var checked = 0

  /// Memory is given back in whole pages of the largest size that processors have by default.
  private static let page = 1 << 16

  /// - Parameter expected: bytes to make room for. Room that is not used costs nothing.
  init(expected: Int) { memory = Self.room(max(expected, Self.page)) }

  deinit { munmap(memory.baseAddress, memory.count) }

  /// All that has arrived; zeros where it was given back.
  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: memory[..<count]) }

  func append(_ piece: ArraySlice<UInt8>) {
    if count + piece.count > memory.count { grow(count + piece.count) }
    memory[count..<count + piece.count].copyBytes(from: piece)
    count += piece.count
    // Wherever the stream ends, its last four bytes are the checksum of all others.
    let end = max(checked, count - 4)
    checksum.add(UnsafeRawBufferPointer(rebasing: memory[checked..<end]))
    checked = end
  }

  /// Whether the last four bytes are the checksum of all others.
  var isWhole: Bool {
    guard count >= WireFormat.header.count + 5 else { return false }
    return bytes.loadUnaligned(fromByteOffset: count - 4, as: UInt32.self) == checksum.value
  }

  /// Gives the memory before `end` back; what stood there has been decoded.
  func release(before end: Int) {
    let whole = end / Self.page * Self.page
    guard whole > front else { return }
    madvise(memory.baseAddress.map { $0 + front }, whole - front, MADV_DONTNEED)
    front = whole
  }

  private func grow(_ needed: Int) {
    let larger = Self.room(max(needed, 2 * memory.count))
    larger.copyMemory(from: bytes)
    munmap(memory.baseAddress, memory.count)
    memory = larger
  }

  private static func room(_ bytes: Int) -> UnsafeMutableRawBufferPointer {
    let memory = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
    precondition(memory != MAP_FAILED, "the system has no memory left")
    return UnsafeMutableRawBufferPointer(start: memory, count: bytes)
  }
}
