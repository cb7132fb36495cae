import Diagnostics
import Observations

/// Runs the ticks of samples one after the other on a chip of its own, and tells what they did and how long they took.
///
/// What it records is thrown away; nothing of a run with the same emulator changes.
public struct Pilot: Sendable {
  private var chip: ChipState
  private let footprint: Footprint
  private let input: SpikeTrains
  private let ranges: [Range<Int>]
  private let inputTicks: Int
  private var record = SampleRecord()
  private var sample = 0
  /// The next tick of the sample, and the next event of the input.
  private var tick = 0
  private var next = 0
  private var last = 0

  /// - Parameter ticks: input ticks of a sample.
  public init(_ emulator: Emulator, _ input: SpikeTrains, ticks: Int) {
    chip = emulator.chip()
    footprint = Footprint(chip)
    self.input = input
    ranges = input.ranges()
    inputTicks = ticks
    begin(sample: 0)
  }

  /// Ticks of a sample, those of its drain included, and how many of them are left.
  public var sampleTicks: Int { inputTicks + chip.tables.drainTicks }
  public var ticksLeft: Int { sampleTicks - tick }

  /// Goes to the first tick of a sample.
  public mutating func begin(sample: Int) {
    self.sample = sample
    tick = 0
    (next, last) = sample < ranges.count ? (ranges[sample].lowerBound, ranges[sample].upperBound) : (0, 0)
    chip.begin(sample: sample)
    record.outputSums = [Int64](repeating: 0, count: chip.tables.outputs.neuron.count)
  }

  /// Runs the next ticks of the sample, at most those that are left.
  ///
  /// - Returns: what they did, and seconds of processor time, of all threads that share the sample.
  public mutating func run(ticks: Int) throws(Failure) -> (work: Work, seconds: Double) {
    record.spikes.removeAll(keepingCapacity: true)
    record.tickCycles.removeAll(keepingCapacity: true)
    record.tickPackets.removeAll(keepingCapacity: true)
    record.tickJoules.removeAll(keepingCapacity: true)
    let before = chip.work()
    let begin = HostClock.processor()
    var others = 0.0
    let end = tick + min(ticks, ticksLeft)
    if let team = chip.flatTeam(probes: []) {
      let first = next
      while next < last, Int(input.events[next].tick) < min(end, inputTicks) { next += 1 }
      others = chip.runFlat(
        team, ticks: tick..<end, inputTicks: inputTicks, input: input.events[first..<next], &record)
      tick = end
    }
    while tick < end {
      let first = next
      while tick < inputTicks, next < last, Int(input.events[next].tick) == tick { next += 1 }
      try chip.runTick(
        tick, sample: sample, inputTicks: inputTicks, input: input.events[first..<next], probes: [], &record)
      tick += 1
    }
    let seconds = HostClock.processor() - begin + others
    var work = chip.work() - before
    footprint.addDistances(to: &work)
    return (work, seconds)
  }
}
