import Foundation
import TestSupport
import Testing

/// The program under test, driven as a user drives it.
enum CommandLineProgram {
  /// What a run of the program left behind.
  struct Result {
    /// Exit code, or nil when it was ended by a signal or by the deadline.
    var status: Int32?
    /// Signal that ended it, if one did.
    var signal: Int32?
    var output: Data
    var errors: String

    var text: String { String(decoding: output, as: UTF8.self) }

    /// Standard output as a JSON object.
    func json() throws -> [String: Any] {
      try #require(try JSONSerialization.jsonObject(with: output) as? [String: Any])
    }
  }

  /// `RHEOBASE_PROGRAM` (relative to the checkout or absolute), or the program built beside the test bundle.
  static let path: String = {
    if let given = ProcessInfo.processInfo.environment["RHEOBASE_PROGRAM"] {
      return URL(filePath: given, relativeTo: Repository.top).path
    }
    return URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
      .appending(path: "rheobase").path
  }()

  private static let launching = NSLock()

  /// Starts a process. Foundation's `Process.run` is not safe against itself on Linux: two starts at a time can read
  /// freed memory, so every test starts its processes here.
  static func launch(_ process: Process) throws {
    try launching.withLock { try process.run() }
  }

  /// Runs the program and waits for it, at most `deadline` seconds; a hang is a failure of the test.
  static func run(
    _ arguments: [String], in folder: URL = Repository.top, deadline: Double = 120,
    environment: [String: String] = [:]
  ) throws -> Result {
    let process = Process()
    process.executableURL = URL(filePath: path)
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    return try withScratch { files in
      let (outputFile, errorFile) = (files.path("out"), files.path("err"))
      for file in [outputFile, errorFile] { _ = FileManager.default.createFile(atPath: file, contents: nil) }
      process.standardOutput = try FileHandle(forWritingTo: URL(filePath: outputFile))
      process.standardError = try FileHandle(forWritingTo: URL(filePath: errorFile))
      let ended = DispatchSemaphore(value: 0)
      process.terminationHandler = { _ in ended.signal() }
      try launch(process)
      let inTime = ended.wait(timeout: .now() + deadline) == .success
      if !inTime {
        kill(process.processIdentifier, SIGKILL)
        ended.wait()
        Issue.record("no end within \(deadline) s: rheobase \(arguments.joined(separator: " "))")
      }
      let exited = process.terminationReason == .exit
      return Result(
        status: exited && inTime ? process.terminationStatus : nil,
        signal: exited ? nil : process.terminationStatus,
        output: try Data(contentsOf: URL(filePath: outputFile)),
        errors: String(decoding: try Data(contentsOf: URL(filePath: errorFile)), as: UTF8.self))
    }
  }
}

/// The bundled example.
enum Digits {
  static let network = Repository.path("docs/examples/digits/digits.nir")
  static let spikes = Repository.path("docs/examples/digits/test.npz")
}

/// A folder of its own.
struct Scratch {
  let folder: URL

  func path(_ name: String) -> String { folder.appending(path: name).path }

  /// Names of the files in it.
  func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
  }
}

/// Makes a folder, which goes away afterwards.
func withScratch<Value>(_ body: (Scratch) throws -> Value) throws -> Value {
  let folder = FileManager.default.temporaryDirectory.appending(path: "rheobase-test-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(Scratch(folder: folder))
}

/// What stands at a dotted path of a JSON document.
func value(_ document: [String: Any], _ path: String) -> Any? {
  path.split(separator: ".").reduce(document as Any?) { ($0 as? [String: Any])?[String($1)] }
}
