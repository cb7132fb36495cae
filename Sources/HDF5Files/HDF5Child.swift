import CHDF5
import Diagnostics
import Glibc
import Synchronization

/// The reader process: the program started with a hidden first argument, the only place where libhdf5 opens
/// files that somebody else may have written.
public enum HDF5Child {
  static let argument = "__read-hdf5"
  private static let answers = Atomic<Bool>(false)

  /// Whether this process's program calls `runIfRequested`, so that starting it again gives a reader.
  static var isReader: Bool { answers.load(ordering: .relaxed) }

  /// To be called first thing in `main`: if the program was started as a reader, reads the file, sends it to
  /// standard output and returns the exit code; otherwise returns nil.
  public static func runIfRequested(_ arguments: [String]) -> Int32? {
    answers.store(true, ordering: .relaxed)
    guard arguments.count == 3, arguments[1] == argument else { return nil }
    return run(arguments[2])
  }

  private static func run(_ path: String) -> Int32 {
    var status = stat()
    guard stat(path, &status) == 0 else { return 1 }
    let limits = ReaderLimits(fileSize: Int(status.st_size))
    confine(limits)
    var encoder = WireEncoder(file: 1)
    do throws(Failure) {
      try HDF5Library.locked { () throws(Failure) in
        var reader = TreeReader(path: path, limits: limits, encoder: encoder)
        try reader.read()
        encoder = reader.encoder
      }
    } catch {
      return sendOnly(error.diagnostics)
    }
    encoder.finish()
    return encoder.broken ? 1 : 0
  }

  /// A stream that holds nothing but problems. Only possible while nothing was sent, which is when `read` throws.
  private static func sendOnly(_ diagnostics: [Diagnostic]) -> Int32 {
    var encoder = WireEncoder(file: 1)
    for diagnostic in diagnostics { encoder.problem(diagnostic) }
    encoder.finish()
    return encoder.broken ? 1 : 0
  }

  /// Memory, processor time, no core dump, no inherited signal handlers, no filter plugins, no file locks.
  private static func confine(_ limits: ReaderLimits) {
    chdf5_guard_process()
    limit(RLIMIT_AS, limits.memory)
    allow(limits, decoded: 0)
    limit(RLIMIT_CORE, 0)
    for signal in [SIGSEGV, SIGBUS, SIGABRT, SIGILL, SIGFPE, SIGTRAP] { Glibc.signal(signal, SIG_DFL) }
    setenv("HDF5_USE_FILE_LOCKING", "FALSE", 1)
    setenv("HDF5_PLUGIN_PRELOAD", "::", 1)
  }

  /// Raises the processor time to what `decoded` bytes may take.
  static func allow(_ limits: ReaderLimits, decoded: Int) {
    limit(RLIMIT_CPU, limits.processorSeconds(decoded: decoded))
  }

  private static func limit(_ kind: __rlimit_resource, _ value: UInt64) {
    let resource = __rlimit_resource_t(kind.rawValue)
    var bounds = rlimit()
    guard getrlimit(resource, &bounds) == 0 else { return }
    bounds.rlim_cur = min(rlim_t(value), bounds.rlim_max)
    setrlimit(resource, &bounds)
  }
}
