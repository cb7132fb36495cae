/// A packet on its way; the flits that stand for it in the mesh carry its number here.
struct Packet: Sendable {
  /// The ring's place of its one destination, −1 for a packet of another kind, `done` for one that has acted beforehand.
  var place: Int32
  /// Several destinations: `Tables.targets[begin ..< end]`; one: its place in the ring, or the row of a partial sum, and one
  /// more. Then those that it has not reached yet.
  var begin: Int32
  var end: Int32
  var left: Int32
  /// Tick in which it is to act.
  var targetTick: Int32
  var value: Int32
  /// Neuron row; −1 − channel for edge input.
  var source: Int32
  var isPartial: Bool
  /// Whether no core has two of its destinations.
  var isOneEach: Bool
  /// Cycle in which its group was complete, counted from the start of the sample.
  var born: Int

  /// See `ChipState.beforehand`.
  static let done: Int32 = -2

  @inline(__always) init(_ send: Send, value: Int32, tick: Int, source: Int32, born: Int) {
    place = send.place
    begin = send.begin
    end = send.end
    left = send.end &- send.begin
    targetTick = Int32(truncatingIfNeeded: tick) &+ send.delay
    self.value = value
    self.source = source
    isPartial = send.isPartial
    isOneEach = send.isOneEach
    self.born = born
  }
}
