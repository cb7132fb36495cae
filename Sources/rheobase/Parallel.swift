import Foundation
import Synchronization

/// Results of `work(0) … work(count − 1)`, which run on several threads and are put in order: the same for any number
/// of threads.
///
/// - Parameter finished: told how many are done, one call at a time.
func inParallel<Value: Sendable>(
  _ count: Int, threads: Int, finished: (@Sendable (Int) -> Void)? = nil,
  work: @escaping @Sendable (Int) -> Value
) -> [Value] {
  let jobs = ParallelJobs(count: count, finished: finished, work: work)
  let others = max(1, min(threads, count)) - 1
  let done = DispatchSemaphore(value: 0)
  for _ in 0..<others {
    Thread {
      jobs.run()
      done.signal()
    }.start()
  }
  jobs.run()
  for _ in 0..<others { done.wait() }
  return jobs.results.withLock { results in (0..<count).compactMap { results[$0] } }
}

/// Hands out numbers to whoever is free.
private final class ParallelJobs<Value: Sendable>: Sendable {
  let results = Mutex<[Int: Value]>([:])
  private let next = Atomic<Int>(0)
  private let count: Int
  private let finished: (@Sendable (Int) -> Void)?
  private let work: @Sendable (Int) -> Value

  init(count: Int, finished: (@Sendable (Int) -> Void)?, work: @escaping @Sendable (Int) -> Value) {
    self.count = count
    self.finished = finished
    self.work = work
  }

  func run() {
    while true {
      let number = next.wrappingAdd(1, ordering: .relaxed).oldValue
      if number >= count { return }
      let value = work(number)
      results.withLock { results in
        results[number] = value
        finished?(results.count)
      }
    }
  }
}
