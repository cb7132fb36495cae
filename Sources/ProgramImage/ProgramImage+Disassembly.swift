/// One core in full.
extension ProgramImage {
  func disassembly(of core: Int, _ text: inout Listing) {
    text.heading("Core \(core) at (\(cores.x[core]), \(cores.y[core]))")
    neuronRows(core, &text)
    let sources = axonSources(core)
    for axon in Int(cores.axonBegin[core])..<Int(cores.axonBegin[core + 1]) {
      let local = axon - Int(cores.axonBegin[core])
      let synapses = (Int(crossbar.begin[axon])..<Int(crossbar.begin[axon + 1])).map {
        "\(crossbar.neuron[$0]):\(crossbar.weight[$0])"
      }
      let type = crossbar.axonType.isEmpty ? "" : " of type \(crossbar.axonType[axon])"
      let from = type + (sources[local].map { " from \($0)" } ?? "")
      text.line(
        "axon \(local)\(from): " + (synapses.isEmpty ? "no synapses" : synapses.joined(separator: " ")))
    }
  }

  private func neuronRows(_ core: Int, _ text: inout Listing) {
    let begin = Int(cores.neuronBegin[core])
    let entries = programs.entries(rows: neurons.count)
    for row in begin..<Int(cores.neuronBegin[core + 1]) {
      let population = Int(neurons.population[row])
      let name = populations.indices.contains(population) ? populations[population].name : "?"
      var words = [
        "neuron \(row - begin) (row \(row), column \(neurons.column[row])): \(name) \(neurons.index[row])"
      ]
      if neurons.kind[row] == NeuronKind.partial.rawValue {
        words.append("partial")
      } else if entries[row] >= 0 {
        words +=
          programWords(Int(entries[row])) + [
            "gain \(neurons.gain[row])", "exponent \(neurons.weightExponent[row])",
          ]
      } else {
        words += [
          neurons.kind[row] == NeuronKind.potential.rawValue
            ? "potential" : neurons.isMain(row) ? "spiking" : "splitter",
          "v0 \(neurons.v0[row])", "u0 \(neurons.u0[row])",
          "decay \(neurons.decay[row])/2^\(neurons.decayExponent[row])",
          "synapse \(neurons.synapseDecay[row])/2^\(neurons.synapseDecayExponent[row])",
          "gain \(neurons.gain[row])", "exponent \(neurons.weightExponent[row])", "bias \(neurons.bias[row])",
          "threshold \(neurons.threshold[row])",
          resetWords(row),
          "refractory \(neurons.refractory[row])", "kick \(neurons.kick[row])", "floor \(neurons.floor[row])",
        ]
        words += additiveWords(row) + noiseWords(row)
      }
      words.append("window \(neurons.start[row])…T+\(neurons.stop[row])")
      for route in Int(routes.begin[row])..<Int(routes.begin[row + 1]) {
        let kind = routes.kind[route] == RouteKind.partial.rawValue ? "neuron" : "axon"
        words.append("→ core \(routes.core[route]) \(kind) \(routes.axon[route]) +\(routes.delay[route])")
      }
      text.line(words.joined(separator: ", "))
    }
  }

  private func resetWords(_ row: Int) -> String {
    switch ResetMode(rawValue: neurons.resetMode[row]) {
    case .subtract: "subtract \(neurons.reset[row])"
    case .nonReset: "no reset"
    case .toValue, nil: "reset \(neurons.reset[row])"
    }
  }

  /// What feeds each axon of a core: "row 3 +1, input 7 +0".
  private func axonSources(_ core: Int) -> [Int: String] {
    var sources: [Int: [String]] = [:]
    for channel in 0..<inputs.channels {
      for entry in Int(inputs.begin[channel])..<Int(inputs.begin[channel + 1])
      where Int(inputs.core[entry]) == core {
        sources[Int(inputs.axon[entry]), default: []].append("input \(channel) +\(inputs.delay[entry])")
      }
    }
    for row in 0..<neurons.count {
      for route in Int(routes.begin[row])..<Int(routes.begin[row + 1])
      where Int(routes.core[route]) == core && routes.kind[route] == RouteKind.spike.rawValue {
        sources[Int(routes.axon[route]), default: []].append("row \(row) +\(routes.delay[route])")
      }
    }
    return sources.mapValues { $0.joined(separator: ", ") }
  }
}
