extension Chip.Energy {
  /// How often each component acted, in one tick or in a whole run; `cycles` is what static power is paid for.
  public struct Events: Sendable, Equatable {
    public var rowReads: UInt64
    public var synapticOperations: UInt64
    public var neuronUpdates: UInt64
    /// Of the updates, those with something to compute.
    public var neuronActivities: UInt64 = 0
    /// Of the hops, those along y.
    public var verticalHops: UInt64 = 0
    /// Instructions of microcode.
    public var operations = Operations()
    /// Spikes of spiking neurons: each is one reset.
    public var spikes: UInt64
    public var packets: UInt64
    public var hops: UInt64
    public var deliveries: UInt64
    public var inputEvents: UInt64
    /// Used cores, once per tick.
    public var coreTicks: UInt64
    public var cycles: UInt64

    public init(
      rowReads: UInt64 = 0, synapticOperations: UInt64 = 0, neuronUpdates: UInt64 = 0,
      spikes: UInt64 = 0, packets: UInt64 = 0, hops: UInt64 = 0, deliveries: UInt64 = 0,
      inputEvents: UInt64 = 0, coreTicks: UInt64 = 0, cycles: UInt64 = 0
    ) {
      self.rowReads = rowReads
      self.synapticOperations = synapticOperations
      self.neuronUpdates = neuronUpdates
      self.spikes = spikes
      self.packets = packets
      self.hops = hops
      self.deliveries = deliveries
      self.inputEvents = inputEvents
      self.coreTicks = coreTicks
      self.cycles = cycles
    }

    /// The counter of a component; cycles for `staticPower`.
    public func count(of component: Component) -> UInt64 {
      switch component {
      case .rowRead: rowReads
      case .synapticOperation: synapticOperations
      case .neuronUpdate: neuronUpdates
      case .neuronActivity: neuronActivities
      case .microAdd: operations.adds
      case .microMultiply: operations.multiplies
      case .microCompare: operations.compares
      case .microLookUp: operations.lookUps
      case .spikeReset: spikes
      case .packet: packets
      case .hop: hops
      case .verticalHop: verticalHops
      case .delivery: deliveries
      case .inputEvent: inputEvents
      case .coreTick: coreTicks
      case .clockCycle, .staticPower: cycles
      }
    }
  }

  /// One component's share of a run.
  public struct Item: Sendable, Equatable {
    public var component: Component
    /// Events counted (cycles for `staticPower`).
    public var events: UInt64
    /// Joule per event (watt for `staticPower`); nil where it is unpublished.
    public var perEvent: Double?
    /// nil where `perEvent` is.
    public var joules: Double?
    /// Source of the constant, or why there is none.
    public var source: String
  }

  /// Joules of a tick: `Σ events · perEvent + staticPower · cycles / clock` over the known components,
  /// added up in the order of `Component.allCases`, so that every caller gets the same bits.
  ///
  /// - Parameter clock: hertz.
  public func tickJoules(_ events: Events, clock: Double) -> Double {
    var joules = 0.0
    for component in Component.allCases {
      joules += Self.joules(component, events, perEvent: value(component), clock: clock) ?? 0
    }
    return joules
  }

  /// A run's energy by component, in the order of `components`.
  public func items(_ events: Events, clock: Double) -> [Item] {
    components.map { component in
      let perEvent = value(component)
      let source =
        switch constants[component] {
        case .known(_, let source): source
        case .unpublished(let reason): reason
        case nil: ""
        }
      return Item(
        component: component, events: events.count(of: component), perEvent: perEvent,
        joules: Self.joules(component, events, perEvent: perEvent, clock: clock), source: source)
    }
  }

  private static func joules(
    _ component: Component, _ events: Events, perEvent: Double?, clock: Double
  ) -> Double? {
    guard let perEvent else { return nil }
    let count = Double(events.count(of: component))
    return component == .staticPower ? perEvent * count / clock : perEvent * count
  }
}
