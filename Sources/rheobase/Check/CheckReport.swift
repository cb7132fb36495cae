import Compiler
import Diagnostics
import Observations
import Reports

/// The runs that a check compares: float64, the chip, and the chip with plain nearest weight codes.
struct ComparedRuns {
  var reference: Activity
  /// Float64 with the chip's time per tick, where the reference has another.
  var atChipDt: Activity?
  /// Float64 on the chip's whole capacitance, when parasitics act and nothing compensates them.
  var withParasitics: Activity?
  var chip: Activity
  var nearest: Activity

  /// What the codes are judged by: the float64 network that they stand for.
  var codesReference: Activity { withParasitics ?? atChipDt ?? reference }
}

/// What `rheobase check` reports, as the document of docs/report.md.
struct CheckReport: Encodable, Sendable {
  /// One side of the comparison.
  struct Side: Encodable, Sendable {
    /// Right samples; left out without labels.
    var correct: Int?
    var accuracy: Double?
    /// Total of output spikes; left out when outputs are potentials.
    var outputSpikes: Int?
    /// Total of summed output potentials in the network's unit; left out when outputs are spikes.
    var outputPotential: Double?
    /// Spikes of all populations.
    var spikes: Int
  }
  struct PopulationDifference: Encodable, Sendable {
    var name: String
    var referenceHz: Double
    var withParasiticsHz: Double?
    var chipHz: Double
    /// Mean over neurons of |chip − float64|, with the codes chosen and with nearest ones; float64 as in `RateError`.
    var rateErrorHz: Double
    var nearestRateErrorHz: Double
    /// Between chip and reference; left out for readouts.
    var distance: PopulationDistance?
    var neurons: NeuronFindings
    var codes: PopulationCodes
  }
  /// Mean over all neurons that can fire of |chip rate − float64 rate|.
  struct RateError: Encodable, Sendable {
    /// Which float64 network: "reference", "withParasitics" where parasitics act, or "chipDt" where the reference has another
    /// time per tick; so that what is measured is the codes' own error in all cases.
    var against: String
    var chosenHz: Double
    var nearestHz: Double
  }
  struct FirstDifference: Encodable, Sendable {
    var sample: Int32
    var tick: Int32
    var population: String
    var neuron: Int32
    /// Which of the two fired alone.
    var firedOnly: String
  }

  var network: String
  var input: String
  var chipName: String
  var parasitics: Parasitics
  var samples: Int
  var ticks: Int
  var reference: Side
  /// Float64 on the chip's whole capacitance: what the parasitics alone do. With `--parasitics model` only.
  var withParasitics: Side?
  var chip: Side
  /// Samples that both put into the same class; left out without outputs.
  var sameClass: Int?
  /// (chip − reference) / reference of the output total; left out when the reference's is zero.
  var outputDeviation: Double?
  var rateError: RateError
  /// Spikes that only one of the two fired.
  var differingSpikes: Int
  var firstDifference: FirstDifference?
  var populations: [PopulationDifference]
  /// Left out where neurons run programs.
  var ladder: Ladder?
  /// Changes that would win something back, best first.
  var remedies: [Remedy]
  /// The reference by readings of the file that were not taken.
  var otherReadings: [OtherReading]
  /// Accuracy per class, where it is asked for.
  var classes: [ClassAccuracy]?
  /// Chips whose devices differ, where they are asked for.
  var mismatch: MismatchReport?
  var overflow: OverflowReport
  var diagnostics: [Diagnostic]

