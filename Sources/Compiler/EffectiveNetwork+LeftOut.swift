import ChipModel
import Diagnostics
import FixedPoint
import NetworkIR
import Quantities

extension QuantizedNetwork {
  /// What the chip does to these codes that real numbers in the same equations do not: one note for each kind, with the
  /// populations that it concerns.
  func leftOut(chip: Chip) -> [Diagnostic] {
    func note(_ kind: String, _ problem: String, _ text: (QuantizedPopulation) -> String?) -> Diagnostic? {
      let found = populations.compactMap { population in
        text(population).map { "\(population.report.name) \($0)" }
      }
      if found.isEmpty { return nil }
      let shown = found.prefix(4).joined(separator: ", ") + (found.count > 4 ? ", …" : "")
      return Diagnostic(
        "effective.\(kind)", severity: .note, problem: "what the exported numbers leave out: \(problem)",
        found: shown)
    }
    let lowest = signedRange(bits: chip.datapath.stateBits).lowerBound
    return [
      note("rounding", "each tick rounds leak and input to whole codes") { population in
        population.report.thresholdCode.map { "\($0) codes to the threshold" }
      },
      note("leak", "the leak per tick is a constant, and the exported one is the author's") { population in
        population.constantLeak.flatMap { leak in leak.pull.max() }.map {
          "\(formatQuantity($0, unit: ""))"
        }
      },
      note("floor", "membranes stop at a lowest value") { population in
        guard let floor = population.floor.max(), Int64(floor) > Int64(lowest) else { return nil }
        return "at \(formatQuantity(Double(floor) / population.scale, unit: ""))"
      },
      note("kick", "a neighbour's reset pulls the membrane down") { population in
        guard let kick = population.kick.max(), kick > 0 else { return nil }
        return "by \(formatQuantity(Double(kick) / population.scale, unit: ""))"
      },
      note("resetResidue", "a spike takes off less or more than the threshold") { population in
        guard population.kind == .spiking, population.resetMode == .subtract else { return nil }
        let difference = zip(population.reset, population.threshold).map {
          $0 - ($1 - population.comparisonShift)
        }
        guard let largest = difference.max(by: { abs($0) < abs($1) }), largest != 0 else { return nil }
        return "\(formatQuantity(Double(-largest) / population.scale, unit: "")) less"
      },
      note("saturation", "a register may saturate") { population in
        population.report.overflowProven ? nil : "(\(population.report.overflowWitness ?? ""))"
      },
    ].compactMap { $0 }
  }
}
