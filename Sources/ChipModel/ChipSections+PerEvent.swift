import Documents

extension ChipSections {
  /// Whether `timing.kind` is perEvent, which decides what `datapath` is asked for.
  var isPerEvent: Bool {
    root.optionalAny("timing")?.optionalAny("kind")?.value == .string("perEvent")
  }

  /// `timing` of the kind perEvent.
  mutating func perEvent(_ cursor: Cursor) -> Chip.Timing? {
    let clock = constants.quantity(cursor, "clock", .hertz, in: 1...1e12)
    let input = constants.integer(cursor, "inputCycles", in: 0...1_000_000)
    let event = constants.integer(cursor, "eventCycles", in: 0...1_000_000)
    let access = constants.integer(cursor, "accessCycles", in: 1...1_000_000)
    let reference = constants.integer(cursor, "timeReferenceCycles", in: 0...1_000_000)
    let spike = constants.integer(cursor, "spikeCycles", in: 0...1_000_000)
    let visits = cursor.oneOf("visits", as: Chip.Timing.PerEvent.Visits.self)
    let queue = constants.optionalInteger(cursor, "injectionQueue", in: 1...65536, default: 8)
    let tick = tick(cursor)
    guard let clock, let input, let event, let access, let reference, let spike, let visits, let queue,
      let tick
    else { return nil }
    var timing = Chip.Timing(
      clock: clock, axonCycles: 0, scanWord: 1, scanCycles: 0, synapsesPerCycle: 1, neuronsPerCycle: 1,
      neuronCycles: access, injectionQueue: queue, tick: tick)
    timing.perEvent = Chip.Timing.PerEvent(
      inputCycles: input, eventCycles: event, accessCycles: access, timeReferenceCycles: reference,
      spikeCycles: spike, visits: visits)
    return timing
  }

  /// What neurons that are visited by every event cannot have, because §3.7 gives it no meaning.
  func checkPerEvent(_ chip: Chip) {
    if chip.crossbar.axonSigns, chip.crossbar.axonTypes != nil {
      root.object("crossbar")?.failMember(
        "axonSigns", "chip.axonSigns",
        problem: "gives axons a sign that have a type, and with it a weight per neuron",
        found: "axonSigns with axonTypes", expected: "one of them")
    }
    guard chip.timing.perEvent != nil else { return }
    func refuse(_ section: String, _ key: String, _ problem: String, found: String, expected: String) {
      root.object(section)?.failMember(
        key, "chip.perEvent", problem: problem, found: found,
        expected: "\(expected) with timing.kind \"perEvent\"")
    }
    if chip.additive == nil {
      return refuse(
        "datapath", "kind", "has no neurons that single events could visit",
        found: "\"\(chip.datapathKind)\"",
        expected: "\"additive\"")
    }
    if chip.datapath.stateOverflow == .wrap {
      refuse(
        "datapath", "stateOverflow", "is no overflow of these neurons", found: "\"wrap\"",
        expected: "\"saturate\" or \"saturateSymmetric\"")
    }
    if chip.datapath.noise != nil {
      refuse("datapath", "noise", "does not exist in these neurons", found: "noise", expected: "no noise")
    }
    if chip.routing.partialPackets {
      refuse(
        "routing", "partialPackets", "sends sums to neurons that take single spikes", found: "true",
        expected: "false")
    }
    // A neuron can fire at each of them, and its spikes of a tick are counted in 16 bits.
    let most = chip.core.axons * chip.core.axonCountMaximum
    if most >= Int(UInt16.max) {
      refuse(
        "core", "axonCountBits", "lets too many spikes reach a core in one tick", found: "\(most)",
        expected: "less than \(UInt16.max) of all axons together")
    }
  }
}
