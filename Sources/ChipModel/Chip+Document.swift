import Documents
import Quantities

extension Chip {
  /// The chip as a document that `parse` reads back to an equal chip: every default filled in, every quantity in
  /// SI units with all its digits, derived energies as values whose source is the formula.
  public var document: Document {
    var members: [String: Document] = [
      "format": .string("rheobase-chip"), "version": .number(1), "name": .string(name),
      "description": .string(description), "technology": .string(technology),
      "sources": .array(sources.map { .string($0) }), "input": .object(["port": .string(input.rawValue)]),
      "energy": energyDocument,
    ]
    var coreMembers = [
      "axons": integer("core.axons", core.axons), "neurons": integer("core.neurons", core.neurons),
      "delaySlots": integer("core.delaySlots", core.delaySlots),
      "axonCountBits": integer("core.axonCountBits", core.axonCountBits),
    ]
    if let synapses = core.synapsesPerNeuron {
      coreMembers["synapsesPerNeuron"] = integer("core.synapsesPerNeuron", synapses)
    }
    members["core"] = .object(coreMembers)
    var crossbarMembers = ["weightBits": integer("crossbar.weightBits", crossbar.weightBits)]
    if let types = crossbar.axonTypes {
      crossbarMembers["axonTypes"] = integer("crossbar.axonTypes", types)
    }
    if crossbar.axonSigns { crossbarMembers["axonSigns"] = .bool(true) }
    members["crossbar"] = .object(crossbarMembers)
    members["datapath"] = additive.map { additiveDocument($0) } ?? datapathDocument
    if let electrical { members["electrical"] = document(electrical) }
    members["timing"] = timingDocument
    members["mesh"] = meshDocument
    members["routing"] = .object([
      "destinationsPerNeuron": integer("routing.destinationsPerNeuron", routing.destinationsPerNeuron),
      "packetBits": integer("routing.packetBits", routing.packetBits),
      "partialPackets": .bool(routing.partialPackets),
    ])
    return .object(members.merging(statementDocuments) { $1 })
  }

  private var datapathDocument: Document {
    func width(_ key: String, _ value: Int) -> Document { integer("datapath.\(key)", value) }
    func pair(_ range: ClosedRange<Int>) -> Document {
      .array([.number(Double(range.lowerBound)), .number(Double(range.upperBound))])
    }
    var members: [String: Document] = [
      "kind": .string(datapathKind), "stateBits": width("stateBits", datapath.stateBits),
      "stateOverflow": .string(datapath.stateOverflow.rawValue),
      "synapseOverflow": .string(datapath.synapseOverflow.rawValue),
      "accumulatorBits": width("accumulatorBits", datapath.accumulatorBits),
      "decayBits": width("decayBits", datapath.decayBits), "decayExponents": pair(datapath.decayExponents),
      "decayOf": .string(datapath.decayOf.rawValue),
      "decayRounding": .string(datapath.decayRounding.rawValue),
      "minimumStep": width("minimumStep", datapath.minimumStep),
      "gainBits": width("gainBits", datapath.gainBits),
      "inputRounding": .string(datapath.inputRounding.rawValue),
      "weightExponents": pair(datapath.weightExponents), "biasBits": width("biasBits", datapath.biasBits),
      "thresholdBits": width("thresholdBits", datapath.thresholdBits),
      "comparison": .string(datapath.comparison.rawValue),
      "refractoryBits": width("refractoryBits", datapath.refractoryBits),
      "synapticState": .bool(datapath.synapticState),
      "accumulatorOverflow": .string(datapath.accumulatorOverflow.rawValue),
      "synapseInput": .string(datapath.synapseInput.rawValue),
      "biasExponents": pair(datapath.biasExponents),
      "thresholdShift": width("thresholdShift", datapath.thresholdShift),
      "spikesPerTick": width("spikesPerTick", datapath.spikesPerTick),
    ]
    if let drive = datapath.driveOverflow { members["driveOverflow"] = .string(drive.rawValue) }
    if let microcode { members["microcode"] = document(microcode) }
    if let noise = datapath.noise { members["noise"] = document(noise) }
    return .object(members)
  }

  private func additiveDocument(_ additive: Additive) -> Document {
    func width(_ key: String, _ value: Int) -> Document { integer("datapath.\(key)", value) }
    let negative = additive.negativeThresholds
    var own: [String: Document] = [
      "leakReversal": .bool(additive.leakReversal),
      "negativeThresholds": .array([
        .number(Double(negative.lowerBound)), .number(Double(negative.upperBound)),
      ]),
    ]
    var members: [String: Document] = [
      "kind": .string(datapathKind), "stateBits": width("stateBits", datapath.stateBits),
      "stateOverflow": .string(datapath.stateOverflow.rawValue),
      "biasBits": width("biasBits", datapath.biasBits),
      "thresholdBits": width("thresholdBits", datapath.thresholdBits),
      "comparison": .string(datapath.comparison.rawValue),
    ]
    if timing.perEvent == nil {
      own["leakOrder"] = .string(additive.leakOrder.rawValue)
      own["negativeComparison"] = .string(additive.negativeComparison.rawValue)
      own["saturation"] = .bool(additive.saturation)
      own["nonReset"] = .bool(additive.nonReset)
      members["accumulatorBits"] = width("accumulatorBits", datapath.accumulatorBits)
      members["accumulatorOverflow"] = .string(datapath.accumulatorOverflow.rawValue)
    }
    members["additive"] = .object(own)
    if let noise = datapath.noise { members["noise"] = document(noise) }
    return .object(members)
  }

