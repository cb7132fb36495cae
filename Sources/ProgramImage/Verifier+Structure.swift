import Diagnostics

/// Whether the arrays fit together, so that every other check may index them.
extension Verifier {
  func structure() {
    let cores = image.cores.count
    lengths("/core", cores, ["y": image.cores.y.count])
    begins("/core/axon_begin", image.cores.axonBegin, owners: cores, total: image.crossbar.begin.count - 1)
    begins("/core/neuron_begin", image.cores.neuronBegin, owners: cores, total: image.neurons.count)
    let synapses = image.crossbar.neuron.count
    lengths("/crossbar", synapses, ["weight": image.crossbar.weight.count])
    begins("/crossbar/begin", image.crossbar.begin, owners: nil, total: synapses)
    neuronLengths()
    additiveLengths()
    programLengths()
    let routes = image.routes
    lengths(
      "/route", routes.core.count,
      ["kind": routes.kind.count, "axon": routes.axon.count, "delay": routes.delay.count])
    begins("/route/begin", routes.begin, owners: image.neurons.count, total: routes.core.count)
    let inputs = image.inputs
    lengths("/input", inputs.core.count, ["axon": inputs.axon.count, "delay": inputs.delay.count])
    begins("/input/begin", inputs.begin, owners: nil, total: inputs.core.count)
    let poisson = image.poisson
    lengths(
      "/poisson", poisson.neuron.count,
      ["weight": poisson.weight.count, "stream": poisson.stream.count, "table": poisson.table.count])
    begins("/poisson_table/begin", poisson.tableBegin, owners: nil, total: poisson.threshold.count)
    let outputs = image.outputs
    lengths(
      "/output", outputs.neuron.count,
      ["kind": outputs.kind.count, "from": outputs.from.count, "to": outputs.to.count])
    for (name, size) in [
      ("/neuron", image.neurons.count), ("/crossbar", synapses), ("/route", routes.core.count),
      ("/program_neuron", image.programs.neuron.count),
    ]
    where size > Int(Int32.max) {
      add(
        Diagnostic(
          "image.size", problem: "has too many entries", found: "\(size)", expected: "at most 2^31 − 1"),
        at: name)
    }
  }

  private func neuronLengths() {
    let neurons = image.neurons
    lengths(
      "/neuron", neurons.count,
      [
        "v0": neurons.v0.count, "u0": neurons.u0.count, "decay": neurons.decay.count,
        "decay_exponent": neurons.decayExponent.count, "synapse_decay": neurons.synapseDecay.count,
        "synapse_decay_exponent": neurons.synapseDecayExponent.count, "gain": neurons.gain.count,
        "weight_exponent": neurons.weightExponent.count, "bias": neurons.bias.count,
        "threshold": neurons.threshold.count, "reset": neurons.reset.count,
        "reset_mode": neurons.resetMode.count, "refractory": neurons.refractory.count,
        "kick": neurons.kick.count, "floor": neurons.floor.count, "start": neurons.start.count,
        "stop": neurons.stop.count, "column": neurons.column.count, "scale": neurons.scale.count,
        "population": neurons.population.count, "index": neurons.index.count,
      ])
    let noise = neurons.noise
    lengths(
      "/neuron/noise", noise.mantissa.isEmpty ? 0 : neurons.count,
      [
        "mantissa": noise.mantissa.count, "exponent": noise.exponent.count, "mask": noise.mask.count,
        "stream": noise.stream.count,
      ])
    let capacitance = neurons.capacitance
    lengths(
      "/neuron/capacitance", neurons.count,
      [
        "membrane": capacitance.membrane.count, "node": capacitance.node.count,
        "crosspoint": capacitance.crosspoint.count, "wire": capacitance.wire.count,
        "coupling": capacitance.coupling.count, "total": capacitance.total.count,
      ])
  }

  func lengths(_ group: String, _ expected: Int, _ found: [String: Int]) {
    for (name, count) in found.sorted(by: { $0.key < $1.key }) where count != expected {
      add(
        Diagnostic(
          "image.length", problem: "has not as many entries as its neighbours", found: "\(count)",
          expected: "\(expected)"),
        at: "\(group)/\(name)")
    }
  }

  /// A `begin` array: one entry more than there are owners (any number if nil), from 0 to `total`, never falling.
  func begins(_ place: String, _ begin: [Int64], owners: Int?, total: Int) {
    if begin.isEmpty || owners.map({ begin.count != $0 + 1 }) == true {
      let expected = owners.map { "\($0 + 1)" } ?? "at least 1"
      return add(
        Diagnostic(
          "image.length", problem: "has a wrong number of entries", found: "\(begin.count)",
          expected: expected),
        at: place)
    }
    if begin[0] != 0 || begin[begin.count - 1] != Int64(total) {
      add(
        Diagnostic(
          "image.begin", problem: "does not span its entries",
          found: "\(begin[0]) to \(begin[begin.count - 1])", expected: "0 to \(total)"),
        at: place)
    }
    first(place, begin.count - 1, "falls", found: { "\(begin[$0]), then \(begin[$0 + 1])" }) {
      begin[$0 + 1] < begin[$0]
    }
  }
}
