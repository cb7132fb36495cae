import ChipModel
import Diagnostics
import Foundation
import Observations
import ProgramImage
import Synchronization

/// What all workers together bring back: samples by number, and sums, which do not depend on who ran what.
struct Harvest: Sendable {
  var samples: [SampleRecord]
  var totals = Chip.Energy.Events()
  var counters = RunRecord.Counters()
  var coreCounters: [RunRecord.CoreCounters]
  var linkFlits: [UInt64]
  var linkStalls: [UInt64]
  var fifoPeaks: [UInt32]
  var latencyHistogram: [UInt64] = []
  var profile = RunProfile()
  /// The first of the run by sample, of the samples that have come in.
  var lateDeliveries: [RunRecord.LateDelivery] = []
  /// The first sample that failed, and why.
  var failure: (sample: Int, failure: Failure)?

  init(_ tables: Tables, samples count: Int) {
    samples = [SampleRecord](repeating: SampleRecord(), count: count)
    coreCounters = [RunRecord.CoreCounters](repeating: .init(), count: tables.coreCount)
    linkFlits = [UInt64](repeating: 0, count: tables.coreAt.count * Mesh.outputs)
    linkStalls = linkFlits
    fifoPeaks = [UInt32](repeating: 0, count: linkFlits.count)
  }

  /// Takes a sample's record in. What is kept does not depend on the order in which samples come.
  mutating func put(_ record: SampleRecord, sample: Int) {
    samples[sample] = record
    samples[sample].lateDeliveries = []
    guard !record.lateDeliveries.isEmpty else { return }
    let place = lateDeliveries.firstIndex { $0.sample > sample } ?? lateDeliveries.count
    lateDeliveries.insert(contentsOf: record.lateDeliveries, at: place)
    lateDeliveries.removeLast(max(0, lateDeliveries.count - ChipState.lateDeliveriesKept))
  }

  /// Adds the sums of a chip that has run all its samples.
  mutating func add(_ chip: ChipState) {
    totals.add(chip.totals)
    profile.add(chip.phases.profile)
    profile.restingUpdates += chip.restingUpdates
    counters.add(chip.counters)
    for i in coreCounters.indices { coreCounters[i].add(chip.coreCounters[i]) }
    for i in linkFlits.indices {
      linkFlits[i] += chip.linkFlits[i]
      linkStalls[i] += chip.linkStalls[i]
      fifoPeaks[i] = max(fifoPeaks[i], chip.fifoPeaks[i])
    }
    let latencies = chip.latencyHistogram
    while latencyHistogram.count < latencies.count { latencyHistogram.append(0) }
    for i in latencies.indices { latencyHistogram[i] += latencies[i] }
  }
}

/// Runs samples `0 ..< options.samples` on `options.threads` chips, one per worker.
///
/// Samples are independent and every draw is counter-based, so a worker takes whichever sample is next. A
/// sample's record is put into its own place and all sums are integers: any number of threads gives the same
/// bits.
final class Workers: Sendable {
  private let emulator: Emulator
  private let input: SpikeTrains
  private let ranges: [Range<Int>]
  private let options: RunOptions
  private let progress: (@Sendable (Int) -> Void)?
  private let next = Atomic<Int>(0)
  private let finished = Mutex(0)
  private let harvest: Mutex<Harvest>

  init(
    _ emulator: Emulator, _ input: SpikeTrains, _ options: RunOptions,
    progress: (@Sendable (Int) -> Void)?
  ) {
    self.emulator = emulator
    self.input = input
    ranges = input.ranges()
    self.options = options
    self.progress = progress
    harvest = Mutex(Harvest(emulator.tables, samples: options.samples))
  }

  /// Workers of a run.
  static func count(_ options: RunOptions) -> Int { max(1, min(options.threads, options.samples)) }

  /// Runs all samples; the calling thread is one of the workers.
  func run() throws(Failure) -> Harvest {
    let others = Workers.count(options) - 1
    let done = DispatchSemaphore(value: 0)
    for _ in 0..<others {
      Thread {
        self.work()
        done.signal()
      }.start()
    }
    work()
    for _ in 0..<others { done.wait() }
    let harvest = harvest.withLock { $0 }
    if let failure = harvest.failure { throw failure.failure }
    return harvest
  }

  private func work() {
    let begin = HostClock.processor()
    // Made by the thread that changes it: of a copy, or of chips made by one thread, parts would share cache lines with
    // another worker's, and each would wait for the other.
    var chip = emulator.chip()
    while true {
      let sample = next.wrappingAdd(1, ordering: .relaxed).oldValue
      if sample >= options.samples { break }
      let events = sample < ranges.count ? input.events[ranges[sample]] : []
      do throws(Failure) {
        let record = try chip.run(
          sample: sample, inputTicks: options.ticks, input: events, probes: options.probes)
        harvest.withLock { $0.put(record, sample: sample) }
      } catch {
        // Samples are handed out in ascending order, so the first one that fails is always among those begun.
        next.store(options.samples, ordering: .relaxed)
        harvest.withLock {
          if sample < $0.failure?.sample ?? Int.max { $0.failure = (sample, error) }
        }
        break
      }
      if let progress {
        finished.withLock { count in
          count += 1
          progress(count)
        }
      }
    }
    harvest.withLock {
      $0.add(chip)
      $0.profile.processorSeconds += HostClock.processor() - begin
    }
  }
}