  private func document(_ noise: Noise) -> Document {
    func width(_ key: String, _ value: Int) -> Document { integer("datapath.noise.\(key)", value) }
    var members: [String: Document] = [:]
    switch noise.generator {
    case .counter: members["generator"] = .string("counter")
    case .register(let register):
      members["generator"] = .string("lfsr")
      members["taps"] = .array(register.taps.map { .number(Double($0)) })
    }
    if let membrane = noise.membrane {
      members["membrane"] = .object([
        "bits": width("membrane.bits", membrane.bits),
        "mantissaBits": width("membrane.mantissaBits", membrane.mantissaBits),
        "exponents": .array([
          .number(Double(membrane.exponents.lowerBound)), .number(Double(membrane.exponents.upperBound)),
        ]),
        "fractionBits": width("membrane.fractionBits", membrane.fractionBits),
      ])
    }
    if let threshold = noise.threshold {
      members["threshold"] = .object(["bits": width("threshold.bits", threshold.bits)])
    }
    if let leak = noise.leak { members["leak"] = .object(["bits": width("leak.bits", leak.bits)]) }
    return .object(members)
  }

  private func document(_ microcode: Microcode) -> Document {
    func count(_ key: String, _ value: Int) -> Document { integer("datapath.microcode.\(key)", value) }
    return .object([
      "registerBits": count("registerBits", microcode.registerBits),
      "stateWords": count("stateWords", microcode.stateWords),
      "parameters": count("parameters", microcode.parameters),
      "constants": count("constants", microcode.constants),
      "instructions": count("instructions", microcode.instructions),
      "tables": count("tables", microcode.tables),
      "tableEntries": count("tableEntries", microcode.tableEntries),
      "passes": count("passes", microcode.passes),
      "cycles": .object([
        "add": count("cycles.add", microcode.cycles.add),
        "multiply": count("cycles.multiply", microcode.cycles.multiply),
        "compare": count("cycles.compare", microcode.cycles.compare),
        "lookUp": count("cycles.lookUp", microcode.cycles.lookUp),
      ]),
    ])
  }

  private func document(_ electrical: Electrical) -> Document {
    func value(_ key: String, _ value: Double, _ dimension: Dimension) -> Document {
      quantity("electrical.\(key)", value, dimension)
    }
    func number(_ key: String, _ value: Double) -> Document {
      sourced("electrical.\(key)", .number(value))
    }
    let parasitics = electrical.parasitics
    var parasiticMembers: [String: Document] = [
      "node": value("parasitics.node", parasitics.node, .farads),
      "crosspoint": value("parasitics.crosspoint", parasitics.crosspoint, .farads),
      "wire": value("parasitics.wire", parasitics.wire, .faradsPerMetre),
      "pitch": value("parasitics.pitch", parasitics.pitch, .metres),
      "coupling": value("parasitics.coupling", parasitics.coupling, .farads),
    ]
    if let junction = parasitics.junction {
      parasiticMembers["junction"] = .object([
        "zeroBias": value("parasitics.junction.zeroBias", junction.zeroBias, .farads),
        "potential": value("parasitics.junction.potential", junction.potential, .volts),
        "grading": number("parasitics.junction.grading", junction.grading),
      ])
    }
    var members: [String: Document] = [
      "supply": value("supply", electrical.supply, .volts),
      "swing": .object([
        "reset": value("swing.reset", electrical.swingReset, .volts),
        "threshold": value("swing.threshold", electrical.swingThreshold, .volts),
      ]),
      "floor": value("floor", electrical.floor, .volts),
      "membraneCapacitance": value("membraneCapacitance", electrical.membraneCapacitance, .farads),
      "parasitics": .object(parasiticMembers),
      "leak": .object([
        "kind": .string(electrical.leak.kind.rawValue),
        "bits": integer("electrical.leak.bits", electrical.leak.bits),
        "unit": value("leak.unit", electrical.leak.unit, .farads),
        "ranges": integer("electrical.leak.ranges", electrical.leak.ranges),
      ]),
      "reset": .object([
        "onResistance": value("reset.onResistance", electrical.reset.onResistance, .ohms),
        "duration": value("reset.duration", electrical.reset.duration, .seconds),
      ]),
    ]
    if electrical.circuit != .comparator { members["circuit"] = .string(electrical.circuit.rawValue) }
    if let mismatch = electrical.mismatch {
      members["mismatch"] = .object([
        "capacitance": number("mismatch.capacitance", mismatch.capacitance),
        "leak": number("mismatch.leak", mismatch.leak),
        "threshold": value("mismatch.threshold", mismatch.threshold, .volts),
        "weight": number("mismatch.weight", mismatch.weight),
      ])
    }
    return .object(members)
  }

