import Foundation

/// Codes and capacitances in the listing, one line per population and kind of neuron.
extension ProgramImage {
  /// Rows that share a line of the listing.
  private struct Group {
    var population: Int32
    var kind: UInt8
    var hasProgram: Bool
    var rows: [Int]

    var kindName: String {
      if hasProgram { return "program" }
      return switch NeuronKind(rawValue: kind) {
      case .spiking: "spiking"
      case .partial: "partial"
      case .potential: "potential"
      case .splitter: "splitter"
      case nil: "?"
      }
    }
  }

  private var groups: [Group] {
    var groups: [[Int32]: Group] = [:]
    let entries = programs.entries(rows: neurons.count)
    for row in 0..<neurons.count {
      let hasProgram = entries[row] >= 0
      let key = [neurons.population[row], Int32(neurons.kind[row]), hasProgram ? 1 : 0]
      let group = Group(population: key[0], kind: neurons.kind[row], hasProgram: hasProgram, rows: [])
      groups[key, default: group].rows.append(row)
    }
    return groups.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map(\.value)
  }

  private func name(_ group: Group) -> String {
    let index = Int(group.population)
    return populations.indices.contains(index) ? populations[index].name : "population \(index)"
  }

  func populationTable(_ text: inout Listing) {
    text.heading("Populations (codes; low…high where they differ)")
    var rows = [
      [
        "population", "model", "kind", "rows", "decay", "synapse", "threshold", "reset", "bias", "gain",
        "exponent",
        "refractory", "kick", "floor", "window",
      ]
    ]
    for group in groups {
      let index = Int(group.population)
      let known = group.rows
      let none = group.kind == NeuronKind.partial.rawValue
      /// A program has codes of its own, but for the scale of its input.
      func code(_ values: [Int32], isInput: Bool = false) -> String {
        none || group.hasProgram && !isInput
          ? "–" : span(known.map { Int($0 < values.count ? values[$0] : 0) })
      }
      func decay(_ values: [Int32], _ exponents: [UInt8]) -> String {
        none || group.hasProgram ? "–" : "\(code(values))/2^\(span(known.map { Int(exponents[$0]) }))"
      }
      rows.append([
        name(group), populations.indices.contains(index) ? populations[index].model : "?", group.kindName,
        "\(known.count)", decay(neurons.decay, neurons.decayExponent),
        decay(neurons.synapseDecay, neurons.synapseDecayExponent), code(neurons.threshold),
        code(neurons.reset)
          + (!group.hasProgram && known.contains { neurons.resetMode[$0] == ResetMode.subtract.rawValue }
            ? " off" : ""),
        code(neurons.bias), code(neurons.gain, isInput: true),
        none ? "–" : span(known.map { Int(neurons.weightExponent[$0]) }),
        code(neurons.refractory), code(neurons.kick), code(neurons.floor),
        "\(span(known.map { Int(neurons.start[$0]) }))…T+\(span(known.map { Int(neurons.stop[$0]) }))",
      ])
    }
    text.table(rows)
  }

  func capacitanceTable(_ text: inout Listing) {
    guard neurons.capacitance.total.contains(where: { $0 > 0 }) else { return }
    text.heading("Capacitance in fF (mean per neuron)")
    var rows = [["population", "membrane", "node", "crosspoint", "wire", "coupling", "total"]]
    for group in groups where group.kind != NeuronKind.partial.rawValue {
      let capacitance = neurons.capacitance
      let parts = [
        capacitance.membrane, capacitance.node, capacitance.crosspoint, capacitance.wire,
        capacitance.coupling,
        capacitance.total,
      ]
      rows.append(
        [name(group)]
          + parts.map { farads in
            String(format: "%.2f", group.rows.reduce(0) { $0 + farads[$1] } / Double(group.rows.count) * 1e15)
          })
    }
    text.table(rows)
  }

  /// "5", or "3…7" where values differ.
  private func span(_ values: [Int]) -> String {
    guard let low = values.min(), let high = values.max() else { return "–" }
    return low == high ? "\(low)" : "\(low)…\(high)"
  }
}
