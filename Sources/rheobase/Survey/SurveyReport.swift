import ChipModel
import Compiler
import Diagnostics
import NetworkIR
import Observations
import ProgramImage
import Reports

/// What `rheobase survey` reports, as the document of docs/report.md. What does not apply is left out.
struct SurveyReport: Encodable, Sendable {
  var network: String
  var input: String
  var samples: Int
  /// Input ticks per sample.
  var ticks: Int
  var dtSeconds: Double
  /// The network in float64.
  var reference: Side
  var chips: [Entry] = []
  var refused: [Refusal] = []
  var diagnostics: [Diagnostic]

  struct Side: Encodable, Sendable {
    var correct: Int?
    var accuracy: Double?

    /// Left out without labels or outputs.
    init(_ activity: Activity, labels: [Int]?) {
      let classes = activity.classes()
      guard let labels, labels.count == classes.count, !classes.isEmpty else { return }
      let right = zip(classes, labels).count { $0 == $1 }
      correct = right
      accuracy = Double(right) / Double(classes.count)
    }
  }

  /// A chip that does not hold the network, and all that stands in the way.
  struct Refusal: Encodable, Sendable {
    var chip: String
    var limits: [Diagnostic]
  }

  /// A chip that ran it.
  struct Entry: Encodable, Sendable {
    var chip: String
    /// What the emulated chip has in common with the real one, in a word.
    var fidelity: String
    var correct: Int?
    var accuracy: Double?
    /// Σ over neurons of |spikes − float64's spikes| / Σ float64's spikes; left out where float64 is silent and the
    /// chip is not.
    var rateError: Double?
    /// Per sample; the least that it can be where `unknownEnergies` is not empty.
    var energyJoules: Double
    /// Components that occurred and that nobody has published.
    var unknownEnergies: [String]
    /// Chip time per sample.
    var seconds: Double
    /// Cores used, and cores of the chip.
    var cores: Int
    var chipCores: Int
    /// Neurons used, those that only forward or repeat included.
    var neurons: Int
    /// Of the population where it is largest, relative.
    var weightErrorRMS: Double
    var leakError: Double?
    var thresholdError: Double?
    /// Nodes of the network that the chip computes differently, with how.
    var approximated: [FidelityManifest.Entry]
    var overflow: OverflowReport
    /// Warnings and notes of the compiler.
    var warnings: [Diagnostic]

    /// - Parameter populations: how many of the program's populations are the network's own.
    init(
      chip: Chip, compilation: Compilation, record: RunRecord, labels: [Int]?, reference: Activity,
      populations: Int
    ) {
      let image = compilation.image
      let activity = record.activity(outputScales: image.outputScales)
      let side = Side(activity, labels: labels)
      let energy = EnergyReport(record)
      func worst(_ errors: [Double?]) -> Double? {
        errors.compactMap { $0 }.max { abs($0) < abs($1) }
      }
      self.chip = chip.name
      fidelity = (chip.fidelity ?? Chip.Fidelity()).word
      correct = side.correct
      accuracy = side.accuracy
      let error = activity.first(populations).rateError(against: reference)
      rateError = error.isFinite ? error : nil
      energyJoules = energy.perSampleJoules
      unknownEnergies = energy.breakdown.filter { $0.joules == nil && $0.events > 0 }.map(\.component)
      seconds = TimeReport(record).perSampleSeconds
      cores = image.cores.count
      chipCores = chip.mesh.width * chip.mesh.height
      neurons = image.neurons.count
      weightErrorRMS = compilation.populations.map(\.weightErrorRMS).max() ?? 0
      leakError = worst(compilation.populations.map(\.leakError))
      thresholdError = worst(compilation.populations.map(\.thresholdError))
      approximated = compilation.manifest.entries.filter { $0.fidelity != .exact }
      overflow = OverflowReport(record.counters)
      warnings = compilation.diagnostics
    }
  }
}
