import Quantities
import Reports

extension Ladder {
  /// The table of causes, and the sentence that names the main one.
  var text: String {
    guard whole != whole - whole else {
      return "every spike of the chip is the reference's: there is no deviation to explain\n"
    }
    var table = TextTable([
      ("cause of deviation", .left), ("output", .right), ("rate error", .right), ("spikes", .right),
      ("distance", .right), ("share", .right), ("alone", .right), ("interaction", .right), ("right", .right),
    ])
    for rung in rungs where isShown(rung) {
      table.add(row(rung.cause.name, rung.increment, alone: rung.alone, interaction: rung.interaction))
    }
    table.add(row("all", whole, alone: whole - interaction, interaction: interaction))
    return table.text + "\n" + sentences
  }

  /// Whether a cause has a line: it acts, or what it is the remainder of is not zero.
  private func isShown(_ rung: Rung) -> Bool {
    !(rung.isIdle || rung.cause == .updateForm) || rung.increment != whole - whole
  }

  private func row(_ name: String, _ part: Measures, alone: Measures, interaction: Measures) -> [String] {
    [
      name, part.outputDeviation.map(signedPercent) ?? "", decimal(part.rateErrorHz, places: 3) + " Hz",
      "\(part.differingSpikes)", decimal(part.spikeDistance, places: 4),
      whole.spikeDistance > 0 ? percent(part.spikeDistance / whole.spikeDistance) : "",
      decimal(alone.spikeDistance, places: 4), decimal(interaction.spikeDistance, places: 4),
      part.correct.map { $0 > 0 ? "+\($0)" : "\($0)" } ?? "",
    ]
  }

  private var sentences: String {
    var text = ""
    if let mainCause, let mainShare, let rung = rung(mainCause) {
      text +=
        "Main cause: the \(mainCause.name), \(percent(mainShare)) of the spike distance "
        + "(\(decimal(rung.increment.spikeDistance, places: 4)) of \(decimal(whole.spikeDistance, places: 4)) per neuron).\n"
    }
    let zero = rungs.filter { !isShown($0) }.map { rung in
      rung.cause == .dt
        ? "\(rung.cause.name) (the reference has the chip's \(formatQuantity(dtSeconds, unit: "s")))"
        : rung.cause.name
    }
    if !zero.isEmpty { text += "Nothing comes from: \(zero.joined(separator: ", ")).\n" }
    return text
  }
}
