import ChipModel
import Foundation
import Observations
import ProgramImage
import TestSupport
import Testing

@testable import Emulator

/// Stochastic synapses add what the published equation says, on average and in their spread, and an image with them is
/// checked.
@Suite struct StochasticSynapseTests {
  private static let weights = [
    [0, 0, 0, 0], [255, 255, -255, 255], [1, 2, 3, 4], [-1, 64, -128, 200], [128, -128, 127, -127],
    [-9, -99, -199, -250],
    [30, 40, 50, 60], [254, 1, -254, -1],
  ]
  private static let axonsPerType = 8

  /// One core on which every synapse is stochastic, and what each tick adds to each neuron's potential.
  private func steps(ticks: Int) throws -> [[Double]] {
    let chip = try AdditiveCore.chip("truenorth")
    let neurons = Self.weights.map { weights in
      var neuron = AdditiveCore.Neuron(weights: weights)
      neuron.threshold = 262_143
      neuron.negativeThreshold = 262_143
      neuron.stochasticTypes = 15
      return neuron
    }
    let types = (0..<4 * Self.axonsPerType).map { $0 % 4 }
    let core = AdditiveCore(
      types: types, crossbar: types.map { _ in neurons.map { _ in true } }, neurons: neurons)
    #expect(try core.image(on: chip).verify().map(\.formatted) == [])
    let found = try core.run(
      on: chip, [[Bool]](repeating: [Bool](repeating: true, count: types.count), count: ticks)
    ).potentials
    return neurons.indices.map { j in
      found.indices.map { t in Double(found[t][j] - (t > 0 ? found[t - 1][j] : 0)) }
    }
  }

  /// Each spike adds sgn(s) with the chance p = (|s| + 1)/256: the mean is Σ p·sgn(s), the variance Σ p·(1 − p). Neurons and
  /// ticks have nothing to do with each other. The seed is fixed: 4.5 standard errors, over some 60 comparisons.
  @Test func momentsAreThoseOfTheEquation() throws {
    let ticks = 1500
    let found = try steps(ticks: ticks)
    let n = Double(ticks)
    var residuals: [[Double]] = []
    for (weights, steps) in zip(Self.weights, found) {
      let axons = Double(Self.axonsPerType)
      let chances = weights.map { $0 == 0 ? 0 : Double(abs($0) + 1) / 256 }
      let mean = axons * zip(weights, chances).reduce(0) { $0 + Double($1.0.signum()) * $1.1 }
      let variance = axons * chances.reduce(0) { $0 + $1 * (1 - $1) }
      // Fourth cumulant of a sum of events: Σ p(1 − p)(1 − 6p(1 − p)).
      let fourth = axons * chances.reduce(0) { $0 + $1 * (1 - $1) * (1 - 6 * $1 * (1 - $1)) }
      if variance == 0 {
        #expect(steps.allSatisfy { $0 == mean }, "weights \(weights): nothing is left to chance")
        continue
      }
      let foundMean = steps.reduce(0, +) / n
      let foundVariance = steps.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n
      #expect(abs(foundMean - mean) < 4.5 * (variance / n).squareRoot(), "weights \(weights)")
      #expect(
        abs(foundVariance - variance) < 4.5 * ((2 * variance * variance + fourth) / n).squareRoot(),
        "weights \(weights)")
      residuals.append(steps.map { ($0 - mean) / variance.squareRoot() })
    }
    #expect(residuals.count == 6)
    for (i, a) in residuals.enumerated() {
      #expect(abs(zip(a, a.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 }) < 4.5 * n.squareRoot(), "ticks, \(i)")
      for b in residuals[..<i] {
        #expect(abs(zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }) < 4.5 * n.squareRoot(), "neurons, \(i)")
      }
    }
  }

  private func image() throws -> ProgramImage {
    var neuron = AdditiveCore.Neuron(weights: [3, -2, 200, 0])
    neuron.stochasticTypes = 6
    let core = AdditiveCore(
      types: [0, 1, 2], crossbar: [[true, true], [true, false], [false, true]],
      neurons: [neuron, AdditiveCore.Neuron(weights: [5, 0, -256, 0])])
    return try core.image(on: try AdditiveCore.chip("truenorth"))
  }

  @Test func verifierRefuses() throws {
    let image = try image()
    func problems(_ change: (inout ProgramImage) -> Void) -> [String] {
      var changed = image
      change(&changed)
      return changed.verify().map { "\($0.id) \($0.place ?? "")" }
    }
    let place = "/neuron/additive/stochastic_types"
    #expect(problems { _ in } == [])
    #expect(
      problems { $0.neurons.additive.stochasticTypes[1] = 16 } == [
        "image.neuron.additive.stochastic_types \(place)[1]"
      ])
    #expect(
      problems { $0.neurons.additive.stochasticTypes.removeLast() } == ["image.length \(place)"])
    #expect(
      problems { $0.chip.datapath.noise?.synapse = nil } == ["image.stochasticSynapses \(place)[0]"])
    #expect(
      problems { $0.neurons.noise = ProgramImage.NoiseCodes() } == ["image.stochasticStream \(place)[0]"])
    // The second neuron's −256 would be more than certain.
    #expect(
      problems { $0.neurons.additive.stochasticTypes[1] = 4 } == [
        "image.stochasticWeight /crossbar/weight[3]"
      ])
    // Zeros say nothing, so they need nothing of the chip.
    #expect(
      problems {
        $0.neurons.additive.stochasticTypes = [0, 0]
        $0.chip.datapath.noise?.synapse = nil
      } == [])
  }

  /// A file has the array where a neuron has such synapses, and no trace of it elsewhere.
  @Test func filesHoldIt() throws {
    let image = try image()
    var plain = image
    plain.neurons.additive.stochasticTypes = []
    for (image, isStochastic) in [(image, true), (plain, false)] {
      let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).rbx")
      defer { try? FileManager.default.removeItem(at: file) }
      try image.write(to: file.path())
      #expect(try ProgramImage.read(from: file.path()) == image)
      let bytes = try Data(contentsOf: file)
      #expect((bytes.range(of: Data("stochastic_types".utf8)) != nil) == isStochastic)
      #expect(
        image.listing(detail: true).contains("stochastic synapses of axon types 1 2, stream 0")
          == isStochastic)
    }
  }

  /// An event is an operation whether it adds anything or not.
  @Test func operationsAreCountedAsEver() throws {
    let image = try image()
    var plain = image
    plain.neurons.additive.stochasticTypes = []
    let events = (0..<40).flatMap { tick in
      (0..<3).map { SpikeTrains.Event(sample: 0, tick: Int32(tick), channel: Int32($0), count: 1) }
    }
    let counted = try [image, plain].map { image in
      try Emulator(image).run(
        SpikeTrains(samples: 1, ticks: 40, channels: 3, events: events),
        options: RunOptions(samples: 1, ticks: 40, threads: 1, probes: []), progress: nil
      ).coreCounters.map { [$0.rowReads, $0.synapticOperations] }
    }
    #expect(counted == [[[120, 160]], [[120, 160]]])
  }
}
