import ProgramImage
import TestSupport
import Testing

@testable import Emulator

/// Neurons that are updated many at a time against the twin, which knows of no such thing.
@Suite struct LaneTests {
  @Test(arguments: 0..<8)
  func manyAtATimeEqualsTheTwin(lot: Int) throws {
    var lanes = 0
    for seed in UInt64(20_000 + lot * 60)..<UInt64(20_000 + (lot + 1) * 60) {
      let program = RandomProgram.alike(seed)
      lanes += Emulator(program.image).tables.lanes.segments.count { $0.isLane }
      try expectTwin(program, seed: seed)
    }
    #expect(lanes > 15, "neurons are hardly ever alike")
  }

  /// One segment per set of codes; the bias, and whether a neuron sends, make no other.
  @Test func segmentsAreRowsWithOneSetOfCodes() throws {
    var image = RandomProgram.alike(20_000).image
    for row in 0..<image.neurons.count {
      image.neurons.kind[row] = ProgramImage.NeuronKind.spiking.rawValue
      image.neurons.copyCodes(from: 0, to: row)
      image.neurons.bias[row] = Int32(row % 2)
    }
    image.neurons.noise = ProgramImage.NoiseCodes()
    image.chip.datapath.decayRounding = .floor
    let sizes = zip(image.cores.neuronBegin, image.cores.neuronBegin.dropFirst()).map { Int($1 - $0) }
    let segments = Emulator(image).tables.lanes.segments
    #expect(segments.map(\.rows.count) == sizes.filter { $0 > 0 })
    #expect(segments.map(\.isLane) == sizes.filter { $0 > 0 }.map { $0 >= LaneTables.shortest })
  }
}

extension RandomProgram {
  /// A random program in which all spiking neurons and readouts of a core have the codes of the first one of them, except
  /// that biases stay as drawn.
  fileprivate static func alike(_ seed: UInt64) -> RandomProgram {
    var program = make(seed)
    var random = SeededGenerator(state: seed)
    let cores = program.image.cores
    for core in 0..<cores.count {
      let rows = Int(cores.neuronBegin[core])..<Int(cores.neuronBegin[core + 1])
      var neurons = program.image.neurons
      guard let first = rows.first(where: { neurons.isMain($0) }) else { continue }
      for row in rows where neurons.isMain(row) {
        if neurons.kind[first] == ProgramImage.NeuronKind.spiking.rawValue {
          neurons.kind[row] = neurons.kind[first]
        }
        neurons.copyCodes(from: first, to: row)
      }
      program.image.neurons = neurons
    }
    if random.oneIn(2) { program.image.neurons.noise = ProgramImage.NoiseCodes() }
    return program
  }
}

extension ProgramImage.Neurons {
  /// All codes but the bias.
  fileprivate mutating func copyCodes(from first: Int, to row: Int) {
    decay[row] = decay[first]
    decayExponent[row] = decayExponent[first]
    synapseDecay[row] = synapseDecay[first]
    synapseDecayExponent[row] = synapseDecayExponent[first]
    gain[row] = gain[first]
    weightExponent[row] = weightExponent[first]
    threshold[row] = threshold[first]
    reset[row] = reset[first]
    resetMode[row] = resetMode[first]
    refractory[row] = refractory[first]
    floor[row] = floor[first]
    start[row] = start[first]
    stop[row] = stop[first]
  }
}
