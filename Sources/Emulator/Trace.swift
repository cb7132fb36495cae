/// What happened to a packet in a cycle of a tick; grants are in `Mesh.grants`.
struct TraceEvent: Sendable, Equatable {
  enum Kind: Sendable { case enteredQueue, injected, delivered }
  /// Counted from the start of the sample.
  var cycle: Int
  var kind: Kind
  /// The core whose queue it entered or that it was delivered to; the router that it was injected at.
  var place: Int
  var packet: UInt32
}

extension ChipState {
  @inline(__always)
  mutating func trace(_ kind: TraceEvent.Kind, _ packet: UInt32, at place: Int, _ cycle: Int) {
    guard recordsTrace else { return }
    traceEvents.append(TraceEvent(cycle: cycle, kind: kind, place: place, packet: packet))
  }
}
