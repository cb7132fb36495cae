import Emulator
import Observations
import Quantities
import Reports

/// What `run --profile` adds to the report: where the host's time went, and how fast it was beside what the machine can do.
///
/// Not part of the report's document, because it differs from run to run.
struct ProfileText {
  private let profile: RunProfile
  private let operations: UInt64
  private let updates: UInt64
  private let hops: UInt64
  private let packets: UInt64
  private let prediction: Prediction?

  /// - Parameter prediction: what was predicted of this run, if anything was.
  init(_ profile: RunProfile, _ record: RunRecord, _ prediction: Prediction?) {
    self.profile = profile
    self.prediction = prediction
    operations = record.coreCounters.reduce(0) { $0 + $1.synapticOperations }
    updates = record.coreCounters.reduce(0) { $0 + $1.neuronUpdates }
    hops = record.isMeshIdeal ? 0 : record.counters.hops + record.counters.delivered
    packets = record.counters.packets
  }

  var text: String {
    let limits = HostLimits.measured()
    let seconds = profile.processorSeconds
    var lines = [
      "host      \(formatQuantity(seconds, unit: "s")) of processor time in \(formatQuantity(profile.wallSeconds, unit: "s")), "
        + "\(profile.ticks) ticks: \(rate(Double(profile.ticks), seconds, "ticks"))"
    ]
    if let prediction { lines.append(predicted(prediction, measured: seconds)) }
    let done: [RunProfile.Phase: (count: UInt64, name: String)] = [
      .integrate: (operations, "synaptic operations"), .update: (updates, "neurons"),
      .mesh: (hops, "hops and deliveries"),
    ]
    for phase in RunProfile.Phase.allCases {
      let share = profile.shares[phase.rawValue]
      var line = "  \(padded("\(phase)", 10))\(padded(percent(share), 9))"
      if let (count, name) = done[phase], count > 0 { line += rate(Double(count), seconds * share, name) }
      if phase == .update, profile.restingUpdates > 0 {
        line += ", \(percent(Double(profile.restingUpdates) / Double(updates))) of them at rest"
      }
      lines.append(line)
    }
    lines.append(
      "  this machine, one thread: \(rate(limits.denseOperations, 1, "synaptic operations")) in full rows, "
        + "\(rate(limits.sparseOperations, 1, "")) in lists, \(rate(limits.neurons, 1, "neurons"))")
    lines.append("  phases: every \(RunProfile.period)th tick was measured")
    return lines.joined(separator: "\n") + "\n"
  }

  /// The prediction beside what it was of, and what it was made of.
  private func predicted(_ prediction: Prediction, measured: Double) -> String {
    let error = measured > 0 ? prediction.seconds / measured - 1 : 0
    let pilot =
      prediction.wholeSamples > 1
      ? "\(prediction.wholeSamples) samples"
      : prediction.wholeSamples == 1 ? "one sample" : "the first \(prediction.pilotTicks) ticks"
    return
      "  predicted \(formatQuantity(prediction.seconds, unit: "s")), \(signedPercent(error)): the model's "
      + "\(formatQuantity(prediction.modelSeconds, unit: "s")) times \(decimal(prediction.pace, places: 2)), by a pilot of \(pilot)"
  }

  private func rate(_ count: Double, _ seconds: Double, _ name: String) -> String {
    guard seconds > 0 else { return "" }
    let text = formatQuantity(count / seconds, unit: "")
    return name.isEmpty ? "\(text)/s" : "\(text) \(name)/s"
  }

  private func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.count))
  }
}
