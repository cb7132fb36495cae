import ChipModel
import HDF5Files

/// The group `/rules`: every width, rounding, order and latency of the chip that an interpreter needs, as scalar
/// attributes. It repeats what `/chip` says, without the need to read a chip file.
enum ProgramRules {
  static func group(_ chip: Chip) -> HDF5Group {
    var groups = [
      "core": part([
        "axons": .int(chip.core.axons), "neurons": .int(chip.core.neurons),
        "delay_slots": .int(chip.core.delaySlots), "axon_count_bits": .int(chip.core.axonCountBits),
        "weight_bits": .int(chip.crossbar.weightBits), "axon_types": .int(chip.crossbar.axonTypes ?? 0),
      ]),
      "datapath": part(datapath(chip)),
      "timing": part(timing(chip.timing)),
      "mesh": mesh(chip),
      "routing": part([
        "destinations_per_neuron": .int(chip.routing.destinationsPerNeuron),
        "packet_bits": .int(chip.routing.packetBits),
        "partial_packets": .int(chip.routing.partialPackets ? 1 : 0),
      ]),
      "input": part(["port": .text(chip.input.rawValue)]),
      "generator": part(["name": .text("philox4x32-10")]),
      "energy": part(energy(chip.energy)),
    ]
    if let synapses = chip.core.synapsesPerNeuron {
      groups["core"]?.attributes["synapses_per_neuron"] = .scalar(Int64(synapses))
    }
    if chip.crossbar.axonSigns {
      groups["core"]?.attributes.merge(part(["axon_signs": .int(1)]).attributes) { $1 }
    }
    if let additive = chip.additive { groups["additive"] = part(self.additive(additive)) }
    if let microcode = chip.microcode { groups["microcode"] = part(self.microcode(microcode)) }
    return HDF5Group(groups: groups)
  }

  /// Notes what stands in `found` otherwise than the chip says.
  static func compare(_ found: HDF5Group?, _ chip: Chip, _ fields: inout HDF5Fields) {
    let expected = group(chip).groups
    for name in Set(found?.groups.keys.map { $0 } ?? []).union(expected.keys).sorted() {
      let part = expected[name] ?? HDF5Group()
      let read = found?.groups[name]?.attributes ?? [:]
      for key in Set(read.keys).union(part.attributes.keys).sorted() where read[key] != part.attributes[key] {
        fields.wrong(
          "image.rules", at: "/rules/\(name) attribute \(key)", "differs from the chip in /chip",
          found: read[key].map(text) ?? "nothing", expected: part.attributes[key].map(text) ?? "nothing")
      }
    }
  }

  private enum Value {
    case int(Int)
    case real(Double)
    case text(String)
  }

  private static func part(_ values: [String: Value]) -> HDF5Group {
    HDF5Group(
      attributes: values.mapValues { value in
        switch value {
        case .int(let number): .scalar(Int64(number))
        case .real(let number): .scalar(number)
        case .text(let text): .scalar(text)
        }
      })
  }

  private static func datapath(_ chip: Chip) -> [String: Value] {
    let path = chip.datapath
    var values: [String: Value] = [
      "kind": .text(chip.datapathKind), "state_bits": .int(path.stateBits),
      "state_overflow": .text(path.stateOverflow.rawValue),
      "synapse_overflow": .text(path.synapseOverflow.rawValue),
      "accumulator_bits": .int(path.accumulatorBits), "decay_bits": .int(path.decayBits),
      "decay_exponent_low": .int(path.decayExponents.lowerBound),
      "decay_exponent_high": .int(path.decayExponents.upperBound),
      "decay_of": .text(path.decayOf.rawValue), "decay_rounding": .text(path.decayRounding.rawValue),
      "minimum_step": .int(path.minimumStep), "gain_bits": .int(path.gainBits),
      "input_rounding": .text(path.inputRounding.rawValue),
      "weight_exponent_low": .int(path.weightExponents.lowerBound),
      "weight_exponent_high": .int(path.weightExponents.upperBound), "bias_bits": .int(path.biasBits),
      "threshold_bits": .int(path.thresholdBits), "comparison": .text(path.comparison.rawValue),
      "refractory_bits": .int(path.refractoryBits), "synaptic_state": .int(path.synapticState ? 1 : 0),
      "accumulator_overflow": .text(path.accumulatorOverflow.rawValue),
      "synapse_input": .text(path.synapseInput.rawValue),
      "bias_exponent_low": .int(path.biasExponents.lowerBound),
      "bias_exponent_high": .int(path.biasExponents.upperBound), "threshold_shift": .int(path.thresholdShift),
      "spikes_per_tick": .int(path.spikesPerTick),
    ]
    if let drive = path.driveOverflow { values["drive_overflow"] = .text(drive.rawValue) }
    if let noise = path.noise { values.merge(self.noise(noise)) { first, _ in first } }
    return values
  }

  private static func noise(_ noise: Chip.Noise) -> [String: Value] {
    var values: [String: Value] = [:]
    switch noise.generator {
    case .counter: values["noise_generator"] = .text("counter")
    case .register(let register):
      values["noise_generator"] = .text("lfsr")
      values["noise_register_bits"] = .int(register.bits)
      values["noise_register_mask"] = .int(Int(register.mask))
    }
    if let membrane = noise.membrane {
      values["noise_membrane_bits"] = .int(membrane.bits)
      values["noise_mantissa_bits"] = .int(membrane.mantissaBits)
      values["noise_exponent_low"] = .int(membrane.exponents.lowerBound)
      values["noise_exponent_high"] = .int(membrane.exponents.upperBound)
      values["noise_fraction_bits"] = .int(membrane.fractionBits)
    }
    if let threshold = noise.threshold { values["noise_threshold_bits"] = .int(threshold.bits) }
    if let leak = noise.leak { values["noise_leak_bits"] = .int(leak.bits) }
    return values
  }

