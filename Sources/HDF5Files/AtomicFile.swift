import Diagnostics
import Glibc
import Synchronization

/// Writes a file whole or not at all.
public enum AtomicFile {
  private static let serial = Atomic<Int>(0)

  /// `parts` one after the other to a new file beside `path`, which then takes its place.
  ///
  /// A symbolic link is followed, so that the file it names is replaced and not the link. Anything but a
  /// regular file at `path` (a folder, a device) is refused.
  public static func write(_ parts: [[UInt8]], to path: String) throws(Failure) {
    var target = path
    var status = stat()
    if stat(path, &status) == 0 {
      guard status.st_mode & S_IFMT == S_IFREG else {
        throw failure(path, status.st_mode & S_IFMT == S_IFDIR ? "a folder" : "not a regular file")
      }
      if let resolved = realpath(path, nil) {
        target = String(cString: resolved)
        free(resolved)
      }
    }
    let number = serial.add(1, ordering: .relaxed).newValue
    let temporary = "\(target).\(getpid())-\(number).part"
    let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard file >= 0 else { throw failure(path, FileProbe.reason(errno)) }
    var error: Int32 = 0
    for part in parts where error == 0 { error = writeAll(part, to: file) }
    if error == 0, fsync(file) != 0, errno != EINVAL { error = errno }
    if close(file) != 0, error == 0 { error = errno }
    if error == 0, rename(temporary, target) != 0 { error = errno }
    if error != 0 {
      unlink(temporary)
      throw failure(path, FileProbe.reason(error))
    }
  }

  /// 0, or the error number.
  static func writeAll(_ bytes: [UInt8], to file: Int32) -> Int32 {
    bytes.withUnsafeBytes { writeAll($0, to: file) }
  }

  static func writeAll(_ bytes: UnsafeRawBufferPointer, to file: Int32) -> Int32 {
    var done = 0
    while done < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
      let step = Glibc.write(file, rest.baseAddress, rest.count)
      if step < 0 {
        if errno == EINTR { continue }
        return errno
      }
      done += step
    }
    return 0
  }

  private static func failure(_ path: String, _ found: String) -> Failure {
    Failure(
      .cannotWrite, Diagnostic("file.cannotWrite", place: path, problem: "cannot be written", found: found))
  }
}
