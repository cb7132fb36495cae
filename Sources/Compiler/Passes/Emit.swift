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
  let fanout = placed.fanout
  let partitioned = fanout.partitioned
  let quantized = partitioned.quantized
  let legal = quantized.legal
  let level = partitioned.levels.level

  var cores = ProgramImage.Cores()
  var crossbar = ProgramImage.Crossbar()
  var neurons = ProgramImage.Neurons()
  var routes = ProgramImage.Routes()
  var programs = ProgramImage.Programs()
  let programNumbers = quantized.populations.map { $0.microcode.map { programs.append($0.program) } }
  /// Per source: the row of its neuron; −1 for channels.
  var rows = [Int32](repeating: -1, count: partitioned.numbering.count)
  let neuronCount = fanout.cores.reduce(0) { $0 + $1.neurons.count }
  crossbar.reserveCapacity(
    axons: fanout.cores.reduce(0) { $0 + $1.axons.count },
    synapses: fanout.cores.reduce(0) { $0 + $1.synapses.entries.count })
  routes.reserveCapacity(neurons: neuronCount, routes: routed.spikes.core.count)
  let hasNoise = quantized.populations.contains { $0.noise != nil }
  for (c, core) in fanout.cores.enumerated() {
    cores.x.append(Int32(placed.x[c]))
    cores.y.append(Int32(placed.y[c]))
    let firstSynapse = Int64(crossbar.neuron.count)
    crossbar.neuron += core.synapses.entries.lazy.map(\.neuron)
    crossbar.weight += core.synapses.entries.lazy.map(\.weight)
    crossbar.begin += core.synapses.begin.dropFirst().lazy.map { firstSynapse + Int64($0) }
    // A splitter's only synapse is of any type.
    if chip.crossbar.axonTypes != nil {
      crossbar.axonType += core.axons.map { $0.connection.map { UInt8(quantized.axons.number[$0]) } ?? 0 }
    }
    cores.axonBegin.append(Int64(crossbar.begin.count - 1))
    for neuron in core.neurons {
      let p = neuron.population
      if neuron.isMain {
        rows[fanout.main(of: neuron)] = Int32(neurons.count)
        if let program = programNumbers[p], let code = quantized.populations[p].microcode {
          programs.append(row: neurons.count, program: program, state: code.state, parameters: [])
        }
      }
      let start = level[p] - (neuron.isPartial ? 1 : 0) + (neuron.splitter?.ticks ?? 0)
      neurons.append(
        neuron, codes: quantized.populations[p], splitter: fanout.codes, chip: chip,
        start: options.window ? start : 0)
      if hasNoise { neurons.noise.append(neuron, quantized.populations[p].noise, chip.datapath.noise) }
      if let additive = chip.additive {
        neurons.additive.append(neuron, quantized.populations[p], additive, chip)
      }
      neurons.capacitance.append(quantized.physical.membranes[p].capacitance)
      if let source = fanout.source(neuron) {
        routes.append(spikes: routed.spikes, of: source)
      } else if let main = routed.homes[fanout.main(of: neuron)] {
        routes.append(partialTo: main)
      }
      routes.begin.append(Int64(routes.core.count))
    }
    cores.neuronBegin.append(Int64(neurons.count))
  }

  var inputs = ProgramImage.Inputs()
  for channel in 0..<legal.network.channels {
    let range = routed.spikes.range(channel)
    inputs.core += routed.spikes.core[range]
    inputs.axon += routed.spikes.axon[range]
    inputs.delay += routed.spikes.delay[range]
    inputs.begin.append(Int64(inputs.core.count))
  }

  var outputs = ProgramImage.Outputs()
  for output in legal.network.outputs {
    let p = output.population
    for i in 0..<legal.populations[p].size {
      outputs.neuron.append(max(rows[partitioned.numbering.first(.population(p)) + i], 0))
      outputs.kind.append(
        quantized.populations[p].kind == .potential
          ? ProgramImage.OutputKind.potential.rawValue : ProgramImage.OutputKind.spike.rawValue)
      outputs.from.append(options.window ? Int32(level[p]) : 0)
      outputs.to.append(options.window ? Int32(level[p]) : 0)
    }
  }
  var image = ProgramImage(
    chip: chip, dt: legal.network.dynamics.dt, seed: options.seed,
    drainTicks: options.window ? level.max() ?? 0 : 0, cores: cores, crossbar: crossbar,
    neurons: neurons, routes: routes, inputs: inputs,
    poisson: poissonEntries(quantized, rows: rows, numbering: partitioned.numbering),
    outputs: outputs,
    populations: legal.populations.map {
      ProgramImage.Population(name: $0.name, model: $0.model, size: $0.size)
    },
    networkText: networkText, manifestText: manifestText)
  image.programs = programs
  return image
}

