import CPrefetch

/// What the spikes of every neuron of the chip do to the cores of one part.
///
/// A spike is worth one walk through memory that lies in one piece, and the piece of the neuron after the next is fetched
/// meanwhile: lists of a million synapses do not fit into the processor's cache, and waiting for them is most of the work.
/// So a neuron has one block per delay with which it sends, of 32-bit words:
/// ```
/// delay, shares S, synapses N, and what is counted once, where the neuron is: packets, hops, hops along y
/// S (2 S) words      core within the part << 17 | synapses of the axon that is reached (and the cycles of reading it)
/// N targets          row within the part, 16 or 32 bits
/// N weights          8 or 16 bits
/// ```
/// A class, as `Tables`.
final class FlatBlocks: Sendable {
  static let header = 6
  /// A share has 15 bits for the core; an axon has at most 2^16 synapses.
  static let mostCores = 1 << 15

  /// [rows of the chip + 1] where the blocks of a row begin, ascending.
  private let begin: [UInt32]
  private let words: [UInt32]
  private let isShort: Bool
  private let isNarrow: Bool
  private let hasCycles: Bool

  var bytes: Int { words.count * 4 }
  var bytesPerSynapse: Int { (isShort ? 2 : 4) + (isNarrow ? 1 : 2) }

  /// What spikes have sent.
  struct Sent {
    var packets: UInt64 = 0
    var hops: UInt64 = 0
    var verticalHops: UInt64 = 0
    var deliveries: UInt64 = 0
  }

  /// Takes the synapses of the cores that neurons feed.
  init(_ material: inout Material, _ tables: Tables, cores: Range<Int>) {
    let firstRow = tables.neuronBegin[cores.lowerBound]
    let rows = tables.neuronBegin[cores.upperBound] - firstRow
    isShort = rows <= 1 << 16
    isNarrow = tables.synapses.isNarrow
    hasCycles = !tables.rowTimes.areEqual
    var builder = FlatBlockBuilder(material, tables, cores, isShort: isShort)
    for core in 0..<tables.coreCount {
      for row in tables.neuronBegin[core]..<tables.neuronBegin[core + 1] {
        builder.add(row: row, core: core, &material.synapses)
      }
    }
    begin = builder.begin
    words = builder.words
  }

  /// Adds the spikes of `fired[range]` to sums and tallies of the slots in which they act.
  ///
  /// - Parameters:
  ///   - fired: `count` rows of the chip that have fired; those after `range` are fetched beforehand.
  ///   - slot: of the tick, below `slots`.
  ///   - sums: [slots · rows of the part]
  ///   - tallies: [slots · cores of the part] axons << 32 | synapses.
  ///   - cycles: [slots · cores of the part], empty where all axons take the same time.
  func scatter(
    _ fired: UnsafePointer<Int32>, _ range: Range<Int>, count: Int, slot: Int, slots: Int,
    _ sums: inout [Int32], _ tallies: inout [UInt64], _ cycles: inout [UInt32]
  ) -> Sent {
    begin.withUnsafeBufferPointer { begin in
      words.withUnsafeBufferPointer { words in
        sums.withUnsafeMutableBufferPointer { sums in
          tallies.withUnsafeMutableBufferPointer { tallies in
            cycles.withUnsafeMutableBufferPointer { cycles in
              guard let begin = begin.baseAddress, let words = words.baseAddress,
                let allSums = sums.baseAddress, let allTallies = tallies.baseAddress
              else { return Sent() }
              let walk = FlatWalk(
                begin: begin, words: words, fired: fired, range: range, count: count, slot: slot,
                slots: slots, rows: sums.count / slots, cores: tallies.count / slots, sums: allSums,
                tallies: allTallies, cycles: hasCycles ? cycles.baseAddress : nil)
              switch (isShort, isNarrow) {
              case (true, true): return walk.run(UInt16.self, Int8.self)
              case (true, false): return walk.run(UInt16.self, Int16.self)
              case (false, true): return walk.run(UInt32.self, Int8.self)
              case (false, false): return walk.run(UInt32.self, Int16.self)
              }
            }
          }
        }
      }
    }
  }
}

