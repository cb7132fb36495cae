import Diagnostics
import Emulator
import Foundation
import Observations
import ProgramImage

/// How long a program is emulated for its rates.
struct EmulationPlan: Sendable {
  /// Nil: two seconds.
  var ticks: Int?
  var samples: Int
  var threads: Int?
  var console: Console

  /// What was done, as part of the report.
  struct Settings: Encodable, Sendable {
    var samples: Int
    var ticks: Int
    /// Left out at the beginning of every sample.
    var warmUpTicks: Int
  }

  func settings(dt: Double) -> Settings {
    let ticks = ticks ?? Int(min(max(2 / dt, 2000), 200_000))
    return Settings(samples: samples, ticks: ticks, warmUpTicks: ticks / 10)
  }

  /// Mean rate and its standard error, by population.
  struct Rate: Sendable {
    var hertz: Double
    var standardError: Double
  }

  /// Batches per sample for the standard error.
  private static let batches = 20

  /// Runs the program without input spikes and counts spikes per neuron after the warm-up.
  ///
  /// The standard error is that of the means of 20 stretches per sample: they are long against the memory of a membrane.
  /// For a population that only a constant drives it is what the ends of the stretches cut off.
  func run(_ image: ProgramImage) throws(Failure) -> [Rate] {
    let settings = settings(dt: image.dt)
    let nothing = SpikeTrains(
      samples: samples, ticks: settings.ticks, channels: image.inputs.channels, events: [])
    let record = try Emulator(image).run(
      nothing,
      options: RunOptions(
        samples: samples, ticks: settings.ticks,
        threads: threads ?? ProcessInfo.processInfo.activeProcessorCount))
    let counted = settings.ticks - settings.warmUpTicks
    let batches = min(Self.batches, counted)
    var counts = [[Double]](
      repeating: [Double](repeating: 0, count: samples * batches), count: image.populations.count)
    for event in record.spikes.events {
      let row = Int(event.channel)
      let tick = Int(event.tick - image.neurons.start[row]) - settings.warmUpTicks
      guard tick >= 0, tick < counted else { continue }
      counts[Int(image.neurons.population[row])][Int(event.sample) * batches + tick * batches / counted] +=
        Double(event.count)
    }
    return zip(counts, image.populations).map { counts, population in
      let seconds = Double(max(population.size, 1)) * Double(counted) * image.dt / Double(batches)
      let rates = counts.map { $0 / seconds }
      let n = Double(rates.count)
      let mean = rates.reduce(0, +) / n
      let variance = rates.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / max(n - 1, 1)
      return Rate(hertz: mean, standardError: (variance / n).squareRoot())
    }
  }
}
