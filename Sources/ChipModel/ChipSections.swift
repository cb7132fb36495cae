import Documents
import Quantities

/// Reads a chip file section by section. Every nil comes with a diagnostic of the cursor's reader.
struct ChipSections {
  let root: Cursor
  var constants: ConstantReader

  init(_ root: Cursor, settings: [String: String]) {
    self.root = root
    constants = ConstantReader(settings: settings)
  }

  mutating func chip() -> Chip? {
    if let format = root.string("format"), format != "rheobase-chip" {
      root.any("format")?.fail(
        "chip.format", problem: "is not a chip file", found: "\"\(format)\"", expected: "\"rheobase-chip\"")
    }
    _ = root.integer("version", in: 1...1)
    let name = root.string("name")
    if let name, name.isEmpty || name.contains("/") {
      root.any("name")?.fail(
        "chip.name", problem: "is not a name", found: "\"\(name)\"",
        expected: "at least one character, no \"/\"")
    }
    let description = root.string("description")
    let sources = root.array("sources")?.map { $0.asString() }
    let technology = root.string("technology")
    let fidelity = root.optionalObject("fidelity").flatMap { self.fidelity($0) }
    let operation = root.optionalObject("operation").flatMap { self.operation($0) }

    let core = root.object("core").flatMap { self.core($0) }
    let crossbar = root.object("crossbar").flatMap { self.crossbar($0) }
    let datapathCursor = root.object("datapath")
    let kind = datapathCursor.flatMap { datapathKind($0) } ?? .leaky
    let hasMicrocode = kind == .microcode
    let datapath = datapathCursor.flatMap {
      kind == .additive ? additiveDatapath($0) : self.datapath($0)
    }
    let additive =
      kind == .additive ? datapathCursor.flatMap { $0.object("additive") }.flatMap { self.additive($0) } : nil
    let microcode =
      hasMicrocode ? datapathCursor.flatMap { $0.object("microcode") }.flatMap { self.microcode($0) } : nil
    let hasElectrical = root.has("electrical")
    let electrical = root.optionalObject("electrical").flatMap { self.electrical($0) }
    let timing = root.object("timing").flatMap { self.timing($0) }
    let input = root.object("input").flatMap { $0.oneOf("port", as: Chip.InputPort.self) }
    let mesh = root.object("mesh").flatMap { self.mesh($0) }
    let routing = root.object("routing").flatMap { self.routing($0) }
    let energy = root.object("energy").flatMap { cursor in
      self.energy(
        cursor,
        EnergyFormulas(hasElectrical: hasElectrical, electrical: electrical, core: core),
        Chip.Energy.Component.allCases.filter { component in
          component.isOptional ? cursor.has(component.rawValue) : component.unit == nil || hasMicrocode
        })
    }

    guard let name, let description, let sources, let technology, let core, let crossbar, let datapath,
      microcode != nil || !hasMicrocode, additive != nil || kind != .additive,
      electrical != nil || !hasElectrical, let timing, let input, let mesh,
      let routing, let energy
    else { return nil }
    var chip = Chip(
      name: name, description: description, sources: sources.compactMap { $0 }, technology: technology,
      core: core, crossbar: crossbar, datapath: datapath, electrical: electrical, timing: timing,
      input: input, mesh: mesh, routing: routing, energy: energy, resolvedText: "")
    chip.microcode = microcode
    chip.additive = additive
    chip.fidelity = fidelity
    chip.operation = operation
    chip.constantSources = constants.sources
    checkTogether(chip)
    return chip
  }

