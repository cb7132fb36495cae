import ChipModel

extension ProgramImage {
  /// The program as text: `listing(detail: false)`.
  public var listing: String { listing(detail: false) }

  /// The program as text for a reader: header, rules, cores, codes of every population, capacitance budget,
  /// destinations; with `detail` also every neuron and every axon of every core.
  public func listing(detail: Bool) -> String {
    var text = Listing()
    header(&text)
    rules(&text)
    coreTable(&text)
    populationTable(&text)
    capacitanceTable(&text)
    destinations(&text)
    programListing(&text)
    if detail { for core in 0..<cores.count { disassembly(of: core, &text) } }
    return text.finished
  }

  private func header(_ text: inout Listing) {
    text.heading("Program for \(chip.name)")
    text.item("format", "\(Self.format) \(Self.version)")
    text.item("tick", "\(dt) s")
    text.item("seed", "\(seed)")
    text.item("drain", "\(drainTicks) ticks after the last input tick")
    text.item("cores", "\(cores.count) of \(chip.mesh.width * chip.mesh.height)")
    text.item("axons", "\(crossbar.begin.count - 1)")
    text.item("neurons", "\(neurons.count) rows\(kindNote)")
    text.item("synapses", "\(crossbar.neuron.count)")
    text.item(
      "network",
      "\(networkText.utf8.count) bytes of JSON in /network, \(manifestText.utf8.count) in /manifest")
  }

  private var kindNote: String {
    let partial = neurons.kind.count { $0 == NeuronKind.partial.rawValue }
    let potential = neurons.kind.count { $0 == NeuronKind.potential.rawValue }
    let splitters = neurons.kind.count { $0 == NeuronKind.splitter.rawValue }
    return (partial > 0 ? ", \(partial) of them partial sums" : "")
      + (splitters > 0 ? ", \(splitters) of them splitters" : "")
      + (potential > 0 ? ", \(potential) of them potential readouts" : "")
      + (programs.neuron.isEmpty ? "" : ", \(programs.neuron.count) of them with programs")
  }

  private func rules(_ text: inout Listing) {
    text.heading("Rules")
    for (name, part) in ProgramRules.group(chip).groups.sorted(by: { $0.key < $1.key }) {
      let words = part.attributes.sorted { $0.key < $1.key }.map {
        "\($0.key) \(ProgramRules.text($0.value))"
      }
      text.item(name, list: words)
    }
  }

  private func coreTable(_ text: inout Listing) {
    text.heading("Cores")
    var rows = [["core", "x", "y", "axons", "neurons", "synapses", "routes"]]
    for core in 0..<cores.count {
      let axons = Int(cores.axonBegin[core])..<Int(cores.axonBegin[core + 1])
      let neurons = Int(cores.neuronBegin[core])..<Int(cores.neuronBegin[core + 1])
      rows.append(
        [
          core, Int(cores.x[core]), Int(cores.y[core]), axons.count, neurons.count,
          Int(crossbar.begin[axons.upperBound] - crossbar.begin[axons.lowerBound]),
          Int(routes.begin[neurons.upperBound] - routes.begin[neurons.lowerBound]),
        ].map { "\($0)" })
    }
    text.table(rows)
  }

  private func destinations(_ text: inout Listing) {
    text.heading("Destinations")
    let partial = routes.kind.count { $0 == RouteKind.partial.rawValue }
    let delays = routes.delay.min().flatMap { low in
      routes.delay.max().map { low == $0 ? "\(low)" : "\(low)…\($0)" }
    }
    text.item(
      "routes",
      "\(routes.kind.count - partial) spike, \(partial) partial"
        + (delays.map { ", delay \($0) ticks" } ?? ""))
    text.item("inputs", "\(inputs.channels) channels, \(inputs.core.count) destinations")
    text.item(
      "Poisson", "\(poisson.neuron.count) stimuli, \(poisson.tableBegin.count - 1) tables")
    let potential = outputs.kind.count { $0 == OutputKind.potential.rawValue }
    text.item("outputs", "\(outputs.kind.count - potential) spike counts, \(potential) potentials")
  }
}

/// Text in headings, items and aligned tables.
struct Listing {
  private var lines: [String] = []

  var finished: String { lines.map { $0 + "\n" }.joined() }

  mutating func heading(_ title: String) {
    if !lines.isEmpty { lines.append("") }
    lines.append(title)
  }

  mutating func item(_ name: String, _ value: String) {
    lines.append("  \(padded(name, 10)) \(value)")
  }

  /// Words separated by commas, in lines of about 100 characters.
  mutating func item(_ name: String, list words: [String]) {
    var line = ""
    var name = name
    for (index, word) in words.enumerated() {
      if line.count + word.count > 84 {
        item(name, line)
        (name, line) = ("", "")
      }
      line += (line.isEmpty ? "" : " ") + word + (index == words.count - 1 ? "" : ",")
    }
    item(name, line)
  }

  mutating func line(_ text: String) { lines.append("  \(text)") }

  /// The first row is the heading; the first column is aligned left, all others right.
  mutating func table(_ rows: [[String]]) {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
    for row in rows {
      let cells = row.indices.map { column in
        column == 0
          ? padded(row[0], widths[0])
          : String(repeating: " ", count: widths[column] - row[column].count) + row[column]
      }
      lines.append("  " + cells.joined(separator: "  "))
    }
  }

  private func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}