/// The loop of `FlatBlocks.scatter`, on bare memory: a test of every index would be a tenth of its time.
///
/// Every address is in bounds: rows that fired are rows of the chip, of which each has its `begin`; a block has as many words
/// as its header says, and `FlatBlockBuilder` put only rows and cores of the part into it; a delay is below `slots`.
private struct FlatWalk {
  let begin: UnsafePointer<UInt32>
  let words: UnsafePointer<UInt32>
  let fired: UnsafePointer<Int32>
  let range: Range<Int>
  let count: Int
  let slot: Int
  let slots: Int
  let rows: Int
  let cores: Int
  let sums: UnsafeMutablePointer<Int32>
  let tallies: UnsafeMutablePointer<UInt64>
  let cycles: UnsafeMutablePointer<UInt32>?

  /// Blocks are asked for so many spikes beforehand, and so many bytes of them; the rest comes by itself.
  private static var ahead: Int { 2 }
  private static var fetched: Int { 512 }

  // The sums fit Int32 as `CoreState.crossbarSum` does.
  @inline(never)
  func run<Row: FixedWidthInteger, Weight: FixedWidthInteger>(_: Row.Type, _: Weight.Type) -> FlatBlocks.Sent
  {
    var sent = FlatBlocks.Sent()
    for i in range {
      if i &+ FlatWalk.ahead < count { fetch(Int(fired[i &+ FlatWalk.ahead])) }
      let row = Int(fired[i])
      var block = words + Int(begin[row])
      let end = words + Int(begin[row &+ 1])
      while block < end {
        let shares = Int(block[1])
        let synapses = Int(block[2])
        sent.packets &+= UInt64(block[3])
        sent.hops &+= UInt64(block[4])
        sent.verticalHops &+= UInt64(block[5])
        sent.deliveries &+= UInt64(shares)
        let sum = slot &+ Int(block[0])
        let acts = sum < slots ? sum : sum &- slots
        let rest = add(shares: shares, block + FlatBlocks.header, slot: acts)
        let targets = UnsafeRawPointer(rest).assumingMemoryBound(to: Row.self)
        let weights = UnsafeRawPointer(targets + synapses).assumingMemoryBound(to: Weight.self)
        let sums = sums + acts &* rows
        for s in 0..<synapses { sums[Int(targets[s])] &+= Int32(weights[s]) }
        let bytes = synapses &* (Row.bitWidth / 8 &+ Weight.bitWidth / 8)
        block = rest + (bytes &+ 3) / 4
      }
    }
    return sent
  }

  @inline(__always) private func add(shares: Int, _ first: UnsafePointer<UInt32>, slot: Int) -> UnsafePointer<
    UInt32
  > {
    let tallies = tallies + slot &* cores
    guard let cycles else {
      for s in 0..<shares { tallies[Int(first[s] &>> 17)] &+= 1 &<< 32 | UInt64(first[s] & 0x1ffff) }
      return first + shares
    }
    for s in 0..<shares {
      let share = first[2 &* s]
      tallies[Int(share &>> 17)] &+= 1 &<< 32 | UInt64(share & 0x1ffff)
      cycles[slot &* cores &+ Int(share &>> 17)] &+= first[2 &* s &+ 1]
    }
    return first + 2 &* shares
  }

  @inline(__always) private func fetch(_ row: Int) {
    let first = UnsafeRawPointer(words + Int(begin[row]))
    let size = min(4 &* Int(begin[row &+ 1] &- begin[row]), FlatWalk.fetched)
    var place = 0
    while place < size {
      rheobase_prefetch(first + place)
      place &+= 64
    }
  }
}
