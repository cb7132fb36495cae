import ChipModel
import Compiler
import NetworkFormats
import Observations
import Quantities
import Reports

/// One change of the command line that brings the chip closer to the reference.
struct Remedy: Encodable, Sendable {
  /// The options, as they are written.
  var change: String
  /// What the changed network of codes measures against the reference, without cores and mesh.
  var measures: Measures
  /// Spike distance that it wins back, and over the whole.
  var wonBackDistance: Double
  var wonBackShare: Double
}

/// Compiles the network with one change at a time and measures what it wins back.
struct RemedySearch: Sendable {
  var imported: ImportedNetwork
  var chip: Chip
  var options: CompileOptions
  var parasitics: Parasitics
  /// The network at the reference's time per tick, where that is another one, and the tick.
  var atReferenceDt: (imported: ImportedNetwork, dtSeconds: Double)?
  var runs: LadderRuns
  var reference: Yardstick

  /// Smallest part of the spike distance that is worth a line.
  private static let leastShare = 0.01

  private struct Candidate {
    var change: String
    /// For a number of bits: the option. More of them are worth a line only where they win more.
    var scale: String?
    var options: CompileOptions
    var imported: ImportedNetwork
  }

  /// Those that help, best first; of equal ones the first tried. A change with which the network does not compile is none.
  func remedies(
    _ ladder: Ladder, threads: Int, progress: (@Sendable (Int, Int) -> Void)?
  ) -> [Remedy] {
    guard let present = ladder.rung(.stateWidth)?.cumulative, present.spikeDistance > 0 else { return [] }
    let candidates = candidates
    let progress = progress.map { progress in { @Sendable (done: Int) in progress(done, candidates.count) } }
    let measured: [Measures?] = inParallel(candidates.count, threads: threads, finished: progress) { k in
      measure(candidates[k])
    }
    var best: [String: Double] = [:]
    return zip(candidates, measured).compactMap { candidate, measures -> Remedy? in
      guard let measures else { return nil }
      let won = present.spikeDistance - measures.spikeDistance
      let share = won / ladder.whole.spikeDistance
      guard share >= Self.leastShare else { return nil }
      if let scale = candidate.scale {
        guard won > best[scale] ?? 0 else { return nil }
        best[scale] = won
      }
      return Remedy(
        change: candidate.change, measures: measures, wonBackDistance: won, wonBackShare: share)
    }
    .enumerated()
    .sorted { ($1.element.wonBackDistance, $0.offset) < ($0.element.wonBackDistance, $1.offset) }
    .map(\.element)
  }

  private func measure(_ candidate: Candidate) -> Measures? {
    guard
      let compilation = try? Pipeline.compile(
        candidate.imported.network, manifest: candidate.imported.manifest, chip: chip,
        options: candidate.options)
    else { return nil }
    var changed = runs
    changed.parameters = compilation.ladder
    changed.places = NeuronPlaces(compilation.image)
    // The same Poisson trains, whatever the pipeline has become.
    if changed.places.startTicks.count == runs.places.startTicks.count {
      changed.places.startTicks = runs.places.startTicks
    }
    return reference.measure(changed.run(Set(Cause.switched).subtracting([.meshLateness])))
  }

  private var candidates: [Candidate] {
    var found: [Candidate] = []
    func add(_ change: String, scale: String? = nil, _ edit: (inout CompileOptions) -> Void) {
      var changed = options
      edit(&changed)
      found.append(Candidate(change: change, scale: scale, options: changed, imported: imported))
    }
    if let atReferenceDt {
      found.append(
        Candidate(
          change: "--dt \(formatQuantity(atReferenceDt.dtSeconds, unit: "s").filter { $0 != " " })",
          options: options,
          imported: atReferenceDt.imported))
    }
    if parasitics != .compensate, chip.electrical != nil {
      add("--parasitics compensate") { $0.parasitics = .compensate }
    }
    if options.pools != .fold, runs.parameters.populations.count > imported.network.populations.count {
      add("--pools fold") { $0.pools = .fold }
    }
    let other: WeightRounding = options.rounding == .rate ? .nearest : .rate
    add("--rounding \(other.rawValue)") { $0.rounding = other }
    for bits in more(than: options.weightBits, upTo: chip.crossbar.weightBits) {
      add("--weight-bits \(bits)", scale: "--weight-bits") { $0.weightBits = bits }
    }
    let leakBits = max(chip.datapath.decayBits, chip.electrical?.leak.bits ?? 0)
    for bits in more(than: options.leakBits, upTo: leakBits) {
      add("--leak-bits \(bits)", scale: "--leak-bits") { $0.leakBits = bits }
    }
    return found
  }

  /// Numbers of bits beyond those used; none where nothing limits them.
  private func more(than used: Int?, upTo most: Int) -> [Int] {
    guard let used, used < most else { return [] }
    return Array(used + 1...most)
  }
}

/// The changes that help, for a person; empty where none does.
func remedyText(_ remedies: [Remedy]) -> String {
  guard !remedies.isEmpty else { return "" }
  var table = TextTable([
    ("change", .left), ("wins back", .right), ("distance left", .right), ("output", .right),
    ("rate error", .right),
  ])
  for remedy in remedies {
    table.add([
      remedy.change, percent(remedy.wonBackShare), decimal(remedy.measures.spikeDistance, places: 4),
      remedy.measures.outputDeviation.map(signedPercent) ?? "",
      decimal(remedy.measures.rateErrorHz, places: 3) + " Hz",
    ])
  }
  return "\nWhat one change would win back of the spike distance (without the mesh):\n\n" + table.text
}
