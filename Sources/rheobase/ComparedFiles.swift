import Diagnostics
import NetworkFormats
import Observations

/// One operand of `rheobase compare`, opened as far as that can be done without knowing the other.
struct ComparedFile {
  enum Content {
    case record(RunRecord)
    case nirData(NIRGraphData)
    /// Arrays and tables of spikes, read when the time per tick is known.
    case spikes
  }
  let path: String
  let content: Content

  static func open(_ path: String) throws(Failure) -> ComparedFile {
    switch path.split(separator: ".").last?.lowercased() {
    case "h5", "hdf5", "nir":
      if try RunRecord.isRecord(path) {
        return ComparedFile(path: path, content: .record(try RunRecord.read(from: path)))
      }
      return ComparedFile(path: path, content: .nirData(try NIRGraphData.read(path)))
    default: return ComparedFile(path: path, content: .spikes)
    }
  }

  var record: RunRecord? { if case .record(let record) = content { record } else { nil } }

  /// Nodes of NIRGraphData that are meant: the population's, or the only one.
  fileprivate func nodes(_ population: String?) throws(Failure) -> [String] {
    guard case .nirData(let data) = content else { return [] }
    return try data.choose(population.map { [$0] } ?? [], remedy: "Name the node with --population")
  }

  fileprivate func ownTimePerTick(_ nodes: [String]) -> Double? {
    guard case .nirData(let data) = content else { return nil }
    return nodes.first.flatMap { data.dt(of: $0) }
  }

  fileprivate func spikes(_ nodes: [String], dt: Double) throws(Failure) -> SpikeTrains? {
    switch content {
    case .record: nil
    case .nirData(let data): try data.spikes(of: nodes, dt: dt)
    case .spikes: try SpikeFile.read(path, dt: dt)
    }
  }
}

/// Two recordings brought to the same neurons and ticks.
struct ComparedFiles {
  struct Side {
    let path: String
    let isRecord: Bool
    /// Of the neurons compared.
    var activity: Activity
    /// Class per sample where outputs are spikes and this side has them all; else empty.
    var classes: [Int] = []
    var labels: [Int]?
  }
  private(set) var a: Side
  private(set) var b: Side
  /// What is compared; the channels of both activities are numbered through it.
  let selection: ComparedNeurons

  /// Entries of arrays per sample or neuron beyond which two files are not compared: a table's first line can declare
  /// any number.
  private static let mostEntries = 1 << 24

  init(_ a: ComparedFile, _ b: ComparedFile, population: String?, dt: Double?) throws(Failure) {
    let records = [a.record, b.record].compactMap { $0 }
    try Self.checkOptions(a, b, population, dt)
    let (nodesA, nodesB) = (try a.nodes(population), try b.nodes(population))
    let time =
      records.first?.dt ?? dt ?? a.ownTimePerTick(nodesA) ?? b.ownTimePerTick(nodesB) ?? 1e-4
    let (spikesA, spikesB) = (try a.spikes(nodesA, dt: time), try b.spikes(nodesB, dt: time))
    try Self.checkShapes(a, spikesA, b, spikesB)

    let selection: ComparedNeurons
    if let layout = records.first?.layout {
      let channels = (spikesA ?? spikesB)?.channels
      selection = try ComparedNeurons(
        of: layout, population: population, channels: channels, node: (nodesA + nodesB).first,
        record: a.record == nil ? b.path : a.path, other: a.record == nil ? a.path : b.path)
    } else {
      selection = ComparedNeurons(channels: spikesA?.channels ?? 0)
    }
    self.selection = selection
    let hasClasses =
      selection.isOutputs && (!records.isEmpty || spikesA?.labels != nil || spikesB?.labels != nil)
    func side(_ file: ComparedFile, _ spikes: SpikeTrains?) -> Side {
      if let spikes {
        let activity = Activity(selection, spikes, dt: time, withOutputs: hasClasses)
        return Side(
          path: file.path, isRecord: false, activity: activity, classes: activity.classes(),
          labels: spikes.labels)
      }
      guard let record = file.record else { preconditionFailure("a file without spikes is a record") }
      let whole = record.activity(outputScales: [Double](repeating: 1, count: record.outputCount))
      // Potentials of several outputs have units of their own, which a record does not tell.
      let isSpiking = record.layout.outputKind.allSatisfy { $0 == 0 }
      return Side(
        path: file.path, isRecord: true, activity: whole.restricted(to: selection),
        classes: isSpiking ? whole.classes() : [], labels: record.spikes.labels)
    }
    self.a = side(a, spikesA)
    self.b = side(b, spikesB)
  }

  private static func checkOptions(
    _ a: ComparedFile, _ b: ComparedFile, _ population: String?, _ dt: Double?
  ) throws(Failure) {
    var problems = DiagnosticCollector()
    if dt != nil, let record = [a, b].first(where: { $0.record != nil }) {
      problems.add(
        Diagnostic(
          "usage.dt", subject: "--dt", problem: "a record has its own time per tick", found: record.path,
          remedy: "Leave --dt out"))
    }
    if population != nil, case .spikes = a.content, case .spikes = b.content {
      problems.add(
        Diagnostic(
          "usage.population", subject: "--population", problem: "neither file has populations",
          found: "\(a.path) and \(b.path)", remedy: "Leave --population out"))
    }
    try problems.throwIfErrors(.usage)
  }

  /// Everything in which the shapes differ, with both numbers.
  private static func checkShapes(
    _ a: ComparedFile, _ spikesA: SpikeTrains?, _ b: ComparedFile, _ spikesB: SpikeTrains?
  ) throws(Failure) {
    var problems = DiagnosticCollector()
    func compare(_ what: String, _ first: Int?, _ second: Int?) {
      guard let first, let second, first != second else { return }
      let isTable = [a.path, b.path].contains { $0.lowercased().hasSuffix(".csv") }
      problems.add(
        Diagnostic(
          "compare.shape", place: b.path, problem: "has another number of \(what) than \(a.path)",
          found: "\(second)", expected: "\(first)",
          remedy: isTable ? "A table says so in its first line: # samples=… ticks=… channels=…" : nil))
    }
    compare("samples", a.record?.samples ?? spikesA?.samples, b.record?.samples ?? spikesB?.samples)
    compare("ticks", a.record?.inputTicks ?? spikesA?.ticks, b.record?.inputTicks ?? spikesB?.ticks)
    compare("channels", spikesA?.channels, spikesB?.channels)
    if let first = a.record, let second = b.record {
      func list(_ record: RunRecord) -> String {
        record.layout.populations.filter { !$0.isRelay }.map { "\($0.name) \($0.size)" }.joined(
          separator: ", ")
      }
      if list(first) != list(second) {
        problems.add(
          Diagnostic(
            "compare.populations", place: b.path, problem: "has other populations than \(a.path)",
            found: list(second), expected: list(first)))
      }
      if first.dt != second.dt {
        problems.add(
          Diagnostic(
            "compare.dt", place: b.path, problem: "has another time per tick than \(a.path)",
            found: "\(second.dt) s", expected: "\(first.dt) s"))
      }
    }
    let samples = a.record?.samples ?? spikesA?.samples ?? 0
    let channels = max(spikesA?.channels ?? 0, spikesB?.channels ?? 0)
    if max(samples, channels) > mostEntries {
      problems.add(
        Diagnostic(
          "compare.size", place: a.path, problem: "too much to compare",
          found: "\(samples) samples, \(channels) channels", expected: "at most \(mostEntries) of each"))
    }
    try problems.throwIfErrors()
  }
}
