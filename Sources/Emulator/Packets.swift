/// A packet on its way; the flits that stand for it in the mesh carry its number here.
struct Packet: Sendable {
  /// Destinations: `Tables.targets[begin ..< end]`, and those that it has not reached yet.
  var begin: Int32
  var end: Int32
  var left: Int32
  /// Where a multicast packet starts in `Tables.trees`; −1 with one destination.
  var branch: Int32
  var isPartial: Bool
  var value: Int32
  /// Tick in which it is to act.
  var targetTick: Int32
  /// Neuron row; −1 − channel for edge input.
  var source: Int32
  /// Cycle in which its group was complete, counted from the start of the sample.
  var born: Int

  init(_ send: Send, value: Int32, tick: Int, source: Int32, born: Int) {
    begin = send.begin
    end = send.end
    left = send.end - send.begin
    branch = send.branch
    isPartial = send.isPartial
    self.value = value
    targetTick = Int32(tick) + send.delay
    self.source = source
    self.born = born
  }
}

/// All packets of a chip, by number; numbers of delivered packets are used again.
struct PacketPool: Sendable {
  private var packets: [Packet] = []
  private var free: [UInt32] = []

  subscript(_ number: UInt32) -> Packet { packets[Int(number)] }

  mutating func add(_ packet: Packet) -> UInt32 {
    if let number = free.popLast() {
      packets[Int(number)] = packet
      return number
    }
    packets.append(packet)
    return UInt32(packets.count - 1)
  }

  /// Notes that a packet reached `count` of its destinations; after the last one its number is free.
  mutating func reach(_ number: UInt32, _ count: Int) {
    packets[Int(number)].left -= Int32(count)
    if packets[Int(number)].left == 0 { free.append(number) }
  }

  mutating func removeAll() {
    packets.removeAll(keepingCapacity: true)
    free.removeAll(keepingCapacity: true)
  }
}
