import ChipModel
import Diagnostics

/// Stochastic synapses: docs/emulator-semantics.md §3.6.
extension Verifier {
  func stochasticLengths() {
    let types = image.neurons.additive.stochasticTypes
    if types.isEmpty { return }
    lengths(
      "/neuron/additive", chip.additive == nil ? 0 : image.neurons.count, ["stochastic_types": types.count])
  }

  func stochasticTypes() {
    let types = image.neurons.additive.stochasticTypes
    guard let first = types.firstIndex(where: { $0 != 0 }) else { return }
    guard let synapse = chip.datapath.noise?.synapse, let typeCount = chip.crossbar.axonTypes else {
      return add(
        Diagnostic(
          "image.stochasticSynapses", subject: neuron(first),
          problem: "has stochastic synapses, which this chip does not", found: "\(types[first])",
          expected: "0"),
        at: "/neuron/additive/stochastic_types[\(first)]")
    }
    if image.neurons.noise.stream.isEmpty {
      return add(
        Diagnostic(
          "image.stochasticStream", subject: neuron(first),
          problem: "has stochastic synapses in a program without noise streams",
          expected: "/neuron/noise with an entry for every neuron"),
        at: "/neuron/additive/stochastic_types[\(first)]")
    }
    let all = 1 << typeCount - 1
    self.first(
      "/neuron/additive/stochastic_types", types.count, "names types of axons that this chip does not have",
      expected: "0 to \(all)", found: { "\(types[$0])" }
    ) { Int(types[$0]) > all }
    stochasticWeights(synapse)
  }

  /// No event can be more than certain.
  private func stochasticWeights(_ synapse: Chip.Noise.Synapse) {
    let crossbar = image.crossbar
    for core in 0..<image.cores.count {
      let rows = Int(image.cores.neuronBegin[core])..<Int(image.cores.neuronBegin[core + 1])
      for axon in Int(image.cores.axonBegin[core])..<Int(image.cores.axonBegin[core + 1]) {
        for k in Int(crossbar.begin[axon])..<Int(crossbar.begin[axon + 1]) {
          let row = rows.lowerBound + Int(crossbar.neuron[k])
          // Targets beyond the core are reported elsewhere.
          guard rows.contains(row), image.isStochastic(axon: axon, row: row),
            abs(Int(crossbar.weight[k])) > synapse.strongest
          else { continue }
          return add(
            Diagnostic(
              "image.stochasticWeight", subject: neuron(row),
              problem: "has a stochastic synapse whose weight is more than certain",
              found: "\(crossbar.weight[k])", expected: "-\(synapse.strongest) to \(synapse.strongest)"),
            at: "/crossbar/weight[\(k)]")
        }
      }
    }
  }
}

extension ProgramImage {
  /// Whether a synapse of that axon to that neuron is stochastic: docs/emulator-semantics.md §3.6.
  ///
  /// - Parameters:
  ///   - axon: of all axons of the program, on the neuron's core.
  ///   - row: the neuron's.
  public func isStochastic(axon: Int, row: Int) -> Bool {
    let types = neurons.additive.stochasticTypes
    // Without such types there are perhaps no types of axons either.
    guard !types.isEmpty, types[row] != 0 else { return false }
    return types[row] >> UInt16(crossbar.axonType[axon]) & 1 == 1
  }

  /// A row's stochastic synapses for the listing; nothing where it has none.
  func stochasticWords(_ row: Int) -> [String] {
    let types = neurons.additive.stochasticTypes
    guard !types.isEmpty, types[row] != 0 else { return [] }
    let names = (0..<UInt16.bitWidth).filter { types[row] >> UInt16($0) & 1 == 1 }.map { "\($0)" }
    return [
      "stochastic synapses of axon types \(names.joined(separator: " "))",
      "stream \(neurons.noise.stream[row])",
    ]
  }
}
