import ChipModel
import Observations
import ProgramImage

/// The cores of one part of a flat program: all of them that changes.
struct FlatWorker: Sendable {
  let tables: Tables
  private let ideal: PerChip<IdealTables>
  /// Which of the program's parts.
  let number: Int
  let cores: Range<Int>
  let rows: Range<Int>
  private let blocks: FlatBlocks

  /// Of the part's rows.
  var neurons: NeuronStates
  /// [slots · rows]
  var sums: [Int32]
  /// [slots · cores] axons << 32 | synapses; cycles that reading them takes, empty where all axons take the same.
  var tallies: [UInt64]
  var rowCycles: [UInt32]
  /// Input waits in it; nil where the program has none.
  var ring: Ring?
  private var taken: TakenAxons
  private var scratch = Synapses.Scratch()
  private var inputSum: [Int32]

  /// [cores]
  var coreCounters: [RunRecord.CoreCounters]
  /// [cores] where the rows that fired end.
  private var firedEnd: [Int]
  /// [cores] whether all sums of the tick's slot are 0.
  private var isSilent: [Bool]
  private var rest: LaneRest
  var counts = UpdateCounts()
  /// [outputs]
  var outputSums: [Int64]
  /// [ticks · probes that are the part's]
  var potentials: [Int32] = []
  private let ownProbes: [Int]
  private let ownPotentialOutputs: [Int]

  init(_ tables: Tables, _ ideal: PerChip<IdealTables>, _ program: FlatProgram, number: Int, probes: [Int32])
  {
    self.tables = tables
    self.ideal = ideal
    self.number = number
    let part = program.parts[number]
    cores = part.cores
    rows = part.rows
    blocks = part.blocks
    let zeros = [Int32](repeating: 0, count: part.rows.count)
    neurons = NeuronStates(v: zeros, u: zeros)
    sums = [Int32](repeating: 0, count: tables.slots * rows.count)
    tallies = [UInt64](repeating: 0, count: tables.slots * cores.count)
    rowCycles = [UInt32](repeating: 0, count: tables.rowTimes.areEqual ? 0 : tallies.count)
    let hasInputs = !tables.inputs.sends.isEmpty
    ring = hasInputs ? Ring(tables) : nil
    func largest(_ begin: [Int]) -> Int { zip(begin, begin.dropFirst()).map { $1 - $0 }.max() ?? 0 }
    taken = TakenAxons(axons: hasInputs ? largest(tables.axonBegin) : 0)
    inputSum = [Int32](repeating: 0, count: hasInputs ? largest(tables.neuronBegin) : 0)
    coreCounters = [RunRecord.CoreCounters](repeating: .init(), count: cores.count)
    firedEnd = [Int](repeating: 0, count: cores.count)
    isSilent = [Bool](repeating: true, count: cores.count)
    rest = LaneRest(tables.lanes, cores: cores)
    outputSums = [Int64](repeating: 0, count: tables.outputs.neuron.count)
    let own = part.rows
    ownProbes = probes.filter { own.contains(Int($0)) }.map { Int($0) - own.lowerBound }
    let neuron = tables.outputs.neuron
    ownPotentialOutputs = tables.potentialOutputs.filter { own.contains(Int(neuron[$0])) }
  }

  /// The state before the first tick of a sample.
  mutating func begin(_ initial: NeuronStates) {
    for i in rows {
      neurons.v[i - rows.lowerBound] = initial.v[i]
      neurons.u[i - rows.lowerBound] = initial.u[i]
      neurons.refractory[i - rows.lowerBound] = initial.refractory[i]
    }
    rest.reset()
    for i in sums.indices { sums[i] = 0 }
    for i in tallies.indices { tallies[i] = 0 }
    for i in rowCycles.indices { rowCycles[i] = 0 }
    ring?.reset()
    ring?.saturations = 0
    for i in coreCounters.indices { coreCounters[i] = .init() }
    counts = UpdateCounts()
    for i in outputSums.indices { outputSums[i] = 0 }
    potentials.removeAll(keepingCapacity: true)
  }

  /// Spikes that no tick has taken have been delivered all the same.
  mutating func end() {
    for i in tallies.indices { coreCounters[i % cores.count].deliveries += tallies[i] >> 32 }
  }

  // MARK: - A tick