  init(
    network: String, input: String, compilation: Compilation, runs: ComparedRuns, ladder: Ladder?,
    remedies: [Remedy], otherReadings: [OtherReading],
    overflow: OverflowReport, labels: [Int]?, diagnostics: [Diagnostic]
  ) {
    let (reference, chip) = (runs.reference, runs.chip)
    self.network = network
    self.input = input
    chipName = compilation.image.chip.name
    parasitics = compilation.parasitics
    samples = reference.samples
    ticks = reference.ticks
    let spiking = compilation.image.outputs.kind.allSatisfy { $0 == 0 }
    self.reference = Side(reference, labels: labels, outputsAreSpikes: spiking)
    withParasitics = runs.withParasitics.map { Side($0, labels: labels, outputsAreSpikes: spiking) }
    self.chip = Side(chip, labels: labels, outputsAreSpikes: spiking)
    if reference.outputCount > 0 {
      sameClass = zip(reference.classes(), chip.classes()).count { $0 == $1 }
      if reference.outputTotal != 0 {
        outputDeviation = (chip.outputTotal - reference.outputTotal) / abs(reference.outputTotal)
      }
    }
    let difference = SpikeDifference(reference.spikes, chip.spikes)
    differingSpikes = difference.total
    firstDifference = difference.first.map { FirstDifference($0, reference.populations) }

    let errors = rateErrors(runs.codesReference, chip)
    let nearestErrors = rateErrors(runs.codesReference, runs.nearest)
    let (referenceRates, chipRates) = (reference.meanRates(), chip.meanRates())
    let parasiticRates = runs.withParasitics?.meanRates()
    let distances = populationDistances(reference, chip)
    let findings = NeuronFindings.all(reference: reference, chip: chip, ladder: compilation.ladder)
    var begin = 0
    var firing: [Int] = []
    // The compiler's own relays stand behind the network's populations, and have no reference.
    populations = compilation.populations.prefix(reference.populations.count).enumerated().map {
      index, codes in
      let range = begin..<begin + codes.size
      begin += codes.size
      if codes.fires { firing += range }
      return PopulationDifference(
        name: codes.name, referenceHz: referenceRates[index], withParasiticsHz: parasiticRates?[index],
        chipHz: chipRates[index], rateErrorHz: mean(errors[range]),
        nearestRateErrorHz: mean(nearestErrors[range]),
        distance: codes.fires ? distances[index] : nil, neurons: findings[index], codes: codes)
    }
    rateError = RateError(
      against: runs.withParasitics != nil ? "withParasitics" : runs.atChipDt != nil ? "chipDt" : "reference",
      chosenHz: mean(firing.map { errors[$0] }[...]), nearestHz: mean(firing.map { nearestErrors[$0] }[...]))
    self.ladder = ladder
    self.remedies = remedies
    self.otherReadings = otherReadings
    self.overflow = overflow
    self.diagnostics = diagnostics
  }

  /// Adds the accuracy per class, or says why there is none.
  mutating func addClasses(_ runs: ComparedRuns, labels: [Int]?) {
    classes = ClassAccuracy.all(reference: runs.reference, chip: runs.chip, labels: labels)
    if classes == nil {
      diagnostics.append(
        Diagnostic(
          "check.byClass", severity: .warning, subject: network, problem: "there are no classes to compare",
          expected: "spikes with labels, and a network with outputs"))
    }
  }

  /// Adds an error for every bound that is missed.
  mutating func judge(tolerance: Double?, minimumAccuracy: Double?) {
    if let tolerance {
      if let outputDeviation, abs(outputDeviation) > tolerance {
        diagnostics.append(
          Diagnostic(
            "check.tolerance", subject: network, problem: "the output total deviates from the reference",
            found: signedPercent(outputDeviation), expected: "within \(percent(tolerance))",
            remedy: "The populations' errors show where; try --parasitics compensate or more weight bits"))
      } else if outputDeviation == nil, chip.outputSpikes ?? 0 != 0 || reference.outputSpikes == nil {
        diagnostics.append(
          Diagnostic(
            "check.tolerance", subject: network,
            problem: "the output total deviates from a reference that is zero or missing",
            expected: "a network whose reference has output"))
      }
    }
    if let minimumAccuracy {
      if let accuracy = chip.accuracy {
        guard accuracy < minimumAccuracy else { return }
        diagnostics.append(
          Diagnostic(
            "check.accuracy", subject: network, problem: "the chip's accuracy is too low",
            found: percent(accuracy), expected: "at least \(percent(minimumAccuracy))"))
      } else {
        diagnostics.append(
          Diagnostic(
            "check.accuracy", subject: network, problem: "there is no accuracy to compare",
            expected: "spikes with labels, and a network with outputs"))
      }
    }
  }
}

extension CheckReport.Side {
  init(_ activity: Activity, labels: [Int]?, outputsAreSpikes: Bool) {
    correct = activity.correct(labels)
    accuracy = correct.map { Double($0) / Double(activity.samples) }
    if activity.outputCount > 0 {
      if outputsAreSpikes {
        outputSpikes = Int(activity.outputTotal)
      } else {
        outputPotential = activity.outputTotal
      }
    }
    spikes = activity.spikes.total
  }
}

private func mean(_ values: ArraySlice<Double>) -> Double {
  values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
}

extension CheckReport.FirstDifference {
  /// `first` in terms of the network: its channels number the neurons of all populations.
  fileprivate init(_ first: SpikeDifference.First, _ populations: [NeuronLayout.Population]) {
    var neuron = Int(first.channel)
    var population = 0
    while population < populations.count - 1, neuron >= populations[population].size {
      neuron -= populations[population].size
      population += 1
    }
    self.init(
      sample: first.sample, tick: first.tick, population: populations[population].name, neuron: Int32(neuron),
      firedOnly: first.spikesA > first.spikesB ? "reference" : "chip")
  }
}