  private static func additive(_ additive: Chip.Additive) -> [String: Value] {
    [
      "leak_reversal": .int(additive.leakReversal ? 1 : 0), "leak_order": .text(additive.leakOrder.rawValue),
      "negative_threshold_low": .int(additive.negativeThresholds.lowerBound),
      "negative_threshold_high": .int(additive.negativeThresholds.upperBound),
      "negative_comparison": .text(additive.negativeComparison.rawValue),
      "saturation": .int(additive.saturation ? 1 : 0), "non_reset": .int(additive.nonReset ? 1 : 0),
    ]
  }

  private static func microcode(_ microcode: Chip.Microcode) -> [String: Value] {
    [
      "register_bits": .int(microcode.registerBits), "state_words": .int(microcode.stateWords),
      "parameters": .int(microcode.parameters), "constants": .int(microcode.constants),
      "instructions": .int(microcode.instructions), "tables": .int(microcode.tables),
      "table_entries": .int(microcode.tableEntries), "passes": .int(microcode.passes),
      "add_cycles": .int(microcode.cycles.add), "multiply_cycles": .int(microcode.cycles.multiply),
      "compare_cycles": .int(microcode.cycles.compare), "look_up_cycles": .int(microcode.cycles.lookUp),
    ]
  }

  private static func timing(_ timing: Chip.Timing) -> [String: Value] {
    var values: [String: Value] = [
      "kind": .text("axonMajor"), "clock": .real(timing.clock), "axon_cycles": .int(timing.axonCycles),
      "scan_word": .int(timing.scanWord),
      "scan_cycles": .int(timing.scanCycles), "synapses_per_cycle": .int(timing.synapsesPerCycle),
      "neurons_per_cycle": .int(timing.neuronsPerCycle), "neuron_cycles": .int(timing.neuronCycles),
      "injection_queue": .int(timing.injectionQueue),
    ]
    let work = timing.work
    if work.rows != .columns { values["rows"] = .text(work.rows.rawValue) }
    if work.synapseCycles != 1 { values["synapse_cycles"] = .int(work.synapseCycles) }
    if let active = work.activeNeuronCycles { values["active_neuron_cycles"] = .int(active) }
    if work.spikeCycles != 0 { values["spike_cycles"] = .int(work.spikeCycles) }
    if work.barrierCyclesPerCore != 0 { values["barrier_cycles_per_core"] = .int(work.barrierCyclesPerCore) }
    if let neuronMajor = timing.neuronMajor {
      values = [
        "kind": .text("neuronMajor"), "clock": .real(timing.clock),
        "setup_cycles": .int(neuronMajor.setupCycles), "axon_cycles": .int(neuronMajor.axonCycles),
        "neuron_cycles": .int(neuronMajor.neuronCycles), "finish_cycles": .int(neuronMajor.finishCycles),
        "injection_queue": .int(timing.injectionQueue),
      ]
    }
    if let perEvent = timing.perEvent {
      values = [
        "kind": .text("perEvent"), "clock": .real(timing.clock),
        "input_cycles": .int(perEvent.inputCycles), "event_cycles": .int(perEvent.eventCycles),
        "access_cycles": .int(perEvent.accessCycles),
        "time_reference_cycles": .int(perEvent.timeReferenceCycles),
        "spike_cycles": .int(perEvent.spikeCycles), "visits": .text(perEvent.visits.rawValue),
        "injection_queue": .int(timing.injectionQueue),
      ]
    }
    switch timing.tick {
    case .barrier(let cycles):
      values["tick"] = .text("barrier")
      values["barrier_cycles"] = .int(cycles)
    case .period(let cycles, let late):
      values["tick"] = .text("period")
      values["tick_period"] = .int(cycles)
      values["late"] = .text(late.rawValue)
    }
    return values
  }

  private static func mesh(_ chip: Chip) -> HDF5Group {
    var group = part([
      "width": .int(chip.mesh.width), "height": .int(chip.mesh.height),
      "buffer_depth": .int(chip.mesh.bufferDepth), "hop_cycles": .int(chip.mesh.hopCycles),
      "credit_cycles": .int(chip.mesh.creditCycles), "injection_cycles": .int(chip.mesh.injectionCycles),
      "multicast": .int(chip.mesh.multicast ? 1 : 0),
    ])
    group.attributes["port_order"] = HDF5Dataset(chip.mesh.portOrder.map(Int64.init))
    return group
  }

  /// Only what is published; the names are those of docs/energy-model.md.
  private static func energy(_ energy: Chip.Energy) -> [String: Value] {
    var values: [String: Value] = [:]
    for component in energy.components {
      if let value = energy.value(component) { values[component.rawValue] = .real(value) }
    }
    return values
  }

  static func text(_ dataset: HDF5Dataset) -> String {
    let items = dataset.strings ?? dataset.int64s?.map { "\($0)" } ?? dataset.doubles?.map { "\($0)" } ?? []
    return items.joined(separator: " ")
  }
}
