import ReferenceModel
import TestSupport

extension GoldenCheck {
  /// The one-millisecond scheme of the paper's script.
  static var script2003: GoldenCheck {
    GoldenCheck(
      "Izhikevich 2003, script's spikes", "ReferenceModel/izh2003_script_scheme.csv", .differing, bound: 0,
      count: 21
    ) { rows, comparison in
      for name in ["RS", "IB", "CH", "FS", "TC", "RZ", "LTS"] {
        let model = try GoldenNeurons.preset(Izhikevich.self, name)
        for current in [5.0, 10, 15] {
          let golden = try rows.filter {
            try $0["model"] == "Izh2003_\(name)" && $0.number("I") == current
          }.map { try $0.integer("t_ms_integer") }
          comparison.add(
            "\(name), \(current)",
            same: !golden.isEmpty
              && IzhikevichScript.spikes2003(model, current: current, steps: 1000) == golden)
        }
      }
    }
  }

  /// The twenty panels of 2004, by the script and by the equation.
  static var patterns2004: [GoldenCheck] {
    let table = "ReferenceModel/izh2004_patterns.csv"
    return [
      GoldenCheck("Izhikevich 2004, script's spikes", table, .absolute("ms"), bound: 1e-9, count: 111) {
        rows, comparison in
        for pattern in IzhikevichPattern.all {
          let golden = try times(rows, pattern, "euler_script")
          let steps = IzhikevichScript.spikes2004(pattern)
          for (index, time) in golden.enumerated() {
            comparison.add(
              "\(pattern.letter), spike \(index)",
              steps.count == golden.count ? Double(steps[index]) * pattern.scriptStep : .nan, golden: time)
          }
        }
      },
      GoldenCheck("Izhikevich 2004, equation's spikes", table, .absolute("ms"), bound: 2e-9, count: 144) {
        rows, comparison in
        for pattern in IzhikevichPattern.all {
          let golden = try times(rows, pattern, "ode_converged")
          // Panel T runs away; its table ends after 20 spikes.
          let run = pattern.model.run(
            from: pattern.start, current: pattern.current,
            NeuronIntegration(
              duration: pattern.duration, tolerance: 1e-12, mostSpikes: pattern.letter == "T" ? 20 : 1000))
          for (index, time) in golden.enumerated() {
            comparison.add(
              "\(pattern.letter), spike \(index)",
              run.spikeTimes.count == golden.count ? run.spikeTimes[index] : .nan, golden: time)
          }
        }
      },
    ]
  }

  private static func times(_ rows: [GoldenRow], _ pattern: IzhikevichPattern, _ scheme: String) throws
    -> [Double]
  {
    try rows.filter { $0["pattern"]?.hasPrefix(pattern.letter) == true && $0["scheme"] == scheme }
      .map { try $0.number("t_ms") }
  }
}
