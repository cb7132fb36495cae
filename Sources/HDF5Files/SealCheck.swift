import Diagnostics

/// Compares a file with its seal (`Seal`).
struct SealCheck {
  let path: String
  let seal: Seal

  func run() throws(Failure) {
    let file = try FileProbe.open(path)
    let size = file.size
    let block = file.bytes(at: 0, count: Seal.blockSize)
    guard block.count >= 8, block.starts(with: Array(seal.magic.utf8)) else {
      throw refuse("seal.kind", "not a \(seal.kind)", found: describe(block), expected: "a \(seal.kind)")
    }
    guard block.count == Seal.blockSize else { throw damaged("the file ends within its first 512 bytes") }
    let length = number(block, 16, 8)
    let checksum = UInt32(number(block, 24, 4))
    // The block's own checksum first: only then do its fields mean anything.
    var own = Checksum()
    block.withUnsafeBytes { own.add(UnsafeRawBufferPointer(rebasing: $0[0..<28])) }
    guard number(block, 28, 4) == UInt64(own.value), block[32...].allSatisfy({ $0 == 0 }) else {
      throw damaged("its first 512 bytes were changed")
    }
    guard number(block, 8, 4) == UInt64(seal.version) else {
      throw Failure(
        .badInput,
        Diagnostic(
          "seal.version", place: path, problem: "\(seal.kind) of another version",
          found: "version \(number(block, 8, 4))", expected: "version \(seal.version)",
          remedy: "Make the file again with this release"))
    }
    guard block == seal.block(length: length, checksum: checksum) else {
      throw damaged("its first 512 bytes were changed")
    }
    guard size >= Seal.blockSize, UInt64(size - Seal.blockSize) == length else {
      throw damaged("its length is wrong", found: "\(size) bytes", expected: "\(length) + 512 bytes")
    }
    var rest = Checksum()
    var offset = Seal.blockSize
    while offset < size {
      let bytes = file.bytes(at: offset, count: min(1 << 20, size - offset))
      if bytes.isEmpty { throw damaged("it cannot be read to its end") }
      bytes.withUnsafeBytes { rest.add($0) }
      offset += bytes.count
    }
    guard rest.value == checksum else { throw damaged("its content was changed (CRC-32 differs)") }
  }

  private func number(_ block: [UInt8], _ offset: Int, _ count: Int) -> UInt64 {
    block[offset..<offset + count].reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  private func describe(_ block: [UInt8]) -> String {
    if block.starts(with: FileProbe.signature) { return "an HDF5 file without the seal" }
    if block.starts(with: Array("RHEO".utf8)) { return "a Rheobase file of another kind" }
    return FileProbe.looksLike(block)
  }

  private func damaged(_ problem: String, found: String? = nil, expected: String? = nil) -> Failure {
    refuse("seal.damaged", "damaged \(seal.kind): \(problem)", found: found, expected: expected)
  }

  private func refuse(_ id: String, _ problem: String, found: String?, expected: String?) -> Failure {
    Failure(
      .badInput,
      Diagnostic(
        id, place: path, problem: problem, found: found, expected: expected,
        remedy: id == "seal.damaged" ? "Fetch the file again, or make it again" : nil))
  }
}
