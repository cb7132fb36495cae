import Reports

extension CheckReport {
  /// The comparison that `rheobase check` prints.
  var text: String {
    var text =
      "\(network) in float64 against \(chipName), parasitics \(parasitics.rawValue): "
      + "\(samples) \(samples == 1 ? "sample" : "samples") of \(ticks) ticks\n\n"
    text += sideTable.text + "\n"
    text += labelledLines(summaryLines) + "\n"
    text += rateTable.text + "\n"
    text += codeTable(populations.map(\.codes)).text + overflowLines(populations.map(\.codes)) + "\n"
    text += changeTable.text
    if let ladder { text += "\n" + ladder.text + remedyText(remedies) }
    text += microText(populations.map(\.codes))
    if let mismatch { text += "\n" + mismatch.text }
    text += readingText(otherReadings, samples: samples)
    if let classes { text += "\n" + classTable(classes).text }
    return text
  }

  private var sideTable: TextTable {
    var table = TextTable([
      ("", .left), ("right", .right), ("accuracy", .right), ("output spikes", .right),
      ("output potential", .right),
      ("all spikes", .right),
    ])
    let sides = [("reference", reference), ("with parasitics", withParasitics), ("chip", chip)]
    for case (let name, let side?) in sides {
      table.add([
        name, side.correct.map { "\($0) of \(samples)" } ?? "", side.accuracy.map(percent) ?? "",
        side.outputSpikes.map { "\($0)" } ?? "", side.outputPotential.map { decimal($0, places: 4) } ?? "",
        "\(side.spikes)",
      ])
    }
    return table
  }

  private var summaryLines: [(label: String, text: String)] {
    var lines: [(label: String, text: String)] = []
    if let outputDeviation { lines.append(("output deviation", signedPercent(outputDeviation))) }
    if let sameClass { lines.append(("same class", "\(sameClass) of \(samples)")) }
    lines.append(
      (
        "mean rate error",
        "\(decimal(rateError.chosenHz, places: 3)) Hz per neuron; with nearest weight codes "
          + "\(decimal(rateError.nearestHz, places: 3)) Hz"
          + codesReferenceNote
      ))
    var differing = "\(differingSpikes)"
    if let first = firstDifference {
      differing +=
        "; the first in sample \(first.sample), tick \(first.tick): \(first.population)[\(first.neuron)] "
        + "fired only in the \(first.firedOnly)"
    }
    lines.append(("differing spikes", differing))
    lines.append(("overflow", overflow.text))
    return lines
  }

  private var codesReferenceNote: String {
    switch rateError.against {
    case "withParasitics": " (against float64 with the same parasitics)"
    case "chipDt": " (against float64 with the chip's ticks)"
    default: ""
    }
  }

  private var rateTable: TextTable {
    var table = TextTable([
      ("population", .left), ("reference", .right), ("with parasitics", .right), ("chip", .right),
      ("change", .right), ("error per neuron", .right), ("with nearest codes", .right),
    ])
    for population in populations where population.codes.fires {
      table.add([
        population.name, hertz(population.referenceHz), population.withParasiticsHz.map(hertz) ?? "",
        hertz(population.chipHz),
        population.referenceHz > 0
          ? signedPercent((population.chipHz - population.referenceHz) / population.referenceHz) : "",
        decimal(population.rateErrorHz, places: 3) + " Hz",
        decimal(population.nearestRateErrorHz, places: 3) + " Hz",
      ])
    }
    return table
  }

  /// What has become of single neurons and of spike trains.
  private var changeTable: TextTable {
    var table = TextTable([
      ("population", .left), ("clipped weights", .right), ("dead", .right), ("always on", .right),
      ("duplicates", .right), ("van Rossum", .right), ("Victor-Purpura", .right), ("ISI", .right),
      ("SPIKE", .right), ("SPIKE sync", .right),
    ])
    for population in populations {
      let distance = population.distance
      func cell(_ value: Double?) -> String { value.map { decimal($0, places: 4) } ?? "" }
      table.add([
        population.name, "\(population.codes.clippedWeights)", "\(population.neurons.dead.count)",
        "\(population.neurons.alwaysOn.count)", "\(population.neurons.duplicateCount)",
        cell(distance?.vanRossum), cell(distance?.victorPurpura), cell(distance?.isi), cell(distance?.spike),
        cell(distance?.spikeSync),
      ])
    }
    return table
  }

  private func classTable(_ classes: [ClassAccuracy]) -> TextTable {
    var table = TextTable([
      ("class", .right), ("samples", .right), ("reference", .right), ("chip", .right), ("change", .right),
    ])
    for entry in classes {
      let change = entry.chipCorrect - entry.referenceCorrect
      table.add([
        "\(entry.label)", "\(entry.samples)", "\(entry.referenceCorrect)", "\(entry.chipCorrect)",
        change > 0 ? "+\(change)" : "\(change)",
      ])
    }
    return table
  }
}
