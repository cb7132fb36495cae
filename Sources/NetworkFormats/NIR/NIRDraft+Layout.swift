import HDF5Files
import NetworkIR

// The HDF5 layout of a draft: names, shapes and types as NIR 1.0.8 writes them.

extension NIRDraft {
  /// `/version`, `/node/type`, `/node/edges` [edges, 2] and a group for every node.
  var root: HDF5Group {
    let ends = edges.flatMap { [nodes[$0.source].name, nodes[$0.target].name] }
    return HDF5Group(
      datasets: ["version": .scalar("1.0.8")],
      groups: [
        "node": HDF5Group(
          datasets: ["type": .scalar("NIRGraph"), "edges": HDF5Dataset(ends, shape: [edges.count, 2])],
          groups: [
            "nodes": HDF5Group(groups: Dictionary(uniqueKeysWithValues: nodes.map { ($0.name, $0.group) }))
          ])
      ])
  }
}

extension NIRDraft.Node {
  fileprivate var group: HDF5Group {
    switch content {
    case .input(let shape): node("Input", ["shape": integers(shape)])
    case .output(let shape): node("Output", ["shape": integers(shape)])
    case .flatten(let shape):
      node(
        "Flatten",
        ["input_type": integers(shape), "start_dim": .scalar(Int64(0)), "end_dim": .scalar(Int64(-1))])
    case .delay(let seconds, let shape):
      node(
        "Delay", ["delay": HDF5Dataset([Double](repeating: seconds, count: shape.reduce(1, *)), shape: shape)]
      )
    case .map(let map, let shape): mapped(map, shape)
    case .population(let population, let shape): neurons(population, shape)
    }
  }

  private func node(_ type: String, _ parameters: [String: HDF5Dataset]) -> HDF5Group {
    HDF5Group(datasets: parameters.merging(["type": .scalar(type)]) { $1 })
  }

  private func integers(_ shape: [Int]) -> HDF5Dataset { HDF5Dataset(shape.map { Int64($0) }) }

  private func mapped(_ map: LinearMap, _ shape: [Int]) -> HDF5Group {
    switch map {
    case .dense(let weight, let rows, let columns, let bias):
      let matrix = HDF5Dataset(weight, shape: [rows, columns])
      guard let bias else { return node("Linear", ["weight": matrix]) }
      return node("Affine", ["weight": matrix, "bias": HDF5Dataset(bias)])
    case .sparse, .convolution, .pool:
      var full = [Double](repeating: 0, count: map.rows * map.columns)
      for i in 0..<map.rows {
        map.forEachEntry(inRow: i) { column, weight in full[i * map.columns + column] += weight }
      }
      return mapped(.dense(weight: full, rows: map.rows, columns: map.columns, bias: map.bias), shape)
    case .diagonal(let scale): return node("Scale", ["scale": HDF5Dataset(scale, shape: shape)])
    }
  }

  /// I, LI, IF, LIF, CubaLI or CubaLIF, one value per neuron. For I and IF, `r` is the gain per tick.
  private func neurons(_ population: Population, _ shape: [Int]) -> HDF5Group {
    func values(_ array: [Double]) -> HDF5Dataset { HDF5Dataset(array, shape: shape) }
    var parameters = ["r": values(population.r)]
    var type = "I"
    if let tau = population.tau {
      type = "LI"
      parameters["v_leak"] = values(population.leak)
      if let synapse = population.synapse {
        type = "CubaLI"
        parameters["tau_mem"] = values(tau)
        parameters["tau_syn"] = values(synapse.tau)
        parameters["w_in"] = values(synapse.weight)
      } else {
        parameters["tau"] = values(tau)
      }
    }
    if let firing = population.firing {
      type += "F"
      parameters["v_threshold"] = values(firing.threshold)
      parameters["v_reset"] = values(firing.reset)
    }
    return node(type, parameters)
  }
}
