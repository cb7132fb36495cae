import ChipModel
import Compiler
import Diagnostics
import NetworkIR
import Observations
import ReferenceModel

/// Chips whose devices are not alike, as the document of docs/report.md has them.
struct MismatchReport: Encodable, Sendable {
  /// How a number spreads over the chips; percentiles are nearest ranks.
  struct Spread: Encodable, Sendable, Equatable {
    var mean: Double
    var minimum: Double
    var p5: Double
    var p50: Double
    var p95: Double
    var maximum: Double

    /// Nil without values.
    init?(_ values: [Double]) {
      let sorted = values.sorted()
      guard let first = sorted.first, let last = sorted.last else { return nil }
      func rank(_ share: Double) -> Double {
        sorted[max(Int((share * Double(sorted.count)).rounded(.up)) - 1, 0)]
      }
      (minimum, maximum) = (first, last)
      mean = sorted.reduce(0, +) / Double(sorted.count)
      (p5, p50, p95) = (rank(0.05), rank(0.5), rank(0.95))
    }
  }
  struct Sigmas: Encodable, Sendable {
    var capacitance: Double
    var leak: Double
    var thresholdVolts: Double
    var weight: Double
  }
  /// One chip.
  struct Chip: Encodable, Sendable, Equatable {
    /// Left out without labels.
    var accuracy: Double?
    /// (chip − reference) / |reference| of the output total; left out where the reference's is zero.
    var outputDeviation: Double?
    /// Mean rate of each population, hertz.
    var hertz: [Double]
  }
  struct Population: Encodable, Sendable {
    var name: String
    /// Without mismatch.
    var nominalHz: Double
    /// Of the population's mean rate over the chips; left out without `--mismatch`.
    var hertz: Spread?
  }
  struct CornerResult: Encodable, Sendable {
    /// Standard deviations that all devices of a kind are off.
    var offsets: DeviceOffsets.Corner
    var chip: Chip
  }

  /// What was run: "coreNetwork", the network of the codes without cores and mesh.
  var model = "coreNetwork"
  var sigmas: Sigmas
  var nominal: Chip
  var populations: [Population]
  /// Chips drawn, and the key of their draws; left out without `--mismatch`, as are the next three.
  var instances: Int?
  var seed: UInt64?
  var accuracy: Spread?
  var outputDeviation: Spread?
  /// Share of the chips that hold every bound given (`--min-accuracy`, `--tolerance`); left out without bounds.
  var yield: Double?
  /// All corners, the worst first; left out without `--corner`.
  var corners: [CornerResult]?
}

/// The bounds that a chip has to hold.
struct ChipBounds: Sendable {
  var tolerance: Double?
  var minimumAccuracy: Double?

  var areGiven: Bool { tolerance != nil || minimumAccuracy != nil }

  func hold(_ chip: MismatchReport.Chip) -> Bool {
    if let tolerance {
      guard let deviation = chip.outputDeviation, abs(deviation) <= tolerance else { return false }
    }
    if let minimumAccuracy {
      guard let accuracy = chip.accuracy, accuracy >= minimumAccuracy else { return false }
    }
    return true
  }
}

extension MismatchReport {
  /// - Parameters:
  ///   - network: the network of the codes, without mismatch.
  ///   - instances: chips to draw; nil for none.
  ///   - cornerSigmas: how far off the corners are; nil for none.
  ///   - progress: told how many of how many runs are done.
  init(
    _ network: CoreNetwork, mismatch: ChipModel.Chip.Electrical.Mismatch, scales: DeviceScales,
    runs: LadderRuns,
    reference: Activity, labels: [Int]?, instances: Int?, cornerSigmas: Double?, bounds: ChipBounds,
    threads: Int, progress: (@Sendable (Int, Int) -> Void)?
  ) {
    let corners = cornerSigmas.map(DeviceOffsets.Corner.all) ?? []
    let drawn = instances ?? 0
    let jobs = 1 + corners.count + drawn
    let finished = progress.map { progress in { @Sendable (done: Int) in progress(done, jobs) } }
    let count = reference.populations.count
    let total = reference.outputTotal
    let comparable = reference.outputCount > 0 && total != 0
    let chips = inParallel(jobs, threads: threads, finished: finished) { k -> Chip in
      var own = network
      if k > 0 {
        let offsets: DeviceOffsets =
          k <= corners.count
          ? .corner(corners[k - 1])
          : .drawn(MismatchDraws(seed: runs.seed, instance: UInt32(k - 1 - corners.count)))
        own = network.mismatched(mismatch, offsets, scales: scales)
      }
      let run = own.run(runs.input, ticks: runs.ticks, samples: runs.samples, seed: runs.seed).first(count)
      return Chip(
        accuracy: run.correct(labels).map { Double($0) / Double(run.samples) },
        outputDeviation: comparable ? (run.outputTotal - total) / abs(total) : nil, hertz: run.meanRates())
    }
    let draws = chips.suffix(drawn)
    nominal = chips[0]
    sigmas = Sigmas(
      capacitance: mismatch.capacitance, leak: mismatch.leak, thresholdVolts: mismatch.threshold,
      weight: mismatch.weight)
    populations = reference.populations.indices.map { p in
      Population(
        name: reference.populations[p].name, nominalHz: chips[0].hertz[p],
        hertz: Spread(draws.map { $0.hertz[p] }))
    }
    if let instances {
      self.instances = instances
      seed = runs.seed
      accuracy = Spread(draws.compactMap(\.accuracy))
      outputDeviation = Spread(draws.compactMap(\.outputDeviation))
      if bounds.areGiven { yield = Double(draws.count { bounds.hold($0) }) / Double(draws.count) }
    }
    if cornerSigmas != nil {
      let results = zip(corners, chips[1...]).map { CornerResult(offsets: $0, chip: $1) }
      self.corners = results.enumerated().sorted { a, b in
        Self.isWorse(a.element.chip, b.element.chip) ?? (a.offset < b.offset)
      }.map(\.element)
    }
  }

  /// The lower accuracy is worse, then the larger deviation; nil where neither tells.
  private static func isWorse(_ a: Chip, _ b: Chip) -> Bool? {
    if let x = a.accuracy, let y = b.accuracy, x != y { return x < y }
    let (x, y) = (abs(a.outputDeviation ?? 0), abs(b.outputDeviation ?? 0))
    return x == y ? nil : x > y
  }
}
