import ChipModel
import Diagnostics

// What must hold between passes whatever the user wrote. A failure is our bug, and says so.

func compilerBug(_ pass: String, _ what: String) -> Failure {
  Failure(
    .ourBug,
    Diagnostic(
      "compiler.\(pass)", problem: "the result of \(pass) breaks a rule of the compiler: \(what)",
      remedy: "Please report this with the network and the chip file"))
}

func verify(_ legal: LegalNetwork) throws(Failure) {
  for population in legal.populations {
    for values in [population.decay, population.constant, population.initial, population.initialCurrent] {
      if values.count != population.size || values.contains(where: { !$0.isFinite }) {
        throw compilerBug("legalize", "population \(population.name) has a value missing or not finite")
      }
    }
  }
  for connection in legal.connections {
    if connection.matrix.rows != legal.populations[connection.target].size {
      throw compilerBug("legalize", "a matrix does not fit its target")
    }
    if connection.matrix.value.contains(where: { !$0.isFinite }) {
      throw compilerBug("legalize", "a weight is not finite")
    }
  }
}

func verify(_ physical: PhysicalNetwork) throws(Failure) {
  for (population, membrane) in zip(physical.legal.populations, physical.membranes) {
    if membrane.gain.contains(where: { !($0 > 0 && $0 <= 1) }) {
      throw compilerBug("applyPhysics", "a gain of \(population.name) is not in (0, 1]")
    }
    if membrane.decay.contains(where: { !($0 >= 0 && $0 <= 1) }) {
      throw compilerBug("applyPhysics", "a decay of \(population.name) is not in 0…1")
    }
  }
}

func verify(_ quantized: QuantizedNetwork, chip: Chip) throws(Failure) {
  let largest = (1 << (chip.crossbar.weightBits - 1)) - 1
  for connection in quantized.axons.connections
  where connection.matrix.value.contains(where: { abs(Int($0)) > largest || $0 == 0 }) {
    throw compilerBug("quantize", "a weight code does not fit the crossbar")
  }
}

func verify(_ partitioned: PartitionedNetwork, chip: Chip) throws(Failure) {
  // Every synapse is on exactly one core: count and sum per neuron agree.
  let populations = partitioned.quantized.legal.populations
  var expected = populations.map { [Int](repeating: 0, count: $0.size) }
  var counts = expected
  for connection in partitioned.quantized.axons.connections {
    let matrix = connection.matrix
    for i in 0..<matrix.rows {
      var sum = 0
      for k in matrix.range(i) { sum += Int(matrix.value[k]) }
      expected[connection.target][i] += sum
      counts[connection.target][i] += matrix.range(i).count
    }
  }
  var mains = populations.map { [Int](repeating: 0, count: $0.size) }
  for core in partitioned.cores {
    if core.axons.count > chip.core.axons || core.columns > chip.core.neurons {
      throw compilerBug("partition", "a core is too full")
    }
    for neuron in core.neurons where !neuron.isPartial { mains[neuron.population][neuron.index] += 1 }
    var sums = [Int](repeating: 0, count: core.neurons.count)
    var stored = sums
    for synapse in core.synapses.entries {
      sums[Int(synapse.neuron)] += Int(synapse.weight)
      stored[Int(synapse.neuron)] += 1
    }
    for (n, neuron) in core.neurons.enumerated() {
      expected[neuron.population][neuron.index] -= sums[n]
      counts[neuron.population][neuron.index] -= stored[n]
    }
  }
  if expected.contains(where: { $0.contains { $0 != 0 } })
    || counts.contains(where: { $0.contains { $0 != 0 } })
  {
    throw compilerBug("partition", "a synapse was lost or doubled")
  }
  if mains.contains(where: { $0.contains { $0 != 1 } }) {
    throw compilerBug("partition", "a neuron is not on exactly one core")
  }
}

func verify(_ placed: PlacedNetwork, chip: Chip) throws(Failure) {
  var taken: Set<Int> = []
  for (x, y) in zip(placed.x, placed.y) {
    let inside = (0..<chip.mesh.width).contains(x) && (0..<chip.mesh.height).contains(y)
    if !inside || !taken.insert(y * chip.mesh.width + x).inserted {
      throw compilerBug("place", "two cores share a router, or one is off the mesh")
    }
  }
}
