import Foundation
import Quantities
import Reports

extension SurveyReport {
  /// One row per chip, then what the rows leave open: unknown energies, approximations, limits.
  var text: String {
    var text =
      "\(network) on \(chips.count) of \(chips.count + refused.count) chips: \(samples) "
      + "\(samples == 1 ? "sample" : "samples") of \(ticks) ticks of \(formatQuantity(dtSeconds, unit: "s"))\n\n"
    text += table.text
    if chips.contains(where: { !$0.unknownEnergies.isEmpty }) {
      text += "\nenergies that nobody has published, which \"at least\" leaves out\n"
      text += labelledLines(
        chips.filter { !$0.unknownEnergies.isEmpty }.map {
          ("  " + $0.chip, $0.unknownEnergies.joined(separator: ", "))
        })
    }
    for chip in chips where !chip.approximated.isEmpty || !chip.warnings.isEmpty {
      text += "\n\(chip.chip)\n"
      for entry in chip.approximated {
        text += "  \(entry.node) (\(entry.type)): \(entry.fidelity.rawValue): \(entry.note ?? "")\n"
      }
      for warning in chip.warnings { text += "  \(warning.formatted)\n" }
    }
    for refusal in refused {
      text += "\n\(refusal.chip) does not hold the network\n"
      for limit in refusal.limits { text += "  \(limit.formatted)\n" }
    }
    return text
  }

  private var table: TextTable {
    var table = TextTable([
      ("chip", .left), ("accuracy", .right), ("rate error", .right), ("energy", .right), ("time", .right),
      ("cores", .right), ("weight error", .right), ("leak error", .right), ("threshold error", .right),
      ("approximated", .right), ("overflow", .left), ("fidelity", .left),
    ])
    table.add(["float64", reference.accuracy.map(percent) ?? ""])
    for chip in chips {
      table.add([
        chip.chip, chip.accuracy.map(percent) ?? "", chip.rateError.map(percent) ?? "",
        energyText(chip),
        formatQuantity(chip.seconds, unit: "s"), "\(chip.cores) of \(chip.chipCores)",
        percent(chip.weightErrorRMS), chip.leakError.map(signedPercent) ?? "",
        chip.thresholdError.map(signedPercent) ?? "",
        chip.approximated.isEmpty
          ? "none" : "\(chip.approximated.count) \(chip.approximated.count == 1 ? "node" : "nodes")",
        chip.overflow.saturations == 0 ? "none" : "\(chip.overflow.saturations) times", chip.fidelity,
      ])
    }
    return table
  }

  private func energyText(_ chip: Entry) -> String {
    if chip.energyJoules == 0 && !chip.unknownEnergies.isEmpty { return "unknown" }
    return (chip.unknownEnergies.isEmpty ? "" : "at least ") + formatQuantity(chip.energyJoules, unit: "J")
  }

  /// Accuracy against energy per inference. A ring is a chip with unknown energies, whose place is a least one; one of
  /// which no energy is known has no place and stands below.
  var drawing: String {
    let points = chips.compactMap { chip in
      chip.accuracy.flatMap { accuracy in
        chip.energyJoules > 0 ? (chip, (log10(chip.energyJoules), accuracy * 100)) : nil
      }
    }
    var panel = SVGPanel(
      number: 1, x: 80, y: 40, width: 600, height: 360,
      horizontal: SVGPanel.range(of: points.map(\.1.0)),
      vertical: SVGPanel.range(of: points.map(\.1.1) + [(reference.accuracy ?? 0) * 100]))
    if let accuracy = reference.accuracy {
      let range = panel.horizontal
      panel.line([(range.lowerBound, accuracy * 100), (range.upperBound, accuracy * 100)], color: "#999999")
    }
    for (chip, point) in points {
      panel.dot(point, color: "#0072B2", filled: chip.unknownEnergies.isEmpty)
      panel.name(chip.chip, at: point)
    }
    let body = panel.svg(
      title: "\(network): accuracy against energy", across: "energy per inference, log10 of joules",
      up: "accuracy, %")
    let placeless = chips.filter { $0.energyJoules <= 0 && $0.accuracy != nil }
    let rest = placeless.map { "\($0.chip) \(percent($0.accuracy ?? 0))" }.joined(separator: ", ")
    let restLine =
      placeless.isEmpty ? "" : "\n<text x=\"80\" y=\"480\" fill=\"#444\">energy unknown: \(rest)</text>"
    return """
      <svg xmlns="http://www.w3.org/2000/svg" width="720" height="490" font-family="sans-serif" font-size="12">
      <rect width="100%" height="100%" fill="white"/>
      \(body)<text x="80" y="462" fill="#444">ring: at least this energy, some of it is unpublished; line: float64</text>\(restLine)
      </svg>

      """
  }
}
