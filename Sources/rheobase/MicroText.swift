import Compiler
import Quantities
import Reports

/// What the compiler chose for the populations that run programs, and how far these can be from their equations; empty
/// where there are none.
func microText(_ populations: [PopulationCodes]) -> String {
  populations.compactMap { codes in codes.microcode.map { "\n" + $0.text(codes.name) } }.joined()
}

extension MicroReport {
  fileprivate func text(_ name: String) -> String {
    let scheme =
      "\(scheme.rule.rawValue), \(scheme.passes) \(scheme.passes == 1 ? "pass" : "passes") per tick"
    var lines: [(label: String, text: String)] = [
      ("program of \(name)", "\(instructions) instructions, \(constants) constants, \(registers) registers"),
      ("scheme", scheme),
      (
        "cost per tick",
        "\(instructionsPerTick) instructions, \(cyclesPerTick) cycles"
          + (energyPerTick.map { ", \(formatQuantity($0, unit: "J"))" } ?? "")
      ),
      ("analysed currents", currents),
    ]
    for variable in variables {
      lines.append(
        (
          "variable \(variable.name)",
          "code / 2^\(variable.fractionBits) \(variable.unit), seen in "
            + "\(short(variable.lowest)) to \(short(variable.highest)); moved by at most "
            + "\(short(variable.roundingPerTick)) per tick (bound)"
        ))
    }
    for table in tables {
      lines.append(
        (
          "exponential",
          "\(table.entries) entries from \(short(table.from)) to \(short(table.to)), within "
            + "\(percent(table.relativeError)) (bound)"
        ))
    }
    if let cut = cutOffMillivolts, let early = earlyMilliseconds {
      lines.append(
        ("cut-off", "\(short(cut)) mV, at most \(short(early)) ms before the model's peak (bound)"))
    }
    if let stretch = lastStretchMillivolts {
      lines.append(
        ("last stretch", "from \(short(stretch)) mV the spike is certain and at most 1 ms away (bound)"))
    }
    lines.append(
      (
        "rounding",
        "as much as a current of \(short(currentError)) \(currentUnit) at most (bound)"
          + (rateErrorOfRounding.map { "; \(percent($0)) of the rate (estimate)" } ?? "")
      ))
    lines.append(("steps", "\(percent(rateErrorOfSteps)) of the rate (estimate)"))
    return labelledLines(lines)
  }

  private var currents: String {
    lowestCurrent == highestCurrent
      ? "\(short(lowestCurrent)) \(currentUnit)"
      : "\(short(lowestCurrent)) to \(short(highestCurrent)) \(currentUnit)"
  }

  /// Four digits.
  private func short(_ value: Double) -> String { formatQuantity(value, unit: "") }
}