  /// Rules between sections.
  private func checkTogether(_ chip: Chip) {
    if let problem = Limits.accumulator(core: chip.core, crossbar: chip.crossbar) {
      root.object("core")?.add(problem)
    }
    if let problem = Limits.packetBits(chip: chip) { root.object("routing")?.add(problem) }
    if chip.electrical != nil, chip.datapath.spikesPerTick > 1 {
      root.object("datapath")?.any("spikesPerTick")?.fail(
        "chip.spikesPerTick", problem: "lets a neuron of a mixed-signal chip fire more than once per tick",
        found: "\(chip.datapath.spikesPerTick)",
        expected: "1 with electrical: a membrane is reset once per tick")
    }
    if chip.microcode != nil, chip.electrical != nil {
      root.object("electrical")?.fail(
        "chip.microcodeElectrical",
        problem:
          "gives membranes to a chip whose neurons are computed, so that no parasitic could act on them",
        found: "electrical with datapath.kind \"microcode\"", expected: "one of them",
        remedy: "Leave electrical out, and give energies as { value, source }")
    }
    if chip.additive != nil, chip.electrical != nil {
      root.object("electrical")?.fail(
        "chip.additiveElectrical", problem: "gives membranes to a chip whose neurons are computed",
        found: "electrical with datapath.kind \"additive\"", expected: "one of them",
        remedy: "Leave electrical out, and give energies as { value, source }")
    }
    checkPerEvent(chip)
    if chip.electrical?.leak.kind == .continuous, case .barrier = chip.timing.tick {
      root.object("timing")?.fail(
        "chip.continuousLeak", problem: "ends ticks by a barrier, but an analog leak runs in real time",
        found: "electrical.leak.kind \"continuous\" with timing.barrierCycles",
        expected: "timing.tickPeriod with a continuous leak, or a clocked leak",
        remedy: "Give timing.tickPeriod and timing.late instead of timing.barrierCycles")
    }
  }

  // MARK: - Digital sections

  private mutating func core(_ cursor: Cursor) -> Chip.Core? {
    let axons = constants.integer(cursor, "axons", in: 1...65536)
    let neurons = constants.integer(cursor, "neurons", in: 1...65536)
    let delaySlots = constants.integer(cursor, "delaySlots", in: 2...256)
    let axonCountBits = constants.integer(cursor, "axonCountBits", in: 1...8)
    let synapses =
      cursor.has("synapsesPerNeuron") ? constants.integer(cursor, "synapsesPerNeuron", in: 1...65536) : nil
    guard let axons, let neurons, let delaySlots, let axonCountBits else { return nil }
    var core = Chip.Core(
      axons: axons, neurons: neurons, delaySlots: delaySlots, axonCountBits: axonCountBits)
    core.synapsesPerNeuron = synapses
    return core
  }

  private mutating func crossbar(_ cursor: Cursor) -> Chip.Crossbar? {
    let types =
      cursor.has("axonTypes") ? constants.integer(cursor, "axonTypes", in: 1...16) : nil
    let signs = cursor.has("axonSigns") ? cursor.bool("axonSigns") ?? false : false
    return constants.integer(cursor, "weightBits", in: 2...16).map { bits in
      var crossbar = Chip.Crossbar(weightBits: bits)
      crossbar.axonTypes = types
      crossbar.axonSigns = signs
      return crossbar
    }
  }

  private mutating func mesh(_ cursor: Cursor) -> Chip.Mesh? {
    let width = constants.integer(cursor, "width", in: 1...256)
    let height = constants.integer(cursor, "height", in: 1...256)
    let depth = constants.optionalInteger(cursor, "bufferDepth", in: 1...1024, default: 4)
    let hop = constants.optionalInteger(cursor, "hopCycles", in: 1...64, default: 1)
    let credit = constants.optionalInteger(cursor, "creditCycles", in: 1...64, default: 1)
    let injection = constants.optionalInteger(cursor, "injectionCycles", in: 1...64, default: 1)
    var portOrder = [0, 1, 2, 3, 4]
    if let given = cursor.optionalArray("portOrder") {
      portOrder = given.compactMap { $0.asInteger(in: 0...4) }
      if portOrder.count == given.count, portOrder.sorted() != [0, 1, 2, 3, 4] {
        cursor.any("portOrder")?.fail(
          "chip.portOrder", problem: "does not name every port once", found: "\(portOrder)",
          expected: "an order of 0, 1, 2, 3, 4 (+x, −x, +y, −y, local)")
      }
    }
    let multicast = cursor.has("multicast") ? cursor.bool("multicast") : false
    guard let width, let height, let depth, let hop, let credit, let injection, let multicast else {
      return nil
    }
    var mesh = Chip.Mesh(
      width: width, height: height, bufferDepth: depth, hopCycles: hop, creditCycles: credit,
      injectionCycles: injection, portOrder: portOrder)
    mesh.multicast = multicast
    return mesh
  }

