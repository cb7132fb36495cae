import Diagnostics
import RateTheory
import ReferenceModel
import Reports

/// What `neuron` shows of models with noise, and of models without spikes.
extension NeuronReport {
  struct NoisyPoint: Encodable, Sendable {
    var current: Double
    var spikes: Int
    var rate: Double
    /// Of the rate, and coefficient of variation of the intervals; left out for fewer than ten intervals.
    var standardError: Double?
    var intervalVariation: Double?
    /// Siegert's formula.
    var meanFieldRate: Double?
  }
  struct OutputRate: Encodable, Sendable {
    var current: Double
    /// Nil where the state runs away.
    var rate: Double?
  }

  /// How many times as long as the trace each current of a noisy f-I curve lasts.
  static let noisyTraces = 20.0
  private static let seed: UInt64 = 1

  static func traceRun(_ neuron: some NeuronModel, _ preset: AnyNeuronPreset) -> NeuronRun {
    let sampleEvery = preset.duration / Double(samples)
    if let noisy = neuron as? any NoisyNeuronModel {
      return noisy.noisyRun(
        current: preset.current, duration: preset.duration, sampleEvery: sampleEvery, seed: seed)
    }
    return neuron.run(
      from: neuron.start, current: .constant(preset.current),
      NeuronIntegration(duration: preset.duration, sampleEvery: sampleEvery))
  }

  /// Nil for a model without noise.
  static func noisyRates(
    _ neuron: some NeuronModel, _ request: NeuronRequest
  ) throws(Failure) -> [NoisyPoint]? {
    guard let noisy = neuron as? any NoisyNeuronModel else { return nil }
    let duration = noisyTraces * request.preset.duration
    try check(
      noisy.noisyRun(current: request.preset.current, duration: duration, sampleEvery: nil, seed: seed),
      type(of: noisy).form)
    return request.currents.map { current in
      let rate = noisy.noisyRate(at: current, duration: duration, seed: seed)
      return NoisyPoint(
        current: current, spikes: rate.spikes, rate: 1000 * rate.rate,
        standardError: rate.standardError.map { 1000 * $0 }, intervalVariation: rate.intervalVariation,
        meanFieldRate: (neuron as? NoisyLeakyIntegrateAndFire).map { 1000 * $0.siegertRate(current) })
    }
  }

  /// Nil for a model with spikes.
  static func outputRates(
    _ neuron: some NeuronModel, _ request: NeuronRequest, _ duration: Double
  ) -> [OutputRate]? {
    guard let model = neuron as? any RateModel else { return nil }
    return request.currents.map { OutputRate(current: $0, rate: model.rate(at: $0, during: duration)) }
  }

  /// The f-I curve: with the noise, or of the output rate, where the model has them.
  var curve: [(Double, Double)] {
    if let outputRates { return outputRates.compactMap { point in point.rate.map { (point.current, $0) } } }
    if let noisyRates { return noisyRates.map { ($0.current, $0.rate) } }
    return rates.map { ($0.current, $0.rate) }
  }

  private var currentHeading: String { "I" + (units.current.isEmpty ? "" : " \(units.current)") }

  /// Of the rate of a model without spikes.
  var outputUnit: String { units.current.isEmpty ? "" : "Hz" }

  func outputTable(_ points: [OutputRate]) -> String {
    var table = TextTable([
      (currentHeading, .right), ("rate" + (outputUnit.isEmpty ? "" : " \(outputUnit)"), .right),
    ])
    for point in points { table.add([figure(point.current, ""), point.rate.map { figure($0, "") } ?? "-"]) }
    return table.text
  }

  func noisyTable(_ points: [NoisyPoint]) -> String {
    var table = TextTable([
      (currentHeading, .right), ("spikes", .right), ("with noise \(units.rate)", .right),
      ("+-", .right), ("CV", .right), ("Siegert \(units.rate)", .right),
    ])
    for point in points {
      table.add([
        figure(point.current, ""), "\(point.spikes)", figure(point.rate, ""),
        point.standardError.map { figure($0, "", digits: 2) } ?? "-",
        point.intervalVariation.map { figure($0, "", digits: 3) } ?? "-",
        point.meanFieldRate.map { figure($0, "") } ?? "-",
      ])
    }
    return table.text
  }
}

extension NoisyLeakyIntegrateAndFire {
  /// Siegert's rate, per ms.
  func siegertRate(_ current: Double) -> Double {
    DiffusionNeuron(
      timeConstant: membrane.capacitance / membrane.leak, threshold: membrane.threshold,
      reset: membrane.resetPotential, refractory: membrane.refractoryPeriod
    ).rate(
      mean: membrane.leakReversal + current / membrane.leak, sigma: 2.0.squareRoot() * membraneDeviation)
  }
}
