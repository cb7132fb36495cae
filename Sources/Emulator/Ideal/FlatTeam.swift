import Dispatch
import Foundation
import Observations
import Synchronization

/// Where the worker of a part sits while no thread has it.
private final class FlatSeat: Sendable {
  private let worker: Mutex<FlatWorker?>

  init(_ worker: FlatWorker) { self.worker = Mutex(worker) }

  /// Leaves the seat empty, so that nobody else holds the worker's arrays.
  func take() -> FlatWorker? {
    worker.withLock {
      let taken = $0
      $0 = nil
      return taken
    }
  }

  func put(_ back: FlatWorker) { worker.withLock { $0 = back } }

  func look() -> FlatWorker? { worker.withLock { $0 } }
}

/// The workers of a flat program, one per part, kept from sample to sample.
final class FlatTeam: Sendable {
  private let seats: [FlatSeat]
  let meeting: FlatMeeting
  private let othersSeconds = Mutex(0.0)

  init(_ tables: Tables, _ ideal: PerChip<IdealTables>, _ program: FlatProgram, probes: [Int32]) {
    seats = program.parts.indices.map {
      FlatSeat(FlatWorker(tables, ideal, program, number: $0, probes: probes))
    }
    meeting = FlatMeeting(program, rows: tables.rows)
  }

  /// Runs `first` on this thread with the worker of the first part, and `others` at the same time, on a thread for each of the
  /// other workers. The threads live as long as a sample.
  ///
  /// - Returns: processor time of the other threads, seconds.
  func run(
    others: @escaping @Sendable (inout FlatWorker) -> Void, first: (inout FlatWorker) -> Void
  ) -> Double {
    let done = DispatchSemaphore(value: 0)
    for seat in seats.dropFirst() {
      Thread {
        if var worker = seat.take() {
          others(&worker)
          seat.put(worker)
        }
        self.othersSeconds.withLock { $0 += HostClock.processor() }
        done.signal()
      }.start()
    }
    if var worker = seats[0].take() {
      first(&worker)
      seats[0].put(worker)
    }
    for _ in seats.dropFirst() { done.wait() }
    return othersSeconds.withLock {
      let seconds = $0
      $0 = 0
      return seconds
    }
  }

  /// The workers in the order of the parts, for reading between samples.
  var workers: [FlatWorker] { seats.compactMap { $0.look() } }
}