  /// Steps 1 to 3 of a tick, up to the list of who fired.
  mutating func update(
    _ input: ArraySlice<SpikeTrains.Event>, _ time: TickTime, _ meeting: FlatMeeting,
    _ phases: inout PhaseClock
  ) {
    var tally = FlatMeeting.Tally()
    enter(input, tick: time.tick, &tally.events)
    let slot = time.tick % tables.slots
    for core in cores { integrate(core: core, slot: slot, &tally) }
    phases.mark(.integrate)
    updateNeurons(slot: slot, time, meeting, &tally)
    meeting.tally(time.tick, part: number).pointee = tally
    phases.mark(.update)
  }

  /// Step 4: who fired anywhere on the chip sends to the cores of this part.
  mutating func send(tick: Int, _ meeting: FlatMeeting) {
    let slot = tick % tables.slots
    var sent = FlatBlocks.Sent()
    for part in 0..<meeting.parts {
      let fired = meeting.fired(tick, part: part)
      let count = meeting.count(tick, part: part).pointee
      func scatter(_ range: Range<Int>) -> UInt64 {
        let some = blocks.scatter(
          fired, range, count: count, slot: slot, slots: tables.slots, &sums, &tallies, &rowCycles)
        sent.add(some)
        return some.packets
      }
      if part != number {
        _ = scatter(0..<count)
        continue
      }
      var first = 0
      for core in firedEnd.indices where firedEnd[core] > first {
        coreCounters[core].packets &+= scatter(first..<firedEnd[core])
        first = firedEnd[core]
      }
    }
    let tally = meeting.tally(tick, part: number)
    tally.pointee.events.packets = sent.packets
    tally.pointee.events.hops &+= sent.hops
    tally.pointee.events.verticalHops &+= sent.verticalHops
    tally.pointee.events.deliveries &+= sent.deliveries
  }

  /// What is read of the neurons when the tick is over: potentials, and outputs' windows.
  mutating func observe(_ time: TickTime, _ meeting: FlatMeeting) {
    for row in ownProbes { potentials.append(neurons.v[row]) }
    for i in ownPotentialOutputs where tables.isOpen(output: i, time.tick, time.inputTicks) {
      outputSums[i] += Int64(neurons.v[Int(tables.outputs.neuron[i]) - rows.lowerBound])
    }
    if tables.outputOf.isEmpty { return }
    let fired = meeting.fired(time.tick, part: number)
    for k in 0..<meeting.count(time.tick, part: number).pointee {
      let row = Int(fired[k])
      for entry in tables.outputBegin[row]..<tables.outputBegin[row + 1] {
        let i = Int(tables.outputOf[Int(entry)])
        if tables.isOpen(output: i, time.tick, time.inputTicks) { outputSums[i] &+= 1 }
      }
    }
  }

  // MARK: - Steps

  /// Step 1, as `ChipState.enterInputs`: only what is the part's.
  private mutating func enter(
    _ input: ArraySlice<SpikeTrains.Event>, tick: Int, _ events: inout Chip.Energy.Events
  ) {
    // Taken out, so that it is not asked for each event who else has it.
    guard !input.isEmpty, var ring = ring.take() else { return }
    if tables.chip.input == .edge {
      tables.enterAtOnce(input, tick: tick, cores: cores, ideal, &ring, &coreCounters, &events)
    } else {
      tables.enterRing(input, tick: tick, cores: cores, &ring, &coreCounters, &events)
    }
    self.ring = ring
  }

  /// Step 2 of a core: its sums are complete, and its time is known.
  private mutating func integrate(core: Int, slot: Int, _ tally: inout FlatMeeting.Tally) {
    let own = core &- cores.lowerBound
    let place = slot &* cores.count &+ own
    let taken = tallies[place]
    tallies[place] = 0
    var reads = taken &>> 32
    var operations = taken & 0xffff_ffff
    var cycles = tables.rowTimes.each &* Int(reads)
    coreCounters[own].deliveries &+= reads
    if !rowCycles.isEmpty {
      cycles = Int(rowCycles[place])
      rowCycles[place] = 0
    }
    if ring != nil { addInput(core: core, slot: slot, &reads, &operations, &cycles) }
    isSilent[own] = reads == 0
    let busy = tables.scanCycles[core] &+ cycles &+ tables.groups.all(core: core)
    tally.busy = max(tally.busy, busy)
    tally.events.rowReads &+= reads
    tally.events.synapticOperations &+= operations
    coreCounters[own].rowReads &+= reads
    coreCounters[own].synapticOperations &+= operations
    coreCounters[own].busyCycles &+= UInt64(busy)
  }

