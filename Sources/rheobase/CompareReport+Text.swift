import Quantities
import Reports

extension CompareReport {
  /// The comparison that `rheobase compare` prints.
  var text: String {
    var text = labelledLines([("A", sideText(a)), ("B", sideText(b))])
    text +=
      "\(samples) \(samples == 1 ? "sample" : "samples") of \(ticks) ticks of "
      + "\(formatQuantity(dtSeconds, unit: "s"))\n\n"
    text += labelledLines(summaryLines) + "\n"
    text += countTable.text + "\n" + distanceTable.text
    return text
  }

  private func sideText(_ side: Side) -> String {
    var text = "\(side.path): \(side.kind == "record" ? "run record" : "spike file"), \(side.spikes) spikes"
    if let correct = side.correct, let accuracy = side.accuracy {
      text += ", \(correct) of \(samples) right, \(percent(accuracy))"
    }
    return text
  }

  private var summaryLines: [(label: String, text: String)] {
    var differing = differingSpikes == 0 ? "none" : "\(differingSpikes)"
    if let first = firstDifference {
      differing +=
        "; the first in sample \(first.sample), tick \(first.tick): \(first.population)[\(first.neuron)] "
      if first.spikesA > 0, first.spikesB > 0 {
        differing += "fired \(first.spikesA) in A, \(first.spikesB) in B"
      } else {
        differing += "fired only in \(first.spikesA > 0 ? "A" : "B")"
      }
    }
    var lines = [("differing spikes", differing)]
    if let sameClass { lines.append(("same class", "\(sameClass) of \(samples)")) }
    return lines
  }

  private var countTable: TextTable {
    var table = TextTable([
      ("population", .left), ("neurons", .right), ("spikes in A", .right), ("in B", .right),
      ("change", .right),
      ("differing", .right), ("rate in A", .right), ("in B", .right),
    ])
    for population in populations {
      table.add([
        population.name, "\(population.neurons)", "\(population.spikesA)", "\(population.spikesB)",
        population.spikesA > 0
          ? signedPercent(Double(population.spikesB - population.spikesA) / Double(population.spikesA)) : "",
        "\(population.differingSpikes)", hertz(population.hertzA), hertz(population.hertzB),
      ])
    }
    return table
  }

  private var distanceTable: TextTable {
    var table = TextTable([
      ("population", .left), ("SPIKE-distance", .right), ("ISI-distance", .right), ("SPIKE-sync", .right),
      ("van Rossum", .right), ("Victor-Purpura", .right),
    ])
    for population in populations {
      table.add(
        [population.name]
          + [
            population.spike, population.isi, population.spikeSync, population.vanRossum,
            population.victorPurpura,
          ].map { decimal($0, places: 4) })
    }
    return table
  }
}
