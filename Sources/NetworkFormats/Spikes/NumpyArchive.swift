import CZip
import Diagnostics

/// A `.npz` file: several NumPy arrays in a zip archive.
public enum NumpyArchive {
  /// Bytes of the file, and of all its arrays together, beyond which it is refused.
  public static let maximumBytes = 1 << 29
  /// No deflate stream expands further than this.
  private static let largestRatio = 1040

  /// Reads all arrays, by name (without `.npy`).
  ///
  /// Every changed byte of an archive is detected: headers by `ZipStructure`, contents by CRC-32 (libzip),
  /// compressed bytes by `DeflateCheck`. The price is that an archive must come from a known writer; others
  /// are refused with the advice to save again with `numpy.savez`.
  public static func read(_ path: String) throws(Failure) -> [String: NumpyArray] {
    try read(InputBytes.read(path, limit: maximumBytes), place: path)
  }

  static func read(_ file: [UInt8], place: String) throws(Failure) -> [String: NumpyArray] {
    guard file.starts(with: Array("PK".utf8)) else {
      throw refusal(place, "not a zip archive, so not an .npz file")
    }
    let structure: ZipStructure
    do {
      structure = try ZipStructure(file)
    } catch {
      throw refusal("\(place), byte \(error.offset)", error.problem)
    }
    var room = maximumBytes
    for member in structure.members {
      guard member.size <= room else {
        throw refusal(place, "the arrays are too large: more than \(maximumBytes) bytes together")
      }
      guard member.size <= largestRatio * (member.data.count + 1) else {
        throw refusal(place, "\(member.name) declares more contents than its bytes can hold")
      }
      room -= member.size
    }
    let contents = try extract(file, structure, place: place)
    var arrays: [String: NumpyArray] = [:]
    for (member, bytes) in zip(structure.members, contents) {
      if member.isDeflated, let settings = structure.writer.deflate,
        !DeflateCheck.isCredible(bytes, file[member.data], settings)
      {
        throw refusal(
          "\(place): \(member.name)",
          "the compressed bytes are damaged: they differ in places from what zlib makes of the contents"
        )
      }
      let name = member.name.hasSuffix(".npy") ? String(member.name.dropLast(4)) : member.name
      arrays[name] = try NumpyArray(npy: bytes, place: "\(place): \(member.name)")
    }
    return arrays
  }

  /// The members' contents, through libzip, which checks consistency and CRC-32.
  private static func extract(_ file: [UInt8], _ structure: ZipStructure, place: String) throws(Failure)
    -> [[UInt8]]
  {
    let result = file.withUnsafeBytes { buffer -> Result<[[UInt8]], Failure> in
      var error = zip_error_t()
      zip_error_init(&error)
      defer { zip_error_fini(&error) }
      guard let source = zip_source_buffer_create(buffer.baseAddress, UInt64(buffer.count), 0, &error) else {
        return .failure(refusal(place, text(&error)))
      }
      guard let archive = zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &error) else {
        zip_source_free(source)
        return .failure(refusal(place, text(&error)))
      }
      defer { zip_discard(archive) }
      var contents: [[UInt8]] = []
      for (index, member) in structure.members.enumerated() {
        guard let bytes = extract(archive, UInt64(index), size: member.size) else {
          return .failure(refusal("\(place): \(member.name)", "the contents are damaged (CRC-32 or length)"))
        }
        contents.append(bytes)
      }
      return .success(contents)
    }
    return try result.get()
  }

  /// Exactly `size` bytes of a member; nil when there are fewer or more, or when the check sum differs.
  private static func extract(_ archive: OpaquePointer, _ index: UInt64, size: Int) -> [UInt8]? {
    guard let file = zip_fopen_index(archive, index, 0) else { return nil }
    var bytes = [UInt8](repeating: 0, count: size)
    let got = bytes.withUnsafeMutableBytes { zip_fread(file, $0.baseAddress, UInt64(size)) }
    // libzip compares the check sum when it reaches the end, so one more byte is asked for.
    var beyond: UInt8 = 0
    let more = zip_fread(file, &beyond, 1)
    let closed = zip_fclose(file)
    return got == Int64(size) && more == 0 && closed == 0 ? bytes : nil
  }

  private static func text(_ error: inout zip_error_t) -> String {
    "not a readable zip archive (\(String(cString: zip_error_strerror(&error))))"
  }

  private static func refusal(_ place: String, _ problem: String) -> Failure {
    Failure(
      .badInput,
      Diagnostic(
        "spikes.archive", place: place, problem: problem,
        remedy: "If the file is whole, save it again with numpy.savez"))
  }
}
