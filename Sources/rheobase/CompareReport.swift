import Diagnostics
import Observations
import Reports

/// What `rheobase compare` reports, as the document of docs/report.md.
struct CompareReport: Encodable, Sendable {
  struct Side: Encodable, Sendable {
    var path: String
    /// "record" or "spikes".
    var kind: String
    /// Of the neurons compared.
    var spikes: Int
    /// Right samples; left out without labels, or where this side does not have the outputs.
    var correct: Int?
    var accuracy: Double?
  }
  struct FirstDifference: Encodable, Sendable {
    var sample: Int32
    var tick: Int32
    var population: String
    var neuron: Int
    var spikesA: Int
    var spikesB: Int
  }
  struct Population: Encodable, Sendable {
    var name: String
    var neurons: Int
    var spikesA: Int
    var spikesB: Int
    /// Spikes per neuron and second.
    var hertzA: Double
    var hertzB: Double
    var differingSpikes: Int
    /// |spikesA − spikesB| / max(spikesA, spikesB); 0 without any.
    var countDifference: Double
    /// Means over samples and neurons.
    var vanRossum: Double
    var victorPurpura: Double
    var isi: Double
    var spike: Double
    var spikeSync: Double
  }

  var a: Side
  var b: Side
  var samples: Int
  var ticks: Int
  var dtSeconds: Double
  var differingSpikes: Int
  var firstDifference: FirstDifference?
  /// Samples that both put into the same class; left out unless both have the outputs.
  var sameClass: Int?
  var populations: [Population]
  var tolerance = 0.0
  var diagnostics: [Diagnostic] = []

  init(_ files: ComparedFiles) {
    let (first, second) = (files.a.activity, files.b.activity)
    samples = first.samples
    ticks = first.ticks
    dtSeconds = first.dt
    a = Side(files.a, labels: files.a.labels ?? files.b.labels)
    b = Side(files.b, labels: files.b.labels ?? files.a.labels)
    if !files.a.classes.isEmpty, files.a.classes.count == files.b.classes.count {
      sameClass = zip(files.a.classes, files.b.classes).count { $0 == $1 }
    }
    let difference = SpikeDifference(first.spikes, second.spikes)
    differingSpikes = difference.total
    firstDifference = difference.first.map {
      let (population, neuron) = files.selection.name(of: Int($0.channel))
      return FirstDifference(
        sample: $0.sample, tick: $0.tick, population: population, neuron: neuron, spikesA: $0.spikesA,
        spikesB: $0.spikesB)
    }
    let (countsA, countsB) = (first.spikeCounts(), second.spikeCounts())
    let (ratesA, ratesB) = (first.meanRates(), second.meanRates())
    let distances = populationDistances(first, second)
    var begin = 0
    populations = first.populations.indices.map { number in
      let range = begin..<begin + first.populations[number].size
      begin = range.upperBound
      let spikesA = Int(countsA[range].reduce(0, +))
      let spikesB = Int(countsB[range].reduce(0, +))
      let most = max(spikesA, spikesB)
      let distance = distances[number]
      return Population(
        name: first.populations[number].name, neurons: range.count, spikesA: spikesA, spikesB: spikesB,
        hertzA: ratesA[number], hertzB: ratesB[number],
        differingSpikes: difference.perChannel[range].reduce(0, +),
        countDifference: most > 0 ? Double(abs(spikesA - spikesB)) / Double(most) : 0,
        vanRossum: distance.vanRossum, victorPurpura: distance.victorPurpura, isi: distance.isi,
        spike: distance.spike, spikeSync: distance.spikeSync)
    }
    if let labelsA = files.a.labels, let labelsB = files.b.labels, labelsA != labelsB {
      diagnostics.append(
        Diagnostic(
          "compare.labels", severity: .warning, place: b.path, problem: "has other labels than \(a.path)",
          found: "\(zip(labelsA, labelsB).count { $0 != $1 }) of \(labelsA.count) samples differ",
          remedy: "Each side's accuracy is by its own labels"))
    }
  }

  /// Adds an error for everything beyond the tolerance: with 0 any differing spike, else a population whose spike counts
  /// differ by a larger share, or whose mean SPIKE-distance is larger.
  mutating func judge(tolerance: Double) {
    self.tolerance = tolerance
    if tolerance == 0 {
      guard differingSpikes > 0 else { return }
      diagnostics.append(
        Diagnostic(
          "compare.differ", place: b.path, problem: "the spikes are not those of \(a.path)",
          found: "\(differingSpikes) that only one has", expected: "none",
          remedy: "--tolerance X allows a share to differ"))
      return
    }
    for population in populations {
      func judge(_ what: String, _ value: Double) {
        guard value > tolerance else { return }
        diagnostics.append(
          Diagnostic(
            "compare.tolerance", subject: "population \(population.name)", place: b.path,
            problem: "\(what) from \(a.path) is beyond the tolerance", found: decimal(value, places: 4),
            expected: "at most \(tolerance)"))
      }
      judge("the relative difference of its spike count", population.countDifference)
      judge("its SPIKE-distance", population.spike)
    }
  }
}

extension CompareReport.Side {
  fileprivate init(_ side: ComparedFiles.Side, labels: [Int]?) {
    self.init(
      path: side.path, kind: side.isRecord ? "record" : "spikes", spikes: side.activity.spikes.total)
    guard let labels, !side.classes.isEmpty, labels.count == side.classes.count else { return }
    let right = zip(side.classes, labels).count { $0 == $1 }
    correct = right
    accuracy = Double(right) / Double(side.classes.count)
  }
}
