import ChipModel
import Diagnostics
import Foundation
import NetworkIR
import Quantities

extension FanoutNetwork {
  /// The reports of `quantize` with what partitioning and splitters added.
  func codes(packetsPerSpike: [Double]) -> [PopulationCodes] {
    let quantized = partitioned.quantized
    var codes = quantized.populations.map(\.report)
    for p in codes.indices { codes[p].packetsPerSpike = packetsPerSpike[p] }
    for core in cores {
      for p in Set(core.neurons.filter { $0.splitter == nil }.map(\.population)) { codes[p].cores += 1 }
      for neuron in core.neurons {
        if neuron.isPartial { codes[neuron.population].partialNeurons += 1 }
        if neuron.splitter != nil { codes[neuron.population].splitterNeurons += 1 }
      }
    }
    for p in codes.indices {
      let rates = quantized.predictedRates(p)
      codes[p].closedFormHz = rates?.closedForm
      codes[p].withParasiticsHz = rates?.withParasitics
    }
    return codes
  }

  /// What is worth knowing although the program runs.
  func warnings(_ codes: [PopulationCodes]) -> [Diagnostic] {
    let quantized = partitioned.quantized
    var warnings: [Diagnostic] = []
    for code in codes {
      let subject = "population \(code.name)"
      if let witness = code.overflowWitness {
        warnings.append(
          Diagnostic(
            "compile.overflowNotProven", severity: .warning, subject: subject,
            problem: "a register could overflow for some input; it would saturate and be counted",
            found: witness, remedy: "Watch overflow in the run's report, or use fewer or smaller weights"))
      }
      if let dead = code.deadZone, dead > 0.01 {
        warnings.append(
          Diagnostic(
            "compile.deadZone", severity: .warning, subject: subject,
            problem: "the rounded leak stands still below a part of the threshold, which moves slow rates",
            found: percent(dead), expected: "at most 1 %",
            remedy: "Use a larger --dt, or a chip with more state bits"))
      }
      for (kind, error) in [("membrane", code.noise?.stepError), ("threshold", code.noise?.thresholdError)] {
        guard let error, abs(error) > 0.05 else { continue }
        warnings.append(
          Diagnostic(
            "compile.noise", severity: .warning, subject: subject,
            problem: "the code of its \(kind) noise is coarse", found: percent(error),
            expected: "within 5 %", remedy: "Choose a deviation that the chip can make, or another chip"))
      }
      if let error = code.leakCodeError, abs(error) > 0.01 {
        warnings.append(
          Diagnostic(
            "compile.leakCode", severity: .warning, subject: subject,
            problem: "the leak's code is coarse", found: percent(error), expected: "within 1 %",
            remedy: "Use a larger --dt so that the leak per tick is larger"))
      }
    }
    for population in quantized.legal.populations where population.isRelay {
      warnings.append(
        Diagnostic(
          "compile.relays", severity: .warning, subject: "population \(population.name)",
          problem: "the compiler's relay cells approximate sums of spikes that no core holds",
          found: "\(population.size) cells",
          remedy: "Measure what they cost with rheobase check, or use a chip with more axons or partial sums")
      )
    }
    for population in quantized.legal.populations where population.poissonIsEarly {
      warnings.append(
        Diagnostic(
          "compile.poissonEarly", severity: .warning, subject: "population \(population.name)",
          problem: "Poisson events act one tick earlier than --synapse-current old has them",
          remedy: "Rates do not change; compare spike times with --synapse-current new"))
    }
    for (k, connection) in quantized.connections.enumerated() where partitioned.lateness(k) > 0 {
      let late = partitioned.lateness(k)
      warnings.append(
        Diagnostic(
          "compile.feedbackLate", severity: .warning,
          subject: "population \(codes[connection.target].name)",
          problem: connection.isFeedback
            ? "feedback arrives later than in the network, because its cycle takes more ticks on a chip"
            : "spikes arrive later than in the network, because no pipeline window makes up for their way",
          found: "\(ticks(late)) later\(splitterNote(k))",
          remedy: "Compare with the reference (rheobase check)"
            + (splitterLateness(k) > 0
              ? ", or use a longer list of destinations (--set routing.destinationsPerNeuron)" : "")))
    }
    return warnings + additiveWarnings(codes)
  }

  /// How much of a connection's lateness splitters cause, as the end of a sentence.
  fileprivate func splitterNote(_ k: Int) -> String {
    let own = splitterLateness(k)
    guard own > 0 else { return "" }
    let part = own == partitioned.lateness(k) ? "" : "\(own) of it "
    return ", \(part)because splitters are on the way"
  }
}

