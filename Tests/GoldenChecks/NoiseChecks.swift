import Foundation
import ReferenceModel
import TestSupport

extension GoldenCheck {
  /// The statistics of random trains and currents: every row's closed form, and, where the row is about a random process,
  /// what our generators make of it.
  static var noise: [GoldenCheck] {
    [
      GoldenCheck(
        "noise statistics, closed forms", "ReferenceModel/noise_tables.csv", bound: 1e-12, count: 42
      ) {
        rows, comparison in
        let table = try NoiseStatistics.table(rows)
        for row in NoiseStatistics.rows {
          comparison.add(row.quantity, row.closedForm, golden: table[row.quantity]?.value ?? .nan)
        }
      },
      GoldenCheck(
        "noise statistics, generated, in standard errors", "ReferenceModel/noise_tables.csv", .uncertainty,
        bound: 4.5, count: NoiseStatistics.rows.count { $0.estimate != nil }
      ) { rows, comparison in
        let table = try NoiseStatistics.table(rows)
        for row in NoiseStatistics.rows {
          guard let estimate = row.estimate?() else { continue }
          let golden = table[row.quantity]?.value ?? .nan
          // An estimate that knows nothing would be near everything.
          let isSharp = estimate.error < 0.03 * abs(golden)
          comparison.add(
            row.quantity, isSharp ? estimate.mean : .nan, golden: golden, uncertainty: estimate.error)
        }
      },
    ]
  }
}

/// The rows of the table of noise, by our own formulas and generators.
public enum NoiseStatistics {
  /// Mean and standard error over independent batches.
  public struct Estimate: Sendable {
    public var mean: Double
    public var error: Double

    init(batches: Int = 40, _ statistic: (RandomSource) -> Double) {
      let values = (0..<batches).map { statistic(RandomSource(seed: 20_261, stream: UInt32($0))) }
      let count = Double(batches)
      let center = values.reduce(0, +) / count
      mean = center
      error = (values.reduce(0) { $0 + ($1 - center) * ($1 - center) } / (count * (count - 1))).squareRoot()
    }
  }

  public struct Row: Sendable {
    public var quantity: String
    /// The formula of the row, evaluated here.
    public var closedForm: Double
    /// What our generators give; nil where no process is simulated.
    public var estimate: (@Sendable () -> Estimate)?

    init(_ quantity: String, _ closedForm: Double, _ estimate: (@Sendable () -> Estimate)? = nil) {
      self.quantity = quantity
      self.closedForm = closedForm
      self.estimate = estimate
    }
  }

  public static let rows: [Row] = trainRows + membraneRows + shotNoiseRows + roundingRows

  /// The table by the rows' names; two rows share one.
  public static func table(
    _ rows: [GoldenRow]
  ) throws -> [String: (value: Double, monteCarlo: Double?, error: Double?)] {
    var table: [String: (value: Double, monteCarlo: Double?, error: Double?)] = [:]
    for row in rows {
      var name = try row.text("quantity")
      if name == "same: std" { name = "delta-PSP, binned dt=1ms, arrivals added after decay: std" }
      table[name] = (
        try row.number("value"), row["monte_carlo"].flatMap(Double.init), row["mc_se"].flatMap(Double.init)
      )
    }
    return table
  }

  // MARK: - Trains

  private static func intervals(
    _ train: RandomTrain, _ statistic: @escaping @Sendable (IntervalStatistics) -> Double
  ) -> @Sendable () -> Estimate {
    {
      Estimate { source in
        IntervalStatistics(train.intervals(source, count: 2500)).map(statistic) ?? .nan
      }
    }
  }

  /// Variance over mean of the counts in windows of a length.
  private static func fano(_ train: RandomTrain, window: Double, windows: Int = 1000)
    -> @Sendable () -> Estimate
  {
    {
      Estimate { source in
        var counts = [Double](repeating: 0, count: windows)
        // The train begins in the middle of an interval as good as at random: far before the first window.
        var time = -20 * train.interval(source, 0)
        var k: UInt32 = 1
        while true {
          time += train.interval(source, k)
          k += 1
          // A spike on the edge of a window, where steps end, belongs to the window before.
          let place = (time / window - 1e-9).rounded(.down)
          if place >= Double(windows) { break }
          if place >= 0 { counts[Int(place)] += 1 }
        }
        let mean = counts.reduce(0, +) / Double(windows)
        return counts.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(windows - 1) / mean
      }
    }
  }