  private mutating func addInput(
    core: Int, slot: Int, _ reads: inout UInt64, _ operations: inout UInt64, _ cycles: inout Int
  ) {
    let count = ring?.take(core: core, slot: slot, into: &taken) ?? 0
    if count == 0 { return }
    let own = tables.neuronBegin[core]..<tables.neuronBegin[core + 1]
    let firstAxon = tables.axonBegin[core]
    for j in 0..<own.count { inputSum[j] = 0 }
    reads += UInt64(count)
    operations += tables.addSynapses(
      core: core, taken, count, into: &inputSum, width: own.count, scratch: &scratch)
    cycles += tables.rowTimes.cycles(taken, count, firstAxon: firstAxon)
    let first = slot * rows.count + own.lowerBound - rows.lowerBound
    for j in 0..<own.count { sums[first + j] &+= inputSum[j] }
  }

  /// Step 3: all neurons of the part; the slot's sums are 0 afterwards.
  private mutating func updateNeurons(
    slot: Int, _ time: TickTime, _ meeting: FlatMeeting, _ tally: inout FlatMeeting.Tally
  ) {
    let fired = meeting.fired(time.tick, part: number)
    let firstSum = slot &* rows.count
    var count = 0
    for core in cores {
      var counted = UpdateCounts()
      let before = count
      let own = core &- cores.lowerBound
      for i in tables.lanes.begin[core]..<tables.lanes.begin[core + 1] {
        let segment = tables.lanes.segments[i]
        let code = tables.codes[segment.rows.lowerBound]
        guard Tables.isActive(code, time.tick, time.inputTicks) else { continue }
        counted.updates &+= UInt64(segment.rows.count)
        let kernel = LaneKernel(
          code: code, rules: tables.rules, firstSum: rows.lowerBound &- firstSum, firstState: rows.lowerBound)
        var next = segment.rows.lowerBound
        while let part = rest.next(
          segment, tick: time.tick, from: next, sums, firstSum: kernel.firstSum, isSilent: isSilent[own],
          &counted)
        {
          kernel.run(part, isNarrow: segment.isNarrow, sums, tables, &neurons, &rest, &counted)
          if code.kind == ProgramImage.NeuronKind.spiking.rawValue {
            collectFired(neurons.outcome, part.rows, firstState: rows.lowerBound, fired, &count)
          }
          next = part.rows.upperBound
        }
      }
      firedEnd[own] = count
      coreCounters[own].neuronUpdates &+= counted.updates
      coreCounters[own].neuronActivities &+= counted.activities
      coreCounters[own].spikes &+= UInt64(count &- before)
      tally.events.neuronUpdates &+= counted.updates
      tally.events.neuronActivities &+= counted.activities
      tally.resting &+= counted.resting
      counts.synapseOverflows &+= counted.synapseOverflows
      counts.stateOverflows &+= counted.stateOverflows
      counts.floorClamps &+= counted.floorClamps
      if !isSilent[own] {
        let shift = firstSum &- rows.lowerBound
        clear(&sums, shift &+ tables.neuronBegin[core]..<shift &+ tables.neuronBegin[core &+ 1])
      }
    }
    tally.events.spikes = UInt64(count)
    meeting.count(time.tick, part: number).pointee = count
  }
}

extension FlatBlocks.Sent {
  fileprivate mutating func add(_ other: FlatBlocks.Sent) {
    packets &+= other.packets
    hops &+= other.hops
    verticalHops &+= other.verticalHops
    deliveries &+= other.deliveries
  }
}

private func clear(_ sums: inout [Int32], _ range: Range<Int>) {
  var all = sums.mutableSpan
  var some = all._mutatingExtracting(range)
  for i in 0..<some.count { some[i] = 0 }
}

/// Appends the rows of a segment whose outcome is `fired` at `count`; there is room for all of them.
private func collectFired(
  _ outcomes: [UInt8], _ rows: Range<Int>, firstState: Int, _ fired: UnsafeMutablePointer<Int32>,
  _ count: inout Int
) {
  let own = outcomes.span.extracting(rows.lowerBound &- firstState..<rows.upperBound &- firstState)
  let bytes = own.bytes
  var n = count
  var place = 0
  // Eight outcomes at a time; the lowest bit of each byte says whether the neuron fired.
  while place &+ 8 <= own.count {
    var word =
      bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: place, as: UInt64.self) & 0x0101_0101_0101_0101
    while word != 0 {
      fired[n] = Int32(truncatingIfNeeded: rows.lowerBound &+ place &+ word.trailingZeroBitCount / 8)
      n &+= 1
      word &= word &- 1
    }
    place &+= 8
  }
  while place < own.count {
    if own[place] & 1 != 0 {
      fired[n] = Int32(truncatingIfNeeded: rows.lowerBound &+ place)
      n &+= 1
    }
    place &+= 1
  }
  count = n
}
