import Compiler
import Observations

/// Neurons of a population that the chip has changed beyond a small error. Indices within the population.
struct NeuronFindings: Encodable, Sendable {
  /// Silent on the chip, not in the reference.
  var dead: [Int] = []
  /// Fired in every tick of every sample on the chip, not in the reference.
  var alwaysOn: [Int] = []
  /// Groups whose codes have become the same although their parameters differ.
  var duplicates: [[Int]] = []

  /// Neurons that share their codes with another.
  var duplicateCount: Int { duplicates.reduce(0) { $0 + $1.count } }

  /// One per population, in order.
  static func all(reference: Activity, chip: Activity, ladder: LadderParameters) -> [NeuronFindings] {
    let (meant, got) = (reference.spikeCounts(), chip.spikeCounts())
    let ticks = UInt64(chip.samples) * UInt64(chip.ticks)
    var begin = 0
    return chip.populations.enumerated().map { p, population in
      var findings = NeuronFindings()
      for i in 0..<population.size {
        let (meant, got) = (meant[begin + i], got[begin + i])
        if got == 0, meant > 0 { findings.dead.append(i) }
        if ticks > 0, got >= ticks, meant < ticks { findings.alwaysOn.append(i) }
      }
      begin += population.size
      findings.duplicates = ladder.duplicates(p)
      return findings
    }
  }
}

/// The samples of one label, and how many of them each side put there.
struct ClassAccuracy: Encodable, Sendable {
  var label: Int
  var samples: Int
  var referenceCorrect: Int
  var chipCorrect: Int

  /// In order of labels; nil without labels for all samples, or without outputs.
  static func all(reference: Activity, chip: Activity, labels: [Int]?) -> [ClassAccuracy]? {
    let (meant, got) = (reference.classes(), chip.classes())
    guard let labels, !meant.isEmpty, labels.count == meant.count else { return nil }
    return Set(labels).sorted().map { label in
      let samples = labels.indices.filter { labels[$0] == label }
      return ClassAccuracy(
        label: label, samples: samples.count, referenceCorrect: samples.count { meant[$0] == label },
        chipCorrect: samples.count { got[$0] == label })
    }
  }
}