  private static var trainRows: [Row] {
    let poisson = RandomTrain.poisson(rate: 40)
    var rows = [
      Row("Poisson count Fano r=10 T=1.0", 1, fano(.poisson(rate: 10), window: 1)),
      Row("Poisson count Fano r=40 T=0.1", 1, fano(poisson, window: 0.1)),
      Row("Poisson ISI CV", 1, intervals(poisson, \.variation)),
      Row("Poisson ISI CV2", 1, intervals(poisson, \.localVariation2)),
      Row("Poisson ISI LV", 1, intervals(poisson, \.localVariation)),
    ]
    for rate in [10.0, 100, 500] {
      let train = RandomTrain.bernoulli(rate: rate, step: 1e-3)
      rows.append(
        Row(
          "Bernoulli train ISI CV r=\(Int(rate))Hz dt=1ms", (1 - rate * 1e-3).squareRoot(),
          intervals(train, \.variation)))
      rows.append(
        Row("Bernoulli count Fano r=\(Int(rate))Hz dt=1ms", 1 - rate * 1e-3, fano(train, window: 10 / rate)))
    }
    for rate in [50.0, 200] {
      let train = RandomTrain.deadTime(rate: rate, deadTime: 2e-3)
      let cv = 1 - rate * 2e-3
      rows.append(
        Row("dead-time Poisson CV r=\(Int(rate)) t_ref=2ms", cv, intervals(train, \.variation)))
      // Windows of finite length T differ from the limit by about (1 − CV⁴)/(6·r·T).
      rows.append(
        Row(
          "dead-time Poisson asympt Fano r=\(Int(rate)) t_ref=2ms", cv * cv,
          fano(train, window: 100 / rate, windows: 500)))
    }
    for shape in [2, 4] {
      let train = RandomTrain.gamma(rate: 20, shape: shape)
      rows.append(
        Row("Gamma-\(shape) process CV", 1 / Double(shape).squareRoot(), intervals(train, \.variation)))
      rows.append(
        Row("Gamma-\(shape) LV", 3 / Double(2 * shape + 1), intervals(train, \.localVariation)))
    }
    return rows
  }

  // MARK: - Membranes under random currents

  static let capacitance = 250e-12
  static let leak = 25e-9
  static let tau = 10e-3

  /// Standard deviation of a membrane over `steps` steps, from rest, the first 500 left out.
  private static func deviation(
    steps: Int = 10_000, _ update: @escaping @Sendable (Double, RandomSource, UInt32) -> Double
  ) -> @Sendable () -> Estimate {
    {
      Estimate { source in
        var v = 0.0
        var squares = 0.0
        for k in 0..<steps + 500 {
          v = update(v, source, UInt32(k))
          if k >= 500 { squares += v * v }
        }
        return (squares / Double(steps)).squareRoot()
      }
    }
  }