  private var timingDocument: Document {
    func count(_ key: String, _ value: Int) -> Document { integer("timing.\(key)", value) }
    if let neuronMajor = timing.neuronMajor {
      return .object(
        tickMembers.merging([
          "kind": .string("neuronMajor"), "clock": quantity("timing.clock", timing.clock, .hertz),
          "setupCycles": count("setupCycles", neuronMajor.setupCycles),
          "axonCycles": count("axonCycles", neuronMajor.axonCycles),
          "neuronCycles": count("neuronCycles", neuronMajor.neuronCycles),
          "finishCycles": count("finishCycles", neuronMajor.finishCycles),
          "injectionQueue": count("injectionQueue", timing.injectionQueue),
        ]) { first, _ in first })
    }
    if let perEvent = timing.perEvent {
      return .object(
        tickMembers.merging([
          "kind": .string("perEvent"), "clock": quantity("timing.clock", timing.clock, .hertz),
          "inputCycles": count("inputCycles", perEvent.inputCycles),
          "eventCycles": count("eventCycles", perEvent.eventCycles),
          "accessCycles": count("accessCycles", perEvent.accessCycles),
          "timeReferenceCycles": count("timeReferenceCycles", perEvent.timeReferenceCycles),
          "spikeCycles": count("spikeCycles", perEvent.spikeCycles),
          "visits": .string(perEvent.visits.rawValue),
          "injectionQueue": count("injectionQueue", timing.injectionQueue),
        ]) { first, _ in first })
    }
    var members: [String: Document] = [
      "kind": .string("axonMajor"), "clock": quantity("timing.clock", timing.clock, .hertz),
      "axonCycles": count("axonCycles", timing.axonCycles), "scanWord": count("scanWord", timing.scanWord),
      "scanCycles": count("scanCycles", timing.scanCycles),
      "synapsesPerCycle": count("synapsesPerCycle", timing.synapsesPerCycle),
      "neuronsPerCycle": count("neuronsPerCycle", timing.neuronsPerCycle),
      "neuronCycles": count("neuronCycles", timing.neuronCycles),
      "injectionQueue": count("injectionQueue", timing.injectionQueue),
    ]
    // The defaults are left out, so that the text of chips without these keys stays what it was.
    let work = timing.work
    if work.rows != .columns { members["rows"] = .string(work.rows.rawValue) }
    for (key, value, usual) in [
      ("synapseCycles", work.synapseCycles, 1), ("spikeCycles", work.spikeCycles, 0),
      ("barrierCyclesPerCore", work.barrierCyclesPerCore, 0),
    ] where value != usual {
      members[key] = count(key, value)
    }
    if let active = work.activeNeuronCycles {
      members["activeNeuronCycles"] = count("activeNeuronCycles", active)
    }
    return .object(members.merging(tickMembers) { first, _ in first })
  }

  private var tickMembers: [String: Document] {
    switch timing.tick {
    case .barrier(let cycles): ["barrierCycles": integer("timing.barrierCycles", cycles)]
    case .period(let cycles, let late):
      ["tickPeriod": integer("timing.tickPeriod", cycles), "late": .string(late.rawValue)]
    }
  }

  private var meshDocument: Document {
    func count(_ key: String, _ value: Int) -> Document { integer("mesh.\(key)", value) }
    return .object([
      "width": count("width", mesh.width), "height": count("height", mesh.height),
      "bufferDepth": count("bufferDepth", mesh.bufferDepth), "hopCycles": count("hopCycles", mesh.hopCycles),
      "creditCycles": count("creditCycles", mesh.creditCycles),
      "injectionCycles": count("injectionCycles", mesh.injectionCycles),
      "portOrder": .array(mesh.portOrder.map { .number(Double($0)) }), "multicast": .bool(mesh.multicast),
    ])
  }

  private var energyDocument: Document {
    var members: [String: Document] = [:]
    for (component, constant) in energy.constants {
      switch constant {
      case .known(let value, let source):
        let dimension = component == .staticPower ? Dimension.watts : .joules
        members[component.rawValue] = .object([
          "value": .string(exactQuantity(value, dimension)), "source": .string(source),
        ])
      case .unpublished(let reason):
        members[component.rawValue] = .object(["unpublished": .string(reason)])
      }
    }
    return .object(members)
  }

  private func integer(_ path: String, _ value: Int) -> Document { sourced(path, .number(Double(value))) }

  private func quantity(_ path: String, _ value: Double, _ dimension: Dimension) -> Document {
    sourced(path, .string(exactQuantity(value, dimension)))
  }

  private func sourced(_ path: String, _ value: Document) -> Document {
    guard let source = constantSources[path] else { return value }
    return .object(["value": value, "source": .string(source)])
  }
}