extension ProgramImage.Crossbar {
  fileprivate mutating func reserveCapacity(axons: Int, synapses: Int) {
    begin.reserveCapacity(axons + 1)
    neuron.reserveCapacity(synapses)
    weight.reserveCapacity(synapses)
  }
}

extension ProgramImage.Routes {
  fileprivate mutating func reserveCapacity(neurons: Int, routes: Int) {
    begin.reserveCapacity(neurons + 1)
    kind.reserveCapacity(routes)
    core.reserveCapacity(routes)
    axon.reserveCapacity(routes)
    delay.reserveCapacity(routes)
  }

  fileprivate mutating func append(spikes: RoutedNetwork.Destinations, of source: Int) {
    let range = spikes.range(source)
    kind += repeatElement(ProgramImage.RouteKind.spike.rawValue, count: range.count)
    core += spikes.core[range]
    axon += spikes.axon[range]
    delay += spikes.delay[range]
  }

  fileprivate mutating func append(partialTo main: (core: Int, neuron: Int)) {
    kind.append(ProgramImage.RouteKind.partial.rawValue)
    core.append(Int32(main.core))
    axon.append(UInt16(main.neuron))
    delay.append(1)
  }
}

extension ProgramImage.Neurons {
  /// Adds one row but for its capacitances. A partial neuron keeps the codes of none: it has no state.
  fileprivate mutating func append(
    _ neuron: PartitionedCore.Neuron, codes: QuantizedPopulation, splitter: SplitterCodes?, chip: Chip,
    start: Int
  ) {
    let i = neuron.index
    self.start.append(Int32(start))
    stop.append(Int32(start))
    column.append(UInt16(neuron.column))
    population.append(Int32(neuron.population))
    index.append(Int32(i))
    if neuron.splitter != nil, let splitter { return append(splitter, chip: chip) }
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
    scale.append(codes.scale)
  }

  /// The codes of a splitter; its potential stands for nothing of the network, so its scale is 1.
  private mutating func append(_ codes: SplitterCodes, chip: Chip) {
    let path = chip.datapath
    kind.append(ProgramImage.NeuronKind.splitter.rawValue)
    v0.append(0)
    u0.append(0)
    decay.append(0)
    decayExponent.append(UInt8(path.decayExponents.lowerBound))
    synapseDecay.append(1 << Int32(path.decayExponents.lowerBound))
    synapseDecayExponent.append(UInt8(path.decayExponents.lowerBound))
    gain.append(codes.gain)
    weightExponent.append(codes.weightExponent)
    bias.append(0)
    threshold.append(codes.threshold)
    reset.append(0)
    resetMode.append(ProgramImage.ResetMode.toValue.rawValue)
    refractory.append(0)
    kick.append(0)
    floor.append(0)
    scale.append(1)
  }
}

extension ProgramImage.NoiseCodes {
  /// A row without noise of its own, such as a partial sum, has the codes of none.
  fileprivate mutating func append(
    _ neuron: PartitionedCore.Neuron, _ codes: NoiseCodes?, _ rules: Chip.Noise?
  ) {
    let own = neuron.isMain ? codes : nil
    mantissa.append(own?.mantissa ?? 0)
    exponent.append(own?.exponent ?? UInt8(rules?.membrane?.exponents.lowerBound ?? 0))
    mask.append(own?.mask ?? 0)
    stream.append(own.map { $0.firstStream + UInt32(neuron.index) } ?? 0)
  }
}

extension ProgramImage.Capacitance {
  fileprivate mutating func append(_ budget: CapacitanceBudget?) {
    membrane.append(budget?.membrane ?? 0)
    node.append(budget?.node ?? 0)
    crosspoint.append(budget?.crosspoint ?? 0)
    wire.append(budget?.wire ?? 0)
    coupling.append(budget?.coupling ?? 0)
    total.append(budget?.total ?? 0)
  }
}

/// Poisson entries ordered by neuron row; stimuli of equal mean share a table.
private func poissonEntries(
  _ quantized: QuantizedNetwork, rows: [Int32], numbering: SourceNumbering
) -> ProgramImage.Poisson {
  var entries: [(row: Int32, weight: Int32, stream: UInt32, table: Int32)] = []
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
        let row = rows[numbering.first(.population(p)) + i]
        if row >= 0 { entries.append((row, weight, poisson.firstStream + UInt32(i), table)) }
      }
    }
  }
  for entry in entries.sorted(by: { ($0.row, $0.stream) < ($1.row, $1.stream) }) {
    result.neuron.append(entry.row)
    result.weight.append(entry.weight)
    result.stream.append(entry.stream)
    result.table.append(entry.table)
  }
  return result
}