  private static var membraneRows: [Row] {
    var rows: [Row] = []
    for intensity in [1e-12, 5e-12] {
      let sigma = intensity / (2 * capacitance * leak).squareRoot()
      let process = OrnsteinUhlenbeck(mean: 0, deviation: sigma, timeConstant: tau)
      rows.append(
        Row(
          "OU V std, C=250pF gL=25nS, current noise \(intensity == 1e-12 ? "1e-12" : "5e-12") A s^0.5", sigma,
          deviation { process.next($0, after: 2e-3, $1, draw: $2) }))
    }
    let intensity = 5e-12
    let sigma = intensity / (2 * capacitance * leak).squareRoot()
    for step in [1e-4, 1e-3] {
      let kept = exp(-step / tau)
      let text = step == 1e-4 ? "0.1" : "1.0"
      let steps = step == 1e-4 ? 40_000 : 10_000
      // Held current of 100 pA: the intensity that has this deviation per step.
      let held = WhiteNoiseCurrent(intensity: 100e-12 * step.squareRoot(), step: step)
      rows.append(
        Row(
          "V std for piecewise-constant GWN current std 100 pA held dt=\(text)ms (NEST noise_generator style), sampled on grid",
          100e-12 / leak * ((1 - kept) / (1 + kept)).squareRoot(),
          deviation(steps: steps) { kept * $0 + (1 - kept) * held($1, step: $2) / leak }))
      let process = OrnsteinUhlenbeck(mean: 0, deviation: sigma, timeConstant: tau)
      rows.append(
        Row(
          "V std exact-OU update, 5e-12 A s^0.5, dt=\(text)ms", sigma,
          deviation(steps: steps) { process.next($0, after: step, $1, draw: $2) }))
      let white = WhiteNoiseCurrent(intensity: intensity, step: step)
      rows.append(
        Row(
          "V std Euler-Maruyama, same, dt=\(text)ms", sigma / (1 - step / (2 * tau)).squareRoot(),
          deviation(steps: steps) { $0 + step * (-$0 / tau + white($1, step: $2) / capacitance) }))
      rows.append(
        Row(
          "V std noise added after decay (v<-a v + (S/C) sqrt(dt) z), dt=\(text)ms",
          intensity / capacitance * (step / (1 - kept * kept)).squareRoot(),
          deviation(steps: steps) { kept * $0 + white($1, step: $2) * step / capacitance }))
    }
    return rows
  }

  // MARK: - Shot noise

  /// Mean, standard deviation and skewness of a membrane under Poisson steps, at every step's end.
  private static func poissonSteps(
    jump: Double, rate: Double, tau: Double, step: Double, exactTimes: Bool,
    _ moment: @escaping @Sendable (Double, Double, Double) -> Double
  ) -> @Sendable () -> Estimate {
    {
      Estimate { source in
        let steps = 10_000
        let train = RandomTrain.poisson(rate: rate)
        var (v, k) = (jump * rate * tau, UInt32(1))
        var arrival = train.interval(source, 0)
        var sums = (0.0, 0.0, 0.0)
        for n in 0..<steps {
          let end = Double(n + 1) * step
          v *= exp(-step / tau)
          while arrival < end {
            v += exactTimes ? jump * exp(-(end - arrival) / tau) : jump
            arrival += train.interval(source, k)
            k += 1
          }
          sums = (sums.0 + v, sums.1 + v * v, sums.2 + v * v * v)
        }
        let mean = sums.0 / Double(steps)
        let square = sums.1 / Double(steps)
        let variance = square - mean * mean
        let third = sums.2 / Double(steps) - 3 * mean * square + 2 * mean * mean * mean
        return moment(mean, variance.squareRoot(), third / (variance * variance.squareRoot()))
      }
    }
  }

  /// Exponential currents of charge w·τ_s into a membrane, by the exact update over every interval.
  private static func exponentialSynapse(_ isCurrent: Bool, _ isMean: Bool) -> @Sendable () -> Estimate {
    {
      Estimate { source in
        let (weight, synapse, rate) = (50e-12, 2e-3, 1000.0)
        let train = RandomTrain.poisson(rate: rate)
        let step = 2e-3
        let (keptCurrent, keptVoltage) = (exp(-step / synapse), exp(-step / tau))
        func voltage(_ current: Double, after t: Double) -> Double {
          current / capacitance * (exp(-t / tau) - exp(-t / synapse)) / (1 / synapse - 1 / tau)
        }
        var (current, v) = (weight * rate * synapse, weight * rate * synapse / leak)
        var k: UInt32 = 1
        var arrival = train.interval(source, 0)
        var (sum, squares) = (0.0, 0.0)
        let steps = 12_000
        for n in 0..<steps {
          let end = Double(n + 1) * step
          v = v * keptVoltage + voltage(current, after: step)
          current *= keptCurrent
          while arrival < end {
            v += voltage(weight, after: end - arrival)
            current += weight * exp(-(end - arrival) / synapse)
            arrival += train.interval(source, k)
            k += 1
          }
          let value = isCurrent ? current : v
          sum += value
          squares += value * value
        }
        let mean = sum / Double(steps)
        return isMean ? mean : (squares / Double(steps) - mean * mean).squareRoot()
      }
    }
  }

