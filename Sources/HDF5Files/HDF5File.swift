import Diagnostics

/// HDF5 files as plain values.
///
/// libhdf5 crashes or hangs on some damaged files, so this process never opens a file with it: `read` starts
/// the program once more as a reader (`HDF5Child`) and takes checked arrays from it. Writing happens here, in
/// memory, and the finished bytes go to the disk in one piece.
public enum HDF5File {
  /// Everything in the file at `path`.
  ///
  /// Soft, external and user-defined links, groups reachable twice, external and virtual storage, filters that
  /// are not installed and types without a counterpart in `HDF5Dataset.Values` are refused, except below a
  /// group named `metadata`, where what cannot be represented is left out. Attributes are read for groups.
  ///
  /// Edge cases: a dataset without data (null dataspace) has shape `[0]`; one that was declared but never
  /// written has its fill value; a missing variable-length string is empty.
  public static func read(_ path: String) throws(Failure) -> HDF5Group {
    let size = try FileProbe.requireHDF5(path)
    let stream = try ReaderProcess.run(path: path, limits: ReaderLimits(fileSize: size))
    var decoder = WireDecoder(stream)
    guard let (root, problems) = decoder.decode() else {
      throw Failure(
        .badInput,
        Diagnostic(
          "hdf5.damaged", place: path, problem: "the HDF5 reader gave no usable answer",
          remedy: "The file is damaged; fetch or write it again"))
    }
    if !problems.isEmpty { throw Failure(.badInput, problems) }
    return root
  }

  /// Writes `root` to `path`, whole or not at all: a temporary file in the same folder, then a rename.
  ///
  /// The bytes depend on `root` and `seal` only (and on the release of libhdf5): no times, names in ascending
  /// order, the oldest layout that holds the content (superblock 0). Arrays of more than 64 KiB are chunked and compressed (shuffle, gzip level 4),
  /// all others are contiguous. Text is variable-length UTF-8. With a seal, the seal's block comes first.
  public static func write(_ root: HDF5Group, to path: String, seal: Seal?) throws(Failure) {
    let image = try HDF5Writer.image(of: root, path: path, userBlock: seal == nil ? 0 : Seal.blockSize)
    var block: [UInt8] = []
    if let seal {
      var checksum = Checksum()
      image.withUnsafeBytes { checksum.add($0) }
      block = seal.block(length: UInt64(image.count), checksum: checksum.value)
    }
    try AtomicFile.write([block, image], to: path)
  }

  /// Throws unless the file at `path` is, byte for byte, one that was written with this seal.
  public static func checkSeal(_ path: String, _ seal: Seal) throws(Failure) {
    try SealCheck(path: path, seal: seal).run()
  }

  /// Whether the file at `path` begins as one with this seal does; what follows may still be damaged.
  public static func hasSeal(_ path: String, _ seal: Seal) throws(Failure) -> Bool {
    try FileProbe.open(path).bytes(at: 0, count: seal.magic.utf8.count) == Array(seal.magic.utf8)
  }
}
