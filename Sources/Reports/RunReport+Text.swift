import Quantities

extension RunReport {
  /// The summary that `rheobase run` prints.
  public var text: String {
    var text =
      "\(program)\(chip.map { " on \($0)" } ?? ""): \(samples) \(samples == 1 ? "sample" : "samples") of \(ticks) ticks of "
      + "\(formatQuantity(dtSeconds, unit: "s")), \(chipTicks) chip ticks each\n\n"
    text += labelledLines(summaryLines)
    if !rates.populations.isEmpty { text += "\n" + rateTable.text }
    text += "\n" + energyTable.text
    if let flits = mesh.routerFlits { text += "\n" + HeatMap(flits: flits).text }
    if mesh.late != nil { text += "\n" + mesh.lateText }
    return text
  }

  private var summaryLines: [(label: String, text: String)] {
    var lines: [(label: String, text: String)] = []
    if let correct, let accuracy {
      lines.append(("accuracy", "\(correct) of \(samples) right, \(percent(accuracy))"))
    }
    let most = energy.isComplete ? "" : "at least "
    lines.append(
      (
        "energy",
        "\(most)\(formatQuantity(energy.perSampleJoules, unit: "J")) per sample, "
          + "\(most)\(formatQuantity(energy.totalJoules, unit: "J")) in all"
      ))
    var timeText =
      "\(formatQuantity(time.perSampleSeconds, unit: "s")) per sample, \(formatQuantity(time.seconds, unit: "s"))"
      + " in all, \(time.cycles) cycles at \(formatQuantity(time.clockHertz, unit: "Hz"))"
    if let core = time.slowestCore {
      timeText += "; slowest core (\(core.x),\(core.y)), busy \(percent(core.utilization))"
    }
    lines.append(("time", timeText))
    var meshText = "\(mesh.packets) packets, \(mesh.flitHops) hops"
    if mesh.isIdeal == true { meshText = "ideal: packets arrive at once, no time modelled; " + meshText }
    if let latency = mesh.latencyCycles {
      meshText +=
        "; latency mean \(decimal(latency.mean, places: 1)), median \(latency.p50), 99 % \(latency.p99), "
        + "longest \(latency.max) cycles"
    }
    if let late = mesh.latePackets { meshText += "; \(late) late, \(mesh.droppedPackets ?? 0) dropped" }
    lines.append(("mesh", meshText))
    if let congestion = mesh.congestionText { lines.append(("links", congestion)) }
    var spikeText = "\(spikes.total) fired, \(spikes.inputEvents) input events"
    if let output = spikes.output { spikeText += ", \(output) at the outputs" }
    if let repeated = spikes.splitters { spikeText += ", \(repeated) repeated by splitters" }
    if let poisson = spikes.poissonEvents { spikeText += ", \(poisson) Poisson events" }
    lines.append(("spikes", spikeText))
    lines.append(("overflow", overflow.text))
    return lines
  }

  private var rateTable: TextTable {
    var table = TextTable([
      ("population", .left), ("model", .left), ("neurons", .right), ("spikes", .right), ("mean rate", .right),
      ("closed form", .right), ("with parasitics", .right), ("integer codes", .right),
    ])
    for population in rates.populations {
      table.add([
        population.name, population.model, "\(population.neurons)", "\(population.spikes)",
        hertz(population.meanHz), population.closedFormHz.map(hertz) ?? "",
        population.withParasiticsHz.map(hertz) ?? "", population.quantizedHz.map(hertz) ?? "",
      ])
    }
    return table
  }

  private var energyTable: TextTable {
    var table = TextTable([
      ("component", .left), ("events", .right), ("per event", .right), ("energy", .right), ("share", .right),
    ])
    for item in energy.breakdown {
      let constant =
        item.perEventJoules.map { formatQuantity($0, unit: "J") }
        ?? item.staticWatts.map { formatQuantity($0, unit: "W") } ?? "unknown"
      let share = item.joules.map { energy.totalJoules > 0 ? percent($0 / energy.totalJoules) : "" }
      table.add([
        item.component, "\(item.events)", constant,
        item.joules.map { formatQuantity($0, unit: "J") } ?? "unknown", share ?? "",
      ])
    }
    table.add([
      "total", "", "",
      (energy.isComplete ? "" : "at least ") + formatQuantity(energy.totalJoules, unit: "J"),
    ])
    return table
  }
}

extension MeshReport {
  /// What held packets up; nil when no packet crossed the mesh or the record does not say.
  var congestionText: String? {
    guard let stallCycles, let fifoPeak else { return nil }
    var text =
      "fullest FIFO \(fifoPeak.flits) \(fifoPeak.flits == 1 ? "flit" : "flits") at (\(fifoPeak.x),\(fifoPeak.y)) \(fifoPeak.port)"
    if let worst = worstStall {
      text +=
        "; \(stallCycles) cycles stalled without a credit, most at (\(worst.x),\(worst.y)) \(worst.port): "
        + "\(worst.cycles)"
    } else {
      text += "; never stalled for a credit"
    }
    return text
  }
}

extension OverflowReport {
  /// "none", or what saturated how often.
  public var text: String {
    let counts = [
      ("axon count", axon), ("accumulator", accumulator), ("synapse", synapse), ("state", state),
      ("register", register), ("spikes per tick", lostSpikes),
    ].filter { $0.1 > 0 }
    let saturated = counts.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
    let floor = floorClamps > 0 ? "; membrane stopped at its floor \(floorClamps) times" : ""
    return (saturated.isEmpty ? "none" : "saturated: " + saturated) + floor
  }
}
