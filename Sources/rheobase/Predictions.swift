import Foundation
import ProgramImage
import RateTheory
import Reports

/// Rates that theory gives without emulation, by population name: the closed forms that the compiler stored with
/// the program, and the exact rate of the integer codes.
///
/// They apply to a population that nothing but a constant drives, and to each of its neurons alone: kicks from
/// neighbouring columns are not in them. A program's rate is counted over `window`.
func predictedRates(_ image: ProgramImage, window: RateWindow? = nil) -> [String: RatePrediction] {
  var predictions = storedRates(image)
  let driven = drivenRows(image)
  let byProgram = programRates(image, driven: driven, window: window ?? RateWindow(dt: image.dt))
  for (name, hertz) in byProgram { predictions[name, default: RatePrediction()].quantizedHz = hertz }
  let programs = image.programs.entries(rows: image.neurons.count)
  var sums = [Double](repeating: 0, count: image.populations.count)
  var known: [BiasedCodes: Double?] = [:]
  var applies = [Bool](repeating: true, count: image.populations.count)
  func codes(_ row: Int) -> BiasedCodes? {
    driven[row] || programs[row] >= 0 ? nil : BiasedCodes(image.neurons, row: row)
  }
  // Who applies is settled first: one orbit can take millions of steps.
  for row in driven.indices where image.neurons.isMain(row) && codes(row) == nil {
    applies[Int(image.neurons.population[row])] = false
  }
  for row in driven.indices {
    let population = Int(image.neurons.population[row])
    guard applies[population], image.neurons.isMain(row), let codes = codes(row) else { continue }
    let rate = known[codes] ?? codes.rate(image)
    known[codes] = .some(rate)
    if let rate { sums[population] += rate } else { applies[population] = false }
  }
  for (index, population) in image.populations.enumerated() where applies[index] && population.size > 0 {
    predictions[population.name, default: RatePrediction()].quantizedHz =
      sums[index] / Double(population.size)
  }
  return predictions
}

/// Whether a row receives spikes, partial sums, Poisson events or noise; rows that cannot fire count as driven.
private func drivenRows(_ image: ProgramImage) -> [Bool] {
  var driven = image.neurons.kind.map { $0 != ProgramImage.NeuronKind.spiking.rawValue }
  for core in 0..<image.cores.count {
    let first = Int(image.cores.neuronBegin[core])
    let axons = Int(image.cores.axonBegin[core])..<Int(image.cores.axonBegin[core + 1])
    for synapse in Int(image.crossbar.begin[axons.lowerBound])..<Int(image.crossbar.begin[axons.upperBound]) {
      driven[first + Int(image.crossbar.neuron[synapse])] = true
    }
  }
  for route in image.routes.kind.indices
  where image.routes.kind[route] == ProgramImage.RouteKind.partial.rawValue {
    driven[Int(image.cores.neuronBegin[Int(image.routes.core[route])]) + Int(image.routes.axon[route])] = true
  }
  for row in image.poisson.neuron { driven[Int(row)] = true }
  for row in driven.indices where image.hasNoise(row) { driven[row] = true }
  return driven
}

/// The codes that decide the rate of a neuron that only its bias drives; many neurons share them.
private struct BiasedCodes: Hashable {
  var decay: Int32
  var exponent: UInt8
  var bias: Int32
  var threshold: Int32
  var reset: Int32
  var mode: ProgramImage.ResetMode
  var refractory: Int32
  var v0: Int32
  var floor: Int32

  /// Nil where a constant synaptic current drives the neuron too, and where its leak or reset is one that only the datapath
  /// additive has.
  init?(_ neurons: ProgramImage.Neurons, row: Int) {
    guard let mode = ProgramImage.ResetMode(rawValue: neurons.resetMode[row]), neurons.u0[row] == 0,
      mode != .nonReset, neurons.additive.leakMode.isEmpty || neurons.additive.leakMode[row] == 0
    else { return nil }
    self.mode = mode
    decay = neurons.decay[row]
    exponent = neurons.decayExponent[row]
    bias = neurons.bias[row]
    threshold = neurons.threshold[row]
    reset = neurons.reset[row]
    refractory = neurons.refractory[row]
    v0 = neurons.v0[row]
    floor = neurons.floor[row]
  }

  /// Hertz; nil under stochastic rounding.
  func rate(_ image: ProgramImage) -> Double? {
    integerRate(
      datapath: image.chip.datapath, decay: decay, exponent: exponent, bias: bias, threshold: threshold,
      reset: reset, resetMode: mode, refractory: refractory, v0: v0, floor: floor)?.rate(dt: image.dt)
  }
}

/// The part of the program's network description that is read here.
private struct StoredNetwork: Decodable {
  struct Population: Decodable {
    var name: String
    var closedFormHz: Double?
    var withParasiticsHz: Double?
  }
  var populations: [Population]
}

private func storedRates(_ image: ProgramImage) -> [String: RatePrediction] {
  guard let stored = try? JSONDecoder().decode(StoredNetwork.self, from: Data(image.networkText.utf8)) else {
    return [:]
  }
  var predictions: [String: RatePrediction] = [:]
  for population in stored.populations
  where population.closedFormHz != nil || population.withParasiticsHz != nil {
    predictions[population.name] = RatePrediction(
      closedFormHz: population.closedFormHz, withParasiticsHz: population.withParasiticsHz)
  }
  return predictions
}
