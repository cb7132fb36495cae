extension Chip.Energy {
  /// What `tickJoules` needs, laid out for a call per tick: the constants that are known, in its order.
  public struct TickPrices: Sendable {
    private let component: [Component]
    private let perEvent: [Double]
    private let staticPower: Double
    private let clock: Double

    /// - Parameter clock: hertz.
    public init(_ energy: Chip.Energy, clock: Double) {
      // Static power is the last component.
      let known = Component.allCases.filter { $0 != .staticPower && energy.value($0) != nil }
      component = known
      perEvent = known.map { energy.value($0) ?? 0 }
      staticPower = energy.value(.staticPower) ?? 0
      self.clock = clock
    }

    /// The bits of `Chip.Energy.tickJoules`.
    public func joules(_ events: Events) -> Double {
      var joules = 0.0
      for i in component.indices { joules += perEvent[i] * Double(events.count(of: component[i])) }
      return joules + staticPower * Double(events.cycles) / clock
    }
  }
}
