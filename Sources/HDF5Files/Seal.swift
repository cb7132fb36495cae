import CHDF5

/// The 512 bytes in front of the HDF5 data of a file that Rheobase wrote; they make every changed, missing or
/// added byte of the file detectable. Little endian:
///
/// | bytes | content |
/// |---|---|
/// | 0–7 | magic, 8 ASCII characters: what kind of file |
/// | 8–11 | version of the layout |
/// | 12–15 | 512, the length of this block |
/// | 16–23 | length of the rest of the file, bytes |
/// | 24–27 | CRC-32 (zlib) of the rest of the file |
/// | 28–31 | CRC-32 of bytes 0–27 |
/// | 32–511 | zero |
///
/// HDF5 calls such a block a user block and skips it, so every HDF5 tool opens the file.
public struct Seal: Sendable, Equatable {
  static let blockSize = 512

  /// Exactly 8 ASCII characters.
  public let magic: String
  public let version: UInt32
  /// What a person calls such a file: "Rheobase program image".
  public let kind: String

  /// - Precondition: `magic` has 8 ASCII characters.
  public init(magic: String, version: UInt32, kind: String) {
    precondition(magic.utf8.count == 8 && magic.utf8.allSatisfy { $0 < 128 }, "a magic is 8 ASCII characters")
    self.magic = magic
    self.version = version
    self.kind = kind
  }

  /// The block for a file whose rest has this length and checksum.
  func block(length: UInt64, checksum: UInt32) -> [UInt8] {
    var block = Array(magic.utf8)
    block += littleEndian(version)
    block += littleEndian(UInt32(Seal.blockSize))
    block += littleEndian(length)
    block += littleEndian(checksum)
    var own = Checksum()
    block.withUnsafeBytes { own.add($0) }
    block += littleEndian(own.value)
    block += [UInt8](repeating: 0, count: Seal.blockSize - block.count)
    return block
  }

  private func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }
}

/// CRC-32 as zlib, gzip and PNG compute it.
struct Checksum {
  private(set) var value: UInt32 = 0

  mutating func add(_ bytes: UnsafeRawBufferPointer) {
    guard var next = bytes.bindMemory(to: UInt8.self).baseAddress else { return }
    var left = bytes.count
    // zlib takes a 32-bit length.
    while left > 0 {
      let step = min(left, 1 << 30)
      value = UInt32(truncatingIfNeeded: crc32(uLong(value), next, uInt(step)))
      next += step
      left -= step
    }
  }
}
