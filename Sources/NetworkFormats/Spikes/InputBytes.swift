import Diagnostics
import Glibc

/// The bytes of a regular file.
enum InputBytes {
  /// Reads the whole file; refuses folders, devices and files beyond `limit` bytes before reading them.
  static func read(_ path: String, limit: Int) throws(Failure) -> [UInt8] {
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else {
      let missing = errno == ENOENT || errno == ENOTDIR
      throw Failure(
        .noSuchFile,
        Diagnostic(
          missing ? "file.missing" : "file.unreadable", place: path,
          problem: missing ? "no such file" : "cannot be read",
          found: missing ? nil : String(cString: strerror(errno))))
    }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw Failure(.badInput, Diagnostic("file.notRegular", place: path, problem: "not a regular file"))
    }
    let size = Int(status.st_size)
    guard size <= limit else {
      throw Failure(
        .badInput,
        Diagnostic(
          "file.tooLarge", place: path, problem: "the file is too large", found: "\(size) bytes",
          expected: "at most \(limit) bytes"))
    }
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
      while filled < size {
        let got = Glibc.read(file, buffer.baseAddress.map { $0 + filled }, size - filled)
        if got < 0, errno == EINTR { continue }
        if got <= 0 { return }
        filled += got
      }
    }
    guard bytes.count == size else {
      throw Failure(.badInput, Diagnostic("file.unreadable", place: path, problem: "reading stopped early"))
    }
    return bytes
  }
}

extension [UInt8] {
  /// The little-endian integer of `count` ≤ 8 bytes at `offset`; nil beyond the end.
  func littleEndian(_ offset: Int, _ count: Int) -> UInt64? {
    guard offset >= 0, offset <= self.count - count else { return nil }
    var value: UInt64 = 0
    for k in 0..<count { value |= UInt64(self[offset + k]) << UInt64(8 * k) }
    return value
  }
}
