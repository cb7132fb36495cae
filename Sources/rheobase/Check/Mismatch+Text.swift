import Quantities
import Reports

extension MismatchReport {
  /// The spread that `rheobase check` prints.
  var text: String {
    var text =
      "Devices that differ: capacitance \(percent(sigmas.capacitance)), leak \(percent(sigmas.leak)), threshold "
      + "\(formatQuantity(sigmas.thresholdVolts, unit: "V")), weight \(percent(sigmas.weight)) (standard "
      + "deviations; core model, without cores and mesh)\n"
    if let instances {
      text += "\n\(instances) chips drawn with seed \(seed ?? 0):\n\n" + spreadTable.text
      if let yield { text += "\nyield  \(percent(yield)) of the chips hold the bounds given\n" }
    }
    if let corners { text += "\n" + cornerText(corners) }
    return text + "\n"
  }

  private var spreadTable: TextTable {
    var table = TextTable([
      ("", .left), ("alike", .right), ("mean", .right), ("least", .right), ("5 %", .right), ("50 %", .right),
      ("95 %", .right), ("most", .right),
    ])
    func add(_ name: String, _ nominal: Double?, _ spread: Spread?, _ format: (Double) -> String) {
      guard let nominal, let spread else { return }
      let values = [
        nominal, spread.mean, spread.minimum, spread.p5, spread.p50, spread.p95, spread.maximum,
      ]
      table.add([name] + values.map(format))
    }
    add("accuracy", nominal.accuracy, accuracy, percent)
    add("output deviation", nominal.outputDeviation, outputDeviation, signedPercent)
    for population in populations {
      add("rate of \(population.name)", population.nominalHz, population.hertz, hertz)
    }
    return table
  }

  /// The worst corners; the document has all.
  private func cornerText(_ corners: [CornerResult]) -> String {
    let sigmas = abs(corners.first?.offsets.capacitance ?? 0)
    var table = TextTable([
      ("capacitance", .right), ("leak", .right), ("threshold", .right), ("weight", .right),
      ("accuracy", .right),
      ("output deviation", .right),
    ])
    func sign(_ offset: Double) -> String { offset < 0 ? "low" : "high" }
    for result in corners.prefix(4) {
      table.add([
        sign(result.offsets.capacitance), sign(result.offsets.leak), sign(result.offsets.threshold),
        sign(result.offsets.weight), result.chip.accuracy.map(percent) ?? "",
        result.chip.outputDeviation.map(signedPercent) ?? "",
      ])
    }
    return
      "Corners, all devices of a kind \(decimal(sigmas, places: 0)) standard deviations off, the worst first:\n\n"
      + table.text
  }
}
