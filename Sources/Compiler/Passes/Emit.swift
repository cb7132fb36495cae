import ChipModel
import FixedPoint
import NetworkIR
import ProgramImage

/// Writes the routed network down as the flat arrays of a program image.
func emit(
  _ routed: RoutedNetwork, chip: Chip, options: CompileOptions, networkText: String,
  manifestText: String
) -> ProgramImage {
  let placed = routed.placed
  let partitioned = placed.partitioned
  let quantized = partitioned.quantized
  let legal = quantized.legal
  let level = partitioned.levels.level

  var cores = ProgramImage.Cores()
  var crossbar = ProgramImage.Crossbar()
  var neurons = ProgramImage.Neurons()
  var routes = ProgramImage.Routes()
  var rows: [Int: Int] = [:]
  for (c, core) in partitioned.cores.enumerated() {
    cores.x.append(Int32(placed.x[c]))
    cores.y.append(Int32(placed.y[c]))
    for synapses in core.synapses {
      crossbar.neuron += synapses.map(\.neuron)
      crossbar.weight += synapses.map(\.weight)
      crossbar.begin.append(Int64(crossbar.neuron.count))
    }
    cores.axonBegin.append(Int64(crossbar.begin.count - 1))
    for (n, neuron) in core.neurons.enumerated() {
      let p = neuron.population
      if !neuron.isPartial {
        rows[partitioned.numbering.first(.population(p)) + neuron.index] = neurons.count
      }
      neurons.append(
        neuron, codes: quantized.populations[p], membrane: quantized.physical.membranes[p],
        level: level[p], window: options.window)
      for destination in routed.routes[c][n] {
        routes.kind.append(destination.kind.rawValue)
        routes.core.append(Int32(destination.core))
        routes.axon.append(UInt16(destination.target))
        routes.delay.append(UInt8(destination.delay))
      }
      routes.begin.append(Int64(routes.core.count))
    }
    cores.neuronBegin.append(Int64(neurons.count))
  }

  var inputs = ProgramImage.Inputs()
  for destinations in routed.inputs {
    for destination in destinations {
      inputs.core.append(Int32(destination.core))
      inputs.axon.append(UInt16(destination.target))
      inputs.delay.append(UInt8(destination.delay))
    }
    inputs.begin.append(Int64(inputs.core.count))
  }

  var outputs = ProgramImage.Outputs()
  for output in legal.network.outputs {
    let p = output.population
    for i in 0..<legal.populations[p].size {
      outputs.neuron.append(Int32(rows[partitioned.numbering.first(.population(p)) + i] ?? 0))
      outputs.kind.append(
        quantized.populations[p].kind == .potential
          ? ProgramImage.OutputKind.potential.rawValue : ProgramImage.OutputKind.spike.rawValue)
      outputs.from.append(options.window ? Int32(level[p]) : 0)
      outputs.to.append(options.window ? Int32(level[p]) : 0)
    }
  }
  return ProgramImage(
    chip: chip, dt: legal.network.dynamics.dt, seed: options.seed,
    drainTicks: options.window ? level.max() ?? 0 : 0, cores: cores, crossbar: crossbar,
    neurons: neurons, routes: routes, inputs: inputs,
    poisson: poissonEntries(quantized, rows: rows, numbering: partitioned.numbering),
    outputs: outputs,
    populations: legal.populations.map {
      ProgramImage.Population(name: $0.name, model: $0.model, size: $0.size)
    },
    networkText: networkText, manifestText: manifestText)
}

extension ProgramImage.Neurons {
  /// Adds one row. A partial neuron keeps the codes of none: it has no state.
  fileprivate mutating func append(
    _ neuron: PartitionedCore.Neuron, codes: QuantizedPopulation, membrane: Membrane, level: Int,
    window: Bool
  ) {
    let i = neuron.index
    let start = level - (neuron.isPartial ? 1 : 0)
    kind.append((neuron.isPartial ? .partial : codes.kind).rawValue)
    v0.append(neuron.isPartial ? 0 : codes.v0[i])
    u0.append(neuron.isPartial ? 0 : codes.u0[i])
    decay.append(codes.decay[i])
    decayExponent.append(codes.decayExponent)
    synapseDecay.append(codes.synapseDecay[i])
    synapseDecayExponent.append(codes.synapseDecayExponent)
    gain.append(codes.gain[i])
    weightExponent.append(codes.weightExponent)
    bias.append(neuron.isPartial ? 0 : codes.bias[i])
    threshold.append(codes.threshold[i])
    reset.append(codes.reset[i])
    resetMode.append(codes.resetMode.rawValue)
    refractory.append(codes.refractory[i])
    kick.append(neuron.isPartial ? 0 : codes.kick[i])
    floor.append(codes.floor[i])
    self.start.append(window ? Int32(start) : 0)
    stop.append(window ? Int32(start) : 0)
    column.append(UInt16(neuron.column))
    scale.append(codes.scale)
    population.append(Int32(neuron.population))
    index.append(Int32(i))
    let budget = membrane.capacitance
    capacitance.membrane.append(budget?.membrane ?? 0)
    capacitance.node.append(budget?.node ?? 0)
    capacitance.crosspoint.append(budget?.crosspoint ?? 0)
    capacitance.wire.append(budget?.wire ?? 0)
    capacitance.coupling.append(budget?.coupling ?? 0)
    capacitance.total.append(budget?.total ?? 0)
  }
}

/// Poisson entries ordered by neuron row; stimuli of equal mean share a table.
private func poissonEntries(
  _ quantized: QuantizedNetwork, rows: [Int: Int], numbering: SourceNumbering
) -> ProgramImage.Poisson {
  var entries: [(row: Int, weight: Int32, stream: UInt32, table: Int32)] = []
  var tables: [Double: Int32] = [:]
  var result = ProgramImage.Poisson()
  for (p, population) in quantized.populations.enumerated() {
    for poisson in population.poisson {
      let table: Int32
      if let known = tables[poisson.mean] {
        table = known
      } else {
        table = Int32(tables.count)
        tables[poisson.mean] = table
        result.threshold += poissonThresholds(mean: poisson.mean)
        result.tableBegin.append(Int64(result.threshold.count))
      }
      for (i, weight) in poisson.weight.enumerated() where weight != 0 {
        guard let row = rows[numbering.first(.population(p)) + i] else { continue }
        entries.append((row, weight, poisson.firstStream + UInt32(i), table))
      }
    }
  }
  for entry in entries.sorted(by: { ($0.row, $0.stream) < ($1.row, $1.stream) }) {
    result.neuron.append(Int32(entry.row))
    result.weight.append(entry.weight)
    result.stream.append(entry.stream)
    result.table.append(entry.table)
  }
  return result
}
