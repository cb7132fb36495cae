import Diagnostics
import Foundation
import NetworkIR

// What chips of few weights and constant leaks make of a network.

extension FanoutNetwork {
  /// Axons that the sources of a population take, and the sources; nil where each takes one of its own weights.
  private func typedAxons(_ p: Int) -> (axons: Int, sources: Int, most: Int)? {
    let quantized = partitioned.quantized
    guard quantized.populations[p].sharesWeights else { return nil }
    var axons: [[Int]: Int] = [:]
    for (c, core) in partitioned.cores.enumerated() {
      for (axon, synapses) in zip(core.axons, core.synapses) {
        guard let k = axon.connection, quantized.axons.connections[k].target == p, !synapses.isEmpty else {
          continue
        }
        axons[[c, quantized.axons.whole[k], axon.source], default: 0] += 1
      }
    }
    return (axons.values.reduce(0, +), axons.count, axons.values.max() ?? 0)
  }

  /// Warnings of this kind.
  func additiveWarnings(_ codes: [PopulationCodes]) -> [Diagnostic] {
    codes.enumerated().compactMap { p, code in
      guard let found = typedAxons(p), found.axons > found.sources else { return nil }
      return Diagnostic(
        "compile.axonTypes", severity: .note, subject: "population \(code.name)",
        problem:
          "its sources take several axons, one per type, so that its weights come near to what they should be",
        found:
          "\(found.axons) axons for \(found.sources) sources; \(percent(code.weightErrorRMS)) of the largest weight (rms)"
      )
    }
  }

  /// Entries of the manifest: constant leaks, and weights that are sums of a few.
  func additiveEntries() -> [FidelityManifest.Entry] {
    let quantized = partitioned.quantized
    var entries: [FidelityManifest.Entry] = []
    for (p, population) in quantized.populations.enumerated() {
      let name = population.report.name
      if let leak = population.constantLeak, let decay = quantized.legal.populations[p].decay.max() {
        entries.append(
          FidelityManifest.Entry(
            node: "leak of \(name)", type: quantized.legal.populations[p].model, fidelity: .approximated,
            note: leak.note(decay: decay, dt: quantized.legal.network.dynamics.dt)))
      }
      if let found = typedAxons(p) {
        entries.append(
          FidelityManifest.Entry(
            node: "weights into \(name)", type: "projection", fidelity: .approximated,
            note:
              "each is a sum of up to \(found.most) of the neuron's own few; \(found.sources) sources take \(found.axons) axons; "
              + "\(percent(population.report.weightErrorRMS)) of the largest weight (rms)"))
      }
    }
    return entries
  }
}

extension ConstantLeak {
  /// What the constant does to a steady drive: see `ConstantLeak` for both numbers.
  fileprivate func note(decay: Double, dt: Double) -> String {
    let most = (1 - Self.operatingPoint) * decay / dt
    let strong = (0.5 - Self.operatingPoint) * decay / dt
    return
      "a constant, as strong as the network's at \(Self.operatingPoint) of the way from reset to threshold; for steady drives at most "
      + String(
        format: "%.3g Hz too fast (where the network's neuron only just fires), %.3g Hz for strong ones",
        most, strong)
  }
}

private func percent(_ x: Double) -> String { String(format: "%.2f %%", x * 100) }