extension FidelityManifest {
  /// Says of every pool that became relays that it is approximated.
  func withPoolRelays(_ network: Network) -> FidelityManifest {
    var relayed: Set<String> = []
    for projection in network.projections {
      guard case .pool = projection.maps[0], projection.unit == .held else { continue }
      let nodes = projection.path.dropFirst()
      if let first = nodes.first(where: { name in entries.contains { $0.node == name && $0.isPool } }) {
        relayed.insert(first)
      }
    }
    var result = self
    for k in result.entries.indices where relayed.contains(result.entries[k].node) {
      result.entries[k].fidelity = .approximated
      result.entries[k].note =
        "relay cells pass one spike of a window per tick: spikes that come together leave one after the other"
    }
    return result
  }

  /// Says of every population with relay cells before it that it is approximated, and by how much.
  func withFanInRelays(_ relaying: [FanInRelaying]) -> FidelityManifest {
    var result = self
    for entry in relaying {
      result.entries.append(
        Entry(
          node: "sources of \(entry.population)", type: "projection", fidelity: .approximated,
          note:
            "up to \(entry.fanIn) sources per neuron, some through \(entry.cells) relay cells, which hold back "
            + "about \(String(format: "%.3g", entry.residualRMS)) of the input's amplitude (rms)"))
    }
    return result
  }

  /// Adds what compiling decided: capacitances, voltages, lateness.
  func completed(
    _ fanout: FanoutNetwork, chip: Chip, parasitics: Parasitics
  ) -> FidelityManifest {
    let partitioned = fanout.partitioned
    var result = self
    result.readings.append(Reading(name: "chip", value: chip.name))
    result.readings.append(Reading(name: "parasitics", value: parasitics.rawValue))
    let network = partitioned.quantized
    for (p, population) in network.populations.enumerated() {
      let name = population.report.name
      let membrane = network.physical.membranes[p]
      if let volts = membrane.voltsPerUnit, network.legal.populations[p].capacitance == nil {
        result.readings.append(
          Reading(name: "voltage scale of \(name)", value: formatQuantity(volts, unit: "V") + " per unit"))
      }
      if let author = network.legal.populations[p].capacitance, let drawn = membrane.capacitance?.membrane,
        author != drawn
      {
        result.readings.append(
          Reading(
            name: "capacitance of \(name)",
            value: "conductance and currents scaled by \(drawn / author) from "
              + formatQuantity(author, unit: "F") + " to " + formatQuantity(drawn, unit: "F")))
      }
    }
    for (p, population) in network.legal.populations.enumerated() where population.isMemoryless {
      let kept = 1 - (network.physical.membranes[p].decay.min() ?? 1)
      guard kept > 0 else { continue }
      result.entries.append(
        Entry(
          node: population.name, type: population.model, fidelity: .approximated,
          note:
            "\(percent(kept)) of the potential stays until the next tick: the leak DAC cannot empty the membrane"
        ))
    }
    result.entries += fanout.additiveEntries()
    for population in network.populations {
      guard let noise = population.noise?.report else { continue }
      let parts = [
        ("uniform steps of the membrane", noise.stepError),
        ("bits of a mask on the threshold", noise.thresholdError),
      ].compactMap { kind, error in error.map { "\(kind), deviation \($0 < 0 ? "" : "+")\(percent($0))" } }
      result.entries.append(
        Entry(
          node: "noise of \(population.report.name)", type: "noise", fidelity: .approximated,
          note: "instead of Gaussian: \(parts.joined(separator: "; "))"))
    }
    for population in network.legal.populations where population.poissonIsEarly {
      result.entries.append(
        Entry(
          node: "Poisson stimulus into \(population.name)", type: "stimulus", fidelity: .approximated,
          note: "1 tick earlier than in the network"))
    }
    for (k, connection) in network.connections.enumerated() where partitioned.lateness(k) > 0 {
      result.entries.append(
        Entry(
          node:
            "\(connection.isFeedback ? "feedback" : "spikes") into \(network.populations[connection.target].report.name)",
          type: "connection",
          fidelity: .approximated,
          note: "\(ticks(partitioned.lateness(k))) later than in the network\(fanout.splitterNote(k))")
      )
    }
    return result
  }
}

extension FidelityManifest.Entry {
  fileprivate var isPool: Bool { type.hasSuffix("Pool2d") }
}

private func ticks(_ count: Int) -> String { "\(count) tick\(count == 1 ? "" : "s")" }

private func percent(_ x: Double) -> String { String(format: "%.2f %%", x * 100) }
