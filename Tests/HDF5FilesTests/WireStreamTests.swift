import Testing

@testable import HDF5Files

@Suite struct WireStreamTests {
  /// The check value that CRC-32 is published with.
  private static let whole = Array("123456789".utf8) + [0x26, 0x39, 0xF4, 0xCB]

  @Test("A stream is whole in whatever pieces it comes", arguments: 1...13)
  func pieces(size: Int) {
    let stream = WireStream(expected: 0)
    for begin in stride(from: 0, to: Self.whole.count, by: size) {
      #expect(!stream.isWhole)
      stream.append(Self.whole[begin..<min(begin + size, Self.whole.count)])
    }
    #expect(stream.isWhole)
    #expect(Array(stream.bytes) == Self.whole)
  }

  @Test("A changed, missing or added byte is noticed", arguments: 0..<13)
  func damage(at index: Int) {
    var changed = Self.whole
    changed[index] ^= 1
    var shorter = Self.whole
    shorter.remove(at: index)
    var longer = Self.whole
    longer.insert(0, at: index)
    for bytes in [changed, shorter, longer] {
      let stream = WireStream(expected: 64)
      stream.append(bytes[...])
      #expect(!stream.isWhole)
    }
  }

  /// It grows, and keeps what is behind the memory that is given back.
  @Test func memoryIsGivenBackFromTheFront() {
    let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ 1) }
    let stream = WireStream(expected: 0)
    for begin in stride(from: 0, to: bytes.count, by: 70_000) {
      stream.append(bytes[begin..<min(begin + 70_000, bytes.count)])
    }
    #expect(Array(stream.bytes) == bytes)
    stream.release(before: 200_000)
    #expect(Array(stream.bytes[200_000...]) == Array(bytes[200_000...]))
    #expect(stream.bytes[..<100_000].allSatisfy { $0 == 0 })
    stream.release(before: bytes.count)
  }
}
