import CHDF5
import Diagnostics
import Glibc

/// Runs the program once more as a reader of one file and collects what it sends.
enum ReaderProcess {
  static func run(path: String, limits: ReaderLimits) throws(Failure) -> WireStream {
    let program = try readerProgram()
    var ends: [Int32] = [0, 0]
    guard chdf5_pipe(&ends) == 0 else { throw cannotStart(program, errno) }
    // A larger pipe means fewer turns between the two processes; without one it works all the same.
    _ = fcntl(ends[1], setPipeSize, Int32(pieceBytes))
    let output = FileProbe.Descriptor(number: ends[0], size: 0)
    var child: pid_t = 0
    let error = spawn(program, path, standardOutput: ends[1], &child)
    close(ends[1])
    guard error == 0 else { throw cannotStart(program, error) }

    let (stream, inTime) = collect(output.number, limits)
    if !inTime { kill(child, SIGKILL) }
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0, errno == EINTR {}
    if inTime, status == 0 { return stream }
    throw failure(path, inTime: inTime, status: status, limits)
  }

  /// This program if it is the one that answers to `HDF5Child`, otherwise `rheobase` in the same folder, which
  /// is where a test bundle finds it.
  private static func readerProgram() throws(Failure) -> String {
    var own = ""
    if let resolved = realpath("/proc/self/exe", nil) {
      own = String(cString: resolved)
      free(resolved)
    }
    if HDF5Child.isReader { return own.isEmpty ? "/proc/self/exe" : own }
    let folder = own.lastIndex(of: "/").map { String(own[...$0]) } ?? ""
    let beside = folder + "rheobase"
    guard access(beside, X_OK) == 0 else { throw cannotStart(beside, errno) }
    return beside
  }

  private static func cannotStart(_ program: String, _ error: Int32) -> Failure {
    Failure(
      .missingOnMachine,
      Diagnostic(
        "hdf5.noReader", place: program, problem: "the program that reads HDF5 files cannot be started",
        found: FileProbe.reason(error)))
  }

  /// 0, or the error number. The child has no input and no error stream, and the signals of a fresh process.
  private static func spawn(
    _ program: String, _ path: String, standardOutput: Int32, _ child: inout pid_t
  ) -> Int32 {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, standardOutput, 1)
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    var all = sigset_t()
    sigemptyset(&none)
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

    let words = ["rheobase", HDF5Child.argument, path]
    let arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    return posix_spawn(&child, program, &actions, &attributes, arguments, chdf5_environment())
  }

  /// F_SETPIPE_SZ of Linux.
  private static let setPipeSize: Int32 = 1031
  private static let pieceBytes = 1 << 20

  /// Everything that arrives until the other end closes; `inTime` is false after the deadline or when more
  /// arrives than the limits allow.
  private static func collect(_ file: Int32, _ limits: ReaderLimits) -> (WireStream, inTime: Bool) {
    // Our own files decode to about three times their size. Any machine grants a GiB that is not used yet.
    let stream = WireStream(expected: min(1 << 30, 4 * limits.fileSize))
    let start = ContinuousClock.now
    // Names, shapes and text lengths come on top of the values.
    let mostBytes = limits.totalBytes + 64 << 20 + limits.fileSize * 4
    var piece = [UInt8](repeating: 0, count: pieceBytes)
    while true {
      let left =
        .seconds(limits.deadlineSeconds(received: stream.bytes.count)) - (ContinuousClock.now - start)
      guard left > .zero, stream.bytes.count <= mostBytes else { return (stream, false) }
      let milliseconds =
        left.components.seconds * 1000 + left.components.attoseconds / 1_000_000_000_000_000 + 1
      var poller = pollfd(fd: file, events: Int16(POLLIN), revents: 0)
      let ready = poll(&poller, 1, Int32(clamping: milliseconds))
      if ready < 0, errno != EINTR { return (stream, false) }
      guard ready > 0 else { continue }
      let got = read(file, &piece, piece.count)
      if got == 0 { return (stream, true) }
      if got > 0 {
        stream.append(piece[..<got])
      } else if errno != EINTR {
        return (stream, false)
      }
    }
  }

  private static func failure(_ path: String, inTime: Bool, status: Int32, _ limits: ReaderLimits) -> Failure
  {
    let signal = status & 0x7f
    let found: String
    if !inTime {
      found =
        "libhdf5 did not come to an end in the time and space that a file of \(limits.fileSize) bytes may take"
    } else if signal == SIGXCPU || signal == SIGKILL {
      found = "libhdf5 ran on without end"
    } else if signal != 0 {
      found = "libhdf5 stopped with signal \(signal)"
    } else {
      found = "libhdf5 stopped with exit code \(status >> 8)"
    }
    return Failure(
      .badInput,
      Diagnostic(
        "hdf5.damaged", place: path, problem: "damaged, or not HDF5 all through", found: found,
        remedy: "Fetch or write the file again"))
  }
}
