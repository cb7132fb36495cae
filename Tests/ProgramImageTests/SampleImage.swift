import ChipModel
import Diagnostics
import Foundation
import TestSupport
import Testing

@testable import ProgramImage

/// The bundled chip.
func tessera() throws -> Chip {
  try Chip.load("tessera", directories: [Repository.path("chips")])
}

/// Two cores on Tessera with one of everything: core 0 holds two spiking neurons and a partial one, core 1 a
/// spiking neuron that takes the partial sum, and a potential readout.
func sampleImage() throws -> ProgramImage {
  let chip = try tessera()
  let exponent = UInt8(chip.datapath.decayExponents.lowerBound)
  let rows = 5
  func all<Value>(_ value: Value) -> [Value] { [Value](repeating: value, count: rows) }
  var image = ProgramImage(
    chip: chip, dt: 1e-4, seed: .max, drainTicks: 2, cores: .init(), crossbar: .init(), neurons: .init(),
    routes: .init(), inputs: .init(), poisson: .init(), outputs: .init(),
    populations: [
      .init(name: "hidden", model: "lif", size: 3), .init(name: "readout é", model: "li", size: 1),
    ],
    networkText: "{\"nodes\":3}", manifestText: "{\"entries\":[]}")
  image.cores.x = [0, 3]
  image.cores.y = [1, 2]
  image.cores.axonBegin = [0, 3, 4]
  image.cores.neuronBegin = [0, 3, 5]
  image.crossbar.begin = [0, 2, 3, 3, 5]
  image.crossbar.neuron = [0, 2, 1, 0, 1]
  image.crossbar.weight = [1, -127, 127, 3, 4]
  image.neurons.kind = [0, 0, 1, 0, 2]
  image.neurons.v0 = [0, -5, 0, 0, 0]
  image.neurons.u0 = all(0)
  image.neurons.decay = [100, 100, 0, 101, 7]
  image.neurons.decayExponent = all(exponent)
  image.neurons.synapseDecay = all(1 << Int32(exponent))
  image.neurons.synapseDecayExponent = all(exponent)
  image.neurons.gain = all(1 << Int32(chip.datapath.gainBits))
  image.neurons.weightExponent = all(UInt8(chip.datapath.weightExponents.lowerBound))
  image.neurons.bias = [5, 5, 0, -7, 0]
  image.neurons.threshold = [1000, 1001, 0, 900, 0]
  image.neurons.reset = [0, 0, 0, 900, 0]
  image.neurons.resetMode = [0, 0, 0, 1, 0]
  image.neurons.refractory = [0, 2, 0, 0, 0]
  image.neurons.kick = [1, 1, 0, 0, 0]
  image.neurons.floor = all(-2000)
  image.neurons.start = [0, 0, 0, 1, 2]
  image.neurons.stop = [0, 0, 0, 1, 2]
  image.neurons.column = [0, 1, 5, 0, 255]
  image.neurons.scale = all(1000)
  image.neurons.population = [0, 0, 0, 0, 1]
  image.neurons.index = [0, 1, 2, 2, 0]
  image.neurons.capacitance.membrane = all(500e-15)
  image.neurons.capacitance.node = all(12e-15)
  image.neurons.capacitance.crosspoint = all(84e-15)
  image.neurons.capacitance.wire = all(41e-15)
  image.neurons.capacitance.coupling = all(1e-15)
  image.neurons.capacitance.total = all(639e-15)
  image.routes.begin = [0, 2, 2, 3, 4, 4]
  image.routes.kind = [0, 0, 1, 0]
  image.routes.core = [1, 0, 1, 1]
  image.routes.axon = [0, 2, 0, 0]
  image.routes.delay = [1, 15, 1, 2]
  image.inputs.begin = [0, 1, 1, 3]
  image.inputs.core = [0, 0, 1]
  image.inputs.axon = [0, 1, 0]
  image.inputs.delay = [0, 0, 1]
  image.poisson.neuron = [0, 0, 3]
  image.poisson.weight = [9, -9, 100]
  image.poisson.stream = [0, 1, 2]
  image.poisson.table = [0, 1, 0]
  image.poisson.tableBegin = [0, 3, 4]
  image.poisson.threshold = [10, 20, .max, 5]
  image.outputs.neuron = [3, 4]
  image.outputs.kind = [0, 1]
  image.outputs.from = [1, 2]
  image.outputs.to = [1, 2]
  return image
}

/// A folder of its own for one test, removed with the value.
final class Scratch {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "rheobase-image-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func path(_ name: String) -> String { url.appending(path: name).path }
}

/// The failure that `body` throws, or nil if it throws none.
func failure(_ body: () throws(Failure) -> Void) -> Failure? {
  do throws(Failure) { try body() } catch { return error }
  return nil
}