  private static var shotNoiseRows: [Row] {
    let (jump, rate) = (1e-4, 1000.0)
    let kept = exp(-1e-3 / tau)
    func shot(_ moment: @escaping @Sendable (Double, Double, Double) -> Double) -> @Sendable () -> Estimate {
      poissonSteps(jump: jump, rate: rate, tau: tau, step: 5e-3, exactTimes: true, moment)
    }
    func binned(_ moment: @escaping @Sendable (Double, Double, Double) -> Double) -> @Sendable () -> Estimate
    {
      poissonSteps(jump: jump, rate: rate, tau: tau, step: 1e-3, exactTimes: false, moment)
    }
    return [
      Row("delta-PSP shot noise mean V, J=0.1mV r=1000/s tau=10ms", jump * rate * tau, shot { m, _, _ in m }),
      Row("delta-PSP shot noise std V", jump * (rate * tau / 2).squareRoot(), shot { _, s, _ in s }),
      Row(
        "delta-PSP shot noise skewness", 2.0 / 3 * (2 / (rate * tau)).squareRoot(),
        shot { _, _, skewness in skewness }),
      Row(
        "delta-PSP, binned dt=1ms, arrivals added after decay: mean", jump * rate * 1e-3 / (1 - kept),
        binned { m, _, _ in m }),
      Row(
        "delta-PSP, binned dt=1ms, arrivals added after decay: std",
        jump * (rate * 1e-3 / (1 - kept * kept)).squareRoot(), binned { _, s, _ in s }),
      Row("exp-PSC current mean, w=50pA tau_s=2ms r=1000", 1e-10, exponentialSynapse(true, true)),
      Row("exp-PSC current std", 5e-11, exponentialSynapse(true, false)),
      Row(
        "exp-PSC -> RC membrane V std, C=250pF tau_m=10ms",
        50e-12 / leak * 2e-3 * (1000 / (2 * (tau + 2e-3))).squareRoot(), exponentialSynapse(false, false)),
    ]
  }

  // MARK: - Rounding and heat

  private static var roundingRows: [Row] {
    let kept = exp(-1.0 / 20)
    // Every step rounds at random phase: a membrane that decays and gets a normal input of 100 LSB, in whole numbers.
    let rounding: @Sendable () -> Estimate = {
      Estimate { source in
        var (exact, whole) = (0.0, 0.0)
        var squares = 0.0
        for k in 0..<10_500 {
          let input = 100 * source.normal(UInt32(k))
          exact = kept * exact + input
          whole = (kept * whole + input).rounded()
          if k >= 500 { squares += (whole - exact) * (whole - exact) }
        }
        return (squares / 10_000).squareRoot()
      }
    }
    let uniform: @Sendable () -> Estimate = {
      Estimate { source in
        (0..<10_000).reduce(0.0) { sum, k in
          let value = 100 * source.normal(UInt32(k))
          let error = value.rounded() - value
          return sum + error * error / 10_000
        }
      }
    }
    // Toward zero of a positive membrane is downwards: half a unit in every step.
    let bias: @Sendable () -> Estimate = {
      Estimate { source in
        var (exact, whole) = (20_000.0, 20_000.0)
        var sum = 0.0
        for k in 0..<10_500 {
          let input = 1000 + 100 * source.normal(UInt32(k))
          exact = kept * exact + input
          whole = (kept * whole + input).rounded(.towardZero)
          if k >= 500 { sum += whole - exact }
        }
        return sum / 10_000
      }
    }
    func heat(_ farad: Double) -> Double { (1.380649e-23 * 300 / farad).squareRoot() }
    return [
      Row("uniform rounding error variance (LSB^2)", 1.0 / 12, uniform),
      Row(
        "V std added by rounding each step (LSB), decay a=exp(-1/20)",
        (1 / 12 / (1 - kept * kept)).squareRoot(), rounding),
      Row("V mean bias truncation-toward-zero, decay a (LSB)", -0.5 / (1 - kept), bias),
      Row("kT/C noise rms at 300K on 500 fF (V)", heat(500e-15)),
      Row("kT/C noise rms at 300K on 50 fF (V)", heat(50e-15)),
    ]
  }
}
