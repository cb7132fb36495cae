/// A packet on its way; the flit that stands for it in the mesh carries its number here.
struct Packet: Sendable {
  /// Destination: core, and global axon (spike) or neuron row (partial).
  var core: Int32
  var target: Int32
  var isPartial: Bool
  var value: Int32
  /// Tick in which it is to act.
  var targetTick: Int32
  /// Cycle in which its group was complete, counted from the start of the sample.
  var born: Int
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

  mutating func remove(_ number: UInt32) { free.append(number) }

  mutating func removeAll() {
    packets.removeAll(keepingCapacity: true)
    free.removeAll(keepingCapacity: true)
  }
}
