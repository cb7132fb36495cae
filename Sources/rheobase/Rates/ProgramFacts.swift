import Compiler
import Reports

extension PopulationPrediction {
  /// Deviations and flags of a population whose neurons run a program.
  mutating func judgeProgram(_ report: MicroReport?) {
    let columns = known
    for (from, to) in zip(columns, columns.dropFirst()) {
      guard let before = self[from], let after = self[to] else { continue }
      let cause: String =
        if after == before {
          "none"
        } else if to == .quantizedHz, let report {
          "the program: \(report.scheme.rule.rawValue) steps (about \(percent(report.rateErrorOfSteps))), rounding"
            + (report.rateErrorOfRounding.map { " (about \(percent($0)))" } ?? "")
            + ", and the ends of the count"
        } else {
          "the ends of the stretches that are counted"
        }
      deviations.append(
        Deviation(
          from: from, to: to, hertz: after - before, relative: before > 0 ? after / before - 1 : nil,
          cause: cause))
    }
    if let rate = meanHz, rate < 0.01 {
      flags.append(Flag(id: .silent, text: "less than one spike in 100 s"))
    }
  }
}
