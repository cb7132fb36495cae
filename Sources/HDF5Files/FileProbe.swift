import Diagnostics
import Glibc

/// Looks at a file with plain system calls, before libhdf5 sees it.
enum FileProbe {
  static let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]

  /// An open file that closes itself.
  struct Descriptor: ~Copyable {
    let number: Int32
    /// Bytes of a regular file.
    let size: Int
    deinit { close(number) }

    /// Up to `count` bytes from `offset`; fewer at the end of the file or where reading fails.
    func bytes(at offset: Int, count: Int) -> [UInt8] {
      [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
        while filled < count {
          let rest = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...])
          let got = pread(number, rest.baseAddress, rest.count, off_t(offset + filled))
          if got < 0, errno == EINTR { continue }
          if got <= 0 { return }
          filled += got
        }
      }
    }
  }

  /// Opens a regular file for reading.
  static func open(_ path: String) throws(Failure) -> Descriptor {
    var status = stat()
    guard stat(path, &status) == 0 else { throw unreadable(path, errno) }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR:
      throw Failure(.badInput, Diagnostic("file.isDirectory", place: path, problem: "a folder, not a file"))
    default:
      throw Failure(.badInput, Diagnostic("file.notRegular", place: path, problem: "not a regular file"))
    }
    let number = Glibc.open(path, O_RDONLY | O_CLOEXEC)
    guard number >= 0 else { throw unreadable(path, errno) }
    return Descriptor(number: number, size: Int(status.st_size))
  }

  /// Throws unless the file has an HDF5 signature where one may stand (0, 512, 1024, 2048, …); gives its size.
  static func requireHDF5(_ path: String) throws(Failure) -> Int {
    let file = try open(path)
    var offset = 0
    while offset + signature.count <= file.size {
      if file.bytes(at: offset, count: signature.count) == signature { return file.size }
      offset = offset == 0 ? 512 : offset * 2
    }
    throw Failure(
      .badInput,
      Diagnostic(
        "hdf5.notHDF5", place: path, problem: "not an HDF5 file",
        found: looksLike(file.bytes(at: 0, count: 512)), expected: "an HDF5 file"))
  }

  static func unreadable(_ path: String, _ error: Int32) -> Failure {
    let missing = error == ENOENT || error == ENOTDIR
    return Failure(
      .noSuchFile,
      Diagnostic(
        missing ? "file.missing" : "file.unreadable", place: path,
        problem: missing ? "no such file" : "cannot be read", found: missing ? nil : reason(error)))
  }

  /// The system's words for an error number.
  static func reason(_ error: Int32) -> String { String(cString: strerror(error)) }

  /// What the first bytes of a file suggest that it is.
  static func looksLike(_ head: [UInt8]) -> String {
    if head.isEmpty { return "an empty file" }
    if head.starts(with: Array("PK".utf8)) { return "a zip archive (such as a PyTorch checkpoint or .npz)" }
    if head.starts(with: [0x1f, 0x8b]) { return "a gzip file" }
    if head.starts(with: [0x80, 0x02]) || head.starts(with: [0x80, 0x04]) { return "a Python pickle" }
    if head.starts(with: [0x93] + Array("NUMPY".utf8)) { return "a NumPy array" }
    let isText = head.allSatisfy { (32...126).contains($0) || (9...13).contains($0) }
    if isText, let first = head.first(where: { $0 > 32 }) {
      return first == UInt8(ascii: "{") || first == UInt8(ascii: "[") ? "JSON text" : "text"
    }
    return "a file of another kind"
  }
}
