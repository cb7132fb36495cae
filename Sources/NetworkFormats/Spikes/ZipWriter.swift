/// A program that writes `.npz` archives, known by the fields that no check sum covers.
///
/// A zip archive holds these fields once per member, in its central directory. Their values are taken only if one
/// of these programs writes them, the same for all members. Within the list, no two lines marked
/// `worksAlone` can be turned into each other by changing one byte of one member; the others are taken only
/// in archives of several members, where changing one of them makes the members disagree.
struct ZipWriter: Equatable {
  var madeBy: UInt64
  var versionNeeded: [UInt64]
  var externalAttributes: UInt64
  var zip64: Zip64
  /// Flags of a deflated member, beside bit 11 (the name is UTF-8).
  var deflateFlags: UInt64
  /// How it calls zlib; nil when it never compresses.
  var deflate: Deflate?
  var worksAlone: Bool

  /// The zip64 extra field of the local header, which holds the sizes in 64 bits.
  enum Zip64: Equatable {
    case never
    /// The 32-bit sizes are all ones.
    case always
    /// Members may have it, beside 32-bit sizes that hold the same.
    case optional
  }
  struct Deflate: Equatable {
    var level: Int32
    var memoryLevel: Int32
  }

  static let all: [ZipWriter] = [
    // numpy.savez and savez_compressed on Unix: Python's zipfile with force_zip64, mode 0600.
    ZipWriter(
      madeBy: 0x032D, versionNeeded: [45], externalAttributes: 0x0180_0000, zip64: .always, deflateFlags: 0,
      deflate: Deflate(level: 6, memoryLevel: 8), worksAlone: true),
    // The same on Windows.
    ZipWriter(
      madeBy: 0x002D, versionNeeded: [45], externalAttributes: 0x0180_0000, zip64: .always, deflateFlags: 0,
      deflate: Deflate(level: 6, memoryLevel: 8), worksAlone: false),
    // Python's zipfile.writestr, and numpy.savez with Python before 3.11.4, on Unix and on Windows.
    ZipWriter(
      madeBy: 0x0314, versionNeeded: [20], externalAttributes: 0x0180_0000, zip64: .optional, deflateFlags: 0,
      deflate: Deflate(level: 6, memoryLevel: 8), worksAlone: true),
    ZipWriter(
      madeBy: 0x0014, versionNeeded: [20], externalAttributes: 0x0180_0000, zip64: .optional, deflateFlags: 0,
      deflate: Deflate(level: 6, memoryLevel: 8), worksAlone: false),
    // NumPy before 1.14: zipfile.write of a temporary file of mode 0600.
    ZipWriter(
      madeBy: 0x0314, versionNeeded: [20], externalAttributes: 0x8180_0000, zip64: .never, deflateFlags: 0,
      deflate: Deflate(level: 6, memoryLevel: 8), worksAlone: false),
    // libzip 1.x: mode 0666, version 10 when stored and 20 when deflated, "maximum" in the flags.
    ZipWriter(
      madeBy: 0x033F, versionNeeded: [10, 20], externalAttributes: 0x81B6_0000, zip64: .never,
      deflateFlags: 2, deflate: Deflate(level: 9, memoryLevel: 9), worksAlone: true),
    // cnpy (C++): stored only.
    ZipWriter(
      madeBy: 0x0014, versionNeeded: [20], externalAttributes: 0, zip64: .never, deflateFlags: 0,
      deflate: nil, worksAlone: true),
  ]
}