  private mutating func routing(_ cursor: Cursor) -> Chip.Routing? {
    let destinations = constants.integer(cursor, "destinationsPerNeuron", in: 1...65536)
    let bits = constants.integer(cursor, "packetBits", in: 1...1024)
    let partial = cursor.bool("partialPackets")
    guard let destinations, let bits, let partial else { return nil }
    return Chip.Routing(destinationsPerNeuron: destinations, packetBits: bits, partialPackets: partial)
  }

  private mutating func timing(_ cursor: Cursor) -> Chip.Timing? {
    let kind = cursor.string("kind")
    if kind == "neuronMajor" { return neuronMajor(cursor) }
    if kind == "perEvent" { return perEvent(cursor) }
    if let kind, kind != "axonMajor" {
      cursor.any("kind")?.fail(
        "chip.timingKind", problem: "is not a cycle model that exists here", found: "\"\(kind)\"",
        expected: "\"axonMajor\", \"neuronMajor\" or \"perEvent\"")
    }
    let clock = constants.quantity(cursor, "clock", .hertz, in: 1...1e12)
    let axonCycles = constants.integer(cursor, "axonCycles", in: 0...1_000_000)
    let scanWord = constants.integer(cursor, "scanWord", in: 1...65536)
    let scanCycles = constants.integer(cursor, "scanCycles", in: 0...1_000_000)
    let synapses = constants.integer(cursor, "synapsesPerCycle", in: 1...65536)
    let neurons = constants.integer(cursor, "neuronsPerCycle", in: 1...65536)
    let neuronCycles = constants.integer(cursor, "neuronCycles", in: 1...1_000_000)
    let queue = constants.optionalInteger(cursor, "injectionQueue", in: 1...65536, default: 8)
    let tick = tick(cursor)
    let work = work(cursor)
    guard let clock, let axonCycles, let scanWord, let scanCycles, let synapses, let neurons,
      let neuronCycles, let queue, let tick, let work
    else { return nil }
    var timing = Chip.Timing(
      clock: clock, axonCycles: axonCycles, scanWord: scanWord, scanCycles: scanCycles,
      synapsesPerCycle: synapses, neuronsPerCycle: neurons, neuronCycles: neuronCycles,
      injectionQueue: queue, tick: tick)
    timing.work = work
    return timing
  }

  /// `barrierCycles`, or `tickPeriod` with `late`.
  mutating func tick(_ cursor: Cursor) -> Chip.Timing.Tick? {
    let hasBarrier = cursor.has("barrierCycles")
    let hasPeriod = cursor.has("tickPeriod")
    if hasBarrier == hasPeriod {
      cursor.fail(
        "chip.tick", problem: hasBarrier ? "says twice how a tick ends" : "does not say how a tick ends",
        found: hasBarrier ? "barrierCycles and tickPeriod" : nil,
        expected: "either barrierCycles, or tickPeriod with late")
      _ = cursor.has("late")
      return nil
    }
    if hasBarrier {
      return constants.integer(cursor, "barrierCycles", in: 0...1_000_000_000).map { .barrier(cycles: $0) }
    }
    let cycles = constants.integer(cursor, "tickPeriod", in: 1...1_000_000_000)
    let late = cursor.oneOf("late", as: Chip.Timing.LatePacket.self)
    guard let cycles, let late else { return nil }
    return .period(cycles: cycles, late: late)
  }
}
