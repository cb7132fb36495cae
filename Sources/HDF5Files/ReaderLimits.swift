/// What a reader process may use, from the size of its file.
struct ReaderLimits: Sendable {
  let fileSize: Int

  /// Decoded bytes, all datasets and attributes together: gzip packs at most 1032 : 1, and no file of ours or of
  /// a network comes near 2 GiB.
  var totalBytes: Int {
    let (packed, overflow) = fileSize.multipliedReportingOverflow(by: 1032)
    return overflow ? 2 << 30 : min(2 << 30, 64 << 20 + packed)
  }
  /// Address space in bytes.
  var memory: UInt64 { 4 << 30 }
  /// Processor seconds for `decoded` bytes; a hanging libhdf5 is busy, so this ends it early.
  func processorSeconds(decoded: Int) -> UInt64 { UInt64(4 + fileSize >> 20 + decoded >> 25) }
  /// Seconds on the wall clock for `received` bytes, with room for a busy machine.
  func deadlineSeconds(received: Int) -> Int { 20 + fileSize >> 19 + received >> 24 }
}
