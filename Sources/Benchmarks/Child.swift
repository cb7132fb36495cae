import Diagnostics
import Foundation
import Glibc

/// A program that is run to its end.
struct Child {
  let text: String
  /// The largest resident memory that it or one of those it waited for had.
  let peakBytes: Int

  static func run(_ program: String, _ arguments: [String]) throws(Failure) -> Child {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw failure(program) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
    posix_spawn_file_actions_addclose(&actions, ends[0])
    let words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var child: pid_t = 0
    let error = posix_spawn(&child, program, &actions, nil, words, environ)
    close(ends[1])
    let output = FileHandle(fileDescriptor: ends[0], closeOnDealloc: true).readDataToEndOfFile()
    guard error == 0 else { throw failure(program) }
    var status: Int32 = 0
    var usage = rusage()
    guard wait4(child, &status, 0, &usage) == child, status == 0 else { throw failure(program) }
    return Child(text: String(decoding: output, as: UTF8.self), peakBytes: usage.ru_maxrss * 1024)
  }

  static func failure(_ program: String) -> Failure {
    Failure(
      .missingOnMachine,
      Diagnostic("benchmark.child", subject: program, problem: "did not run to its end"))
  }
}
