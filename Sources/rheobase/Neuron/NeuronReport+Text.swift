import Quantities
import ReferenceModel
import Reports

extension NeuronReport {
  /// For a person: the figures without the traces.
  var text: String {
    var lines: [(label: String, text: String)] = [
      ("model", "\(model), \(title)"), ("preset", "\(preset): \(presetSource)"),
    ]
    for (index, equation) in equations.enumerated() {
      lines.append((index == 0 ? "equations" : "", equation))
    }
    let values = parameters.map { parameter in
      "\(parameter.name) \(figure(parameter.value, parameter.unit))"
        + (changed.contains(parameter.name) ? " (set)" : "")
    }
    for (index, row) in rows(of: values).enumerated() { lines.append((index == 0 ? "parameters" : "", row)) }
    lines.append(("trace", traceText))
    if let scriptSpikes {
      lines.append(
        ("1 ms script", "\(scriptSpikes.count) spikes" + list(scriptSpikes.map { "\($0)" }, unit: "ms")))
    }
    for (label, points) in [("without current", equilibriaAtRest), ("under it", equilibria)] {
      if points.isEmpty { lines.append((label, "no equilibrium")) }
      for (index, point) in points.enumerated() { lines.append((index == 0 ? label : "", pointText(point))) }
    }
    for (index, turn) in bifurcations.enumerated() {
      lines.append((index == 0 ? "bifurcations" : "", turnText(turn)))
    }
    if let outputRates { return labelledLines(lines) + "\n" + outputTable(outputRates) }
    lines += excitabilityLines
    return labelledLines(lines) + "\n" + rateTable + (noisyRates.map { "\n" + noisyTable($0) } ?? "")
      + (strengthDuration.isEmpty ? "" : "\n" + strengthTable)
  }

  func figure(_ value: Double, _ unit: String, digits: Int = 6) -> String {
    formatQuantity(value, unit: "", digits: digits) + (unit.isEmpty ? "" : " " + unit)
  }

  /// Lines of at most 90 characters.
  private func rows(of words: [String]) -> [String] {
    var rows: [String] = []
    for word in words {
      if let last = rows.last, last.count + word.count + 2 <= 90 {
        rows[rows.count - 1] = last + ", " + word
      } else {
        rows.append(word)
      }
    }
    return rows
  }

  /// ": first, second, … unit" with at most ten entries.
  private func list(_ times: [String], unit: String) -> String {
    guard !times.isEmpty else { return "" }
    return " at " + times.prefix(10).joined(separator: ", ") + (times.count > 10 ? ", ..." : "")
      + (unit.isEmpty ? "" : " " + unit)
  }

  private var traceText: String {
    let stimulus = "\(figure(trace.current, units.current)) for \(figure(trace.duration, units.time))"
    if let last = trace.rates?.last {
      return "\(stimulus): ends at \(figure(last, outputUnit))"
    }
    let count = trace.spikeTimes.count
    return stimulus + ": \(count) \(count == 1 ? "spike" : "spikes")"
      + list(trace.spikeTimes.map { figure($0, "") }, unit: units.time)
  }

  private func pointText(_ point: Point) -> String {
    let state = zip(trace.variables, point.state).map { "\($0.name) \(figure($1, $0.unit))" }
    let values = point.eigenvalues.filter { $0.imaginary >= 0 }.map { value in
      figure(value.real, "", digits: 4)
        + (value.imaginary == 0 ? "" : " +- \(figure(value.imaginary, "", digits: 4))i")
    }
    return
      "\(point.kind.rawValue) at \(state.joined(separator: ", ")); eigenvalues \(values.joined(separator: ", "))"
  }

  private func turnText(_ turn: Turn) -> String {
    "\(turn.kind.rawValue) at \(figure(turn.current, units.current)), "
      + figure(turn.potential, trace.variables[0].unit) + (turn.endsRest ? "; rest ends here" : "")
  }

  private var excitabilityLines: [(label: String, text: String)] {
    let steps = "steps of \(figure(stepDuration, units.time))"
    var lines: [(label: String, text: String)] = []
    if let rheobase {
      let how = rheobase.isExact ? "exact" : "one spike, \(steps)"
      lines.append(("rheobase", "\(figure(rheobase.current, units.current)) (\(how))"))
    } else {
      lines.append(("rheobase", "none: no rest without current, or no spike up to the largest current"))
    }
    lines.append(
      (
        "repetitive firing",
        repetitiveOnset.map { "from \(figure($0, units.current)) (\(steps))" } ?? "none found, \(steps)"
      ))
    lines.append(("chronaxie", chronaxie.map { figure($0, units.time) } ?? "not defined"))
    lines.append(
      (
        "excitability",
        [excitabilityClass.map { "class \($0.rawValue)" }, response?.rawValue].compactMap { $0 }
          .joined(separator: ", ")
      ))
    if lines.last?.text.isEmpty == true {
      lines[lines.count - 1].text = "not defined: no rest without current"
    }
    return lines
  }

  private var rateTable: String {
    let time = units.time.isEmpty ? "" : " \(units.time)"
    var table = TextTable([
      ("I" + (units.current.isEmpty ? "" : " \(units.current)"), .right), ("spikes", .right),
      ("first" + time, .right), ("first ISI" + time, .right), ("last ISI" + time, .right),
      ("rate \(units.rate)", .right),
    ])
    for rate in rates {
      table.add([
        figure(rate.current, ""), "\(rate.spikes)", rate.firstSpike.map { figure($0, "") } ?? "-",
        rate.firstInterval.map { figure($0, "") } ?? "-", rate.lastInterval.map { figure($0, "") } ?? "-",
        figure(rate.rate, ""),
      ])
    }
    return table.text
  }

  private var strengthTable: String {
    let time = units.time.isEmpty ? "" : " \(units.time)"
    var table = TextTable([
      ("pulse" + time, .right),
      ("threshold" + (units.current.isEmpty ? "" : " \(units.current)"), .right),
    ])
    for pulse in strengthDuration { table.add([figure(pulse.duration, ""), figure(pulse.current, "")]) }
    return table.text
  }
}
