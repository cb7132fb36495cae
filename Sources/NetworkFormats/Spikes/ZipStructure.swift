import Diagnostics

/// The members of a zip archive, after a check of every byte that is not compressed data.
///
/// CRC-32 covers only the members' contents. So this asks for the one form that a writer produces: local headers and
/// central directory agree field by field; headers, data, directory and end record tile the file, in
/// order, without gap or trailer; every field without a counterpart has the value that a known writer gives
/// it (`ZipWriter`); nothing optional is there (comments, descriptors, other extra fields, other disks, zip64
/// directories). What remains, the contents, is checked by CRC-32 and `DeflateCheck`.
///
/// **Source:** PKWARE APPNOTE 6.3, sections 4.3.7, 4.3.12, 4.3.16, 4.5.3.
struct ZipStructure {
  struct Member: Equatable {
    var name: String
    var isDeflated: Bool
    /// Where the member's bytes stand in the file.
    var data: Range<Int>
    var size: Int
  }

  private(set) var members: [Member] = []
  private(set) var writer: ZipWriter

  /// A departure from that form.
  struct Damage: Error, Equatable {
    var problem: String
    var offset: Int
  }

  /// The fields of a central directory entry that matter here.
  private struct Entry {
    var offset: Int
    var madeBy, needed, flags, method, time, date, crc, compressed, size: UInt64
    var disk, internalAttributes, externalAttributes, localOffset: UInt64
    var name: ArraySlice<UInt8>
    var end: Int
  }

  private static let wide: UInt64 = 0xFFFF_FFFF

  init(_ file: [UInt8]) throws(Damage) {
    let (entries, directory) = try Self.directory(file)
    guard let first = entries.first else { throw Damage(problem: "the archive is empty", offset: 0) }
    guard
      let writer = ZipWriter.all.first(where: { writer in
        (writer.worksAlone || entries.count > 1)
          && entries.allSatisfy { entry in
            entry.madeBy == writer.madeBy && writer.versionNeeded.contains(entry.needed)
              && entry.externalAttributes == writer.externalAttributes
          }
      })
    else {
      throw Damage(problem: "no known program writes these versions and attributes", offset: first.offset)
    }
    self.writer = writer
    var next = 0
    var names: Set<String> = []
    for entry in entries {
      let member = try Self.member(file, entry, at: next, writer)
      guard names.insert(member.name).inserted else {
        throw Damage(problem: "two members have the same name", offset: entry.offset)
      }
      next = member.data.upperBound
      members.append(member)
    }
    if next != directory {
      throw Damage(problem: "there are bytes between the members and the directory", offset: next)
    }
  }

  /// The entries of the central directory, and where it begins; the end record must be the file's end.
  private static func directory(_ file: [UInt8]) throws(Damage) -> ([Entry], Int) {
    let end = file.count - 22
    guard end >= 0, file.littleEndian(end, 4) == 0x0605_4B50 else {
      throw Damage(problem: "the archive does not end with its end record", offset: max(end, 0))
    }
    func field(_ offset: Int, _ size: Int) -> UInt64 { file.littleEndian(end + offset, size) ?? 0 }
    let count = field(10, 2)
    let begin = Int(field(16, 4))
    guard field(4, 4) == 0, field(8, 2) == count, field(20, 2) == 0, begin + Int(field(12, 4)) == end else {
      throw Damage(problem: "the end record is inconsistent", offset: end)
    }
    var entries: [Entry] = []
    var next = begin
    for _ in 0..<count {
      let entry = try self.entry(file, at: next, end: end)
      next = entry.end
      entries.append(entry)
    }
    if next != end { throw Damage(problem: "the directory has another length than it says", offset: next) }
    return (entries, begin)
  }

  private static func entry(_ file: [UInt8], at offset: Int, end: Int) throws(Damage) -> Entry {
    guard offset + 46 <= end, file.littleEndian(offset, 4) == 0x0201_4B50 else {
      throw Damage(problem: "a directory entry is damaged", offset: offset)
    }
    func field(_ place: Int, _ size: Int) -> UInt64 { file.littleEndian(offset + place, size) ?? 0 }
    let nameEnd = offset + 46 + Int(field(28, 2))
    // No extra field and no comment, disk 0, no internal attributes.
    guard nameEnd <= end, field(30, 4) == 0, field(34, 4) == 0 else {
      throw Damage(problem: "a directory entry has fields that no known program writes", offset: offset)
    }
    return Entry(
      offset: offset, madeBy: field(4, 2), needed: field(6, 2), flags: field(8, 2), method: field(10, 2),
      time: field(12, 2), date: field(14, 2), crc: field(16, 4), compressed: field(20, 4),
      size: field(24, 4), disk: field(34, 2), internalAttributes: field(36, 2),
      externalAttributes: field(38, 4), localOffset: field(42, 4), name: file[offset + 46..<nameEnd],
      end: nameEnd)
  }

  /// Checks the local header at `offset` against its directory entry.
  private static func member(
    _ file: [UInt8], _ entry: Entry, at offset: Int, _ writer: ZipWriter
  ) throws(Damage) -> Member {
    func field(_ place: Int, _ size: Int) -> UInt64? { file.littleEndian(offset + place, size) }
    guard entry.localOffset == UInt64(offset), field(0, 4) == 0x0403_4B50 else {
      throw Damage(problem: "a member is not where the directory says", offset: offset)
    }
    let isDeflated = entry.method == 8
    let name = String(validating: entry.name, as: UTF8.self)
    let isASCII = entry.name.allSatisfy { $0 < 0x80 }
    let flags = (isDeflated ? writer.deflateFlags : 0) | (isASCII ? 0 : 0x0800)
    guard let name, !name.isEmpty, entry.flags == flags, isDeflated || entry.method == 0,
      !isDeflated || writer.deflate != nil,
      writer.versionNeeded.count == 1 || (entry.needed == 20) == isDeflated
    else {
      throw Damage(problem: "a member is stored in a way that its writer does not use", offset: entry.offset)
    }
    let hasZip64 =
      switch writer.zip64 {
      case .never: false
      case .always: true
      case .optional: field(28, 2) == 20
      }
    let isWide = writer.zip64 == .always
    let agree =
      field(4, 2) == entry.needed && field(6, 2) == entry.flags && field(8, 2) == entry.method
      && field(10, 2) == entry.time && field(12, 2) == entry.date && field(14, 4) == entry.crc
      && field(18, 4) == (isWide ? wide : entry.compressed)
      && field(22, 4) == (isWide ? wide : entry.size)
      && field(26, 2) == UInt64(entry.name.count) && field(28, 2) == (hasZip64 ? 20 : 0)
    let extra = offset + 30 + entry.name.count
    guard agree, extra <= file.count, file[offset + 30..<extra] == entry.name else {
      throw Damage(problem: "a member's two headers disagree", offset: offset)
    }
    let begin = extra + (hasZip64 ? 20 : 0)
    if hasZip64 {
      guard file.littleEndian(extra, 4) == 0x0010_0001, file.littleEndian(extra + 4, 8) == entry.size,
        file.littleEndian(extra + 12, 8) == entry.compressed
      else { throw Damage(problem: "a member's zip64 sizes disagree", offset: extra) }
    }
    guard entry.compressed <= UInt64(file.count - min(begin, file.count)),
      isDeflated || entry.compressed == entry.size
    else { throw Damage(problem: "a member's sizes are impossible", offset: offset) }
    return Member(
      name: name, isDeflated: isDeflated, data: begin..<begin + Int(entry.compressed),
      size: Int(entry.size))
  }
}
