import ChipModel
import Diagnostics
import HDF5Files
import Testing

@testable import ProgramImage

@Suite("Rules of an image")
struct VerifyTests {
  /// One rule broken, and where the diagnostic must point.
  struct Fault: Sendable, CustomTestStringConvertible {
    var name: String
    var place: String
    var apply: @Sendable (inout ProgramImage) -> Void
    var testDescription: String { name }

    init(_ name: String, _ place: String, _ apply: @escaping @Sendable (inout ProgramImage) -> Void) {
      self.name = name
      self.place = place
      self.apply = apply
    }
  }

  static let structure: [Fault] = [
    Fault("core arrays differ in length", "/core/y", { $0.cores.y.append(0) }),
    Fault("axon_begin too short", "/core/axon_begin", { $0.cores.axonBegin.removeLast() }),
    Fault("axon_begin beyond the axons", "/core/axon_begin", { $0.cores.axonBegin[2] = 5 }),
    Fault("axon_begin falls", "/core/axon_begin[1]", { $0.cores.axonBegin[1] = 5 }),
    Fault("neuron_begin does not start at 0", "/core/neuron_begin", { $0.cores.neuronBegin[0] = 1 }),
    Fault("crossbar begin empty", "/crossbar/begin", { $0.crossbar.begin = [] }),
    Fault("crossbar begin negative", "/crossbar/begin[0]", { $0.crossbar.begin[1] = -1 }),
    Fault("weights too few", "/crossbar/weight", { $0.crossbar.weight.removeLast() }),
    Fault("neuron array short", "/neuron/gain", { $0.neurons.gain.removeLast() }),
    Fault("neuron array empty", "/neuron/scale", { $0.neurons.scale = [] }),
    Fault("capacitance short", "/neuron/capacitance/wire", { $0.neurons.capacitance.wire.removeLast() }),
    Fault("route begin short", "/route/begin", { $0.routes.begin.removeLast() }),
    Fault("route arrays differ", "/route/delay", { $0.routes.delay.append(1) }),
    Fault("input begin beyond", "/input/begin", { $0.inputs.begin[3] = 9 }),
    Fault("input arrays differ", "/input/axon", { $0.inputs.axon.removeLast() }),
    Fault("poisson arrays differ", "/poisson/stream", { $0.poisson.stream = [] }),
    Fault("poisson tables beyond", "/poisson_table/begin", { $0.poisson.tableBegin[2] = 3 }),
    Fault("output arrays differ", "/output/to", { $0.outputs.to.append(0) }),
  ]

  static let program: [Fault] = [
    Fault("dt is NaN", "/ attribute dt", { $0.dt = .nan }),
    Fault("dt is zero", "/ attribute dt", { $0.dt = 0 }),
    Fault("dt is infinite", "/ attribute dt", { $0.dt = .infinity }),
    Fault("drain negative", "/ attribute drain_ticks", { $0.drainTicks = -1 }),
    Fault("drain endless", "/ attribute drain_ticks", { $0.drainTicks = .max }),
    Fault("core outside", "/core/x[1]", { $0.cores.x[1] = 8 }),
    Fault("core outside below", "/core/y[0]", { $0.cores.y[0] = -1 }),
    Fault(
      "two cores at one place", "/core/x[1]",
      {
        $0.cores.x[1] = 0; $0.cores.y[1] = 1
      }),
    Fault("weight too wide", "/crossbar/weight[3]", { $0.crossbar.weight[3] = 128 }),
    Fault("weight too wide below", "/crossbar/weight[0]", { $0.crossbar.weight[0] = -129 }),
    Fault(
      "synapses unsorted", "/crossbar/neuron[1]",
      {
        $0.crossbar.neuron[0] = 2; $0.crossbar.neuron[1] = 0
      }),
    Fault("synapse twice", "/crossbar/neuron[1]", { $0.crossbar.neuron[1] = 0 }),
    Fault("synapse beyond the core", "/crossbar/neuron[4]", { $0.crossbar.neuron[4] = 2 }),
    Fault(
      "more synapses than are stored for a neuron", "/crossbar/neuron",
      {
        $0.chip.core.synapsesPerNeuron = 1; $0.crossbar.neuron[2] = 0
      }),
    Fault("unknown kind", "/neuron/kind[1]", { $0.neurons.kind[1] = 4 }),
    Fault("unknown reset mode", "/neuron/reset_mode[4]", { $0.neurons.resetMode[4] = 2 }),
    Fault("negative start", "/neuron/start[3]", { $0.neurons.start[3] = -1 }),
    Fault("negative stop", "/neuron/stop[3]", { $0.neurons.stop[3] = -1 }),
    Fault("scale is NaN", "/neuron/scale[2]", { $0.neurons.scale[2] = .nan }),
    Fault("scale is zero", "/neuron/scale[0]", { $0.neurons.scale[0] = 0 }),
    Fault(
      "capacitance infinite", "/neuron/capacitance/node[1]", { $0.neurons.capacitance.node[1] = .infinity }),
    Fault("capacitance negative", "/neuron/capacitance/total[1]", { $0.neurons.capacitance.total[1] = -1 }),
    Fault("columns not ascending", "/neuron/column[1]", { $0.neurons.column[1] = 0 }),
    Fault("column beyond the core", "/neuron/column[4]", { $0.neurons.column[4] = 256 }),
    Fault("v0 too wide", "/neuron/v0[2]", { $0.neurons.v0[2] = 1 << 23 }),
    Fault("u0 too wide", "/neuron/u0[0]", { $0.neurons.u0[0] = -(1 << 23) - 1 }),
    Fault("reset too wide", "/neuron/reset[0]", { $0.neurons.reset[0] = .min }),
    Fault("floor too wide", "/neuron/floor[4]", { $0.neurons.floor[4] = .max }),
    Fault("kick negative", "/neuron/kick[0]", { $0.neurons.kick[0] = -1 }),
    Fault("bias too wide", "/neuron/bias[0]", { $0.neurons.bias[0] = .max }),
    Fault("threshold too wide", "/neuron/threshold[3]", { $0.neurons.threshold[3] = .max }),
    Fault("gain zero", "/neuron/gain[3]", { $0.neurons.gain[3] = 0 }),
    Fault("gain above unity", "/neuron/gain[3]", { $0.neurons.gain[3] += 1 }),
    Fault("weight exponent", "/neuron/weight_exponent[1]", { $0.neurons.weightExponent[1] = 200 }),
    Fault("refractory too long", "/neuron/refractory[1]", { $0.neurons.refractory[1] = .max }),
    Fault("refractory negative", "/neuron/refractory[1]", { $0.neurons.refractory[1] = -1 }),
    Fault("decay negative", "/neuron/decay[1]", { $0.neurons.decay[1] = -1 }),
    Fault("decay too wide", "/neuron/decay[1]", { $0.neurons.decay[1] = 5000 }),
    Fault("decay exponent", "/neuron/decay[4]", { $0.neurons.decayExponent[4] = 63 }),
    Fault("synapse decay exponent", "/neuron/synapse_decay[4]", { $0.neurons.synapseDecayExponent[4] = 0 }),
    Fault("population", "/neuron/population[4]", { $0.neurons.population[4] = 2 }),
    Fault("index", "/neuron/index[4]", { $0.neurons.index[4] = 1 }),
    Fault("two rows for one neuron", "/neuron/index[1]", { $0.neurons.index[1] = 0 }),
    Fault("population size negative", "/populations/size[0]", { $0.populations[0].size = -1 }),
  ]

  static let routes: [Fault] = [
    Fault("route to no core", "/route[0]", { $0.routes.core[0] = 2 }),
    Fault("route to a negative core", "/route[0]", { $0.routes.core[0] = -1 }),
    Fault("route to an unused axon", "/route[0]", { $0.routes.axon[0] = 1 }),
    Fault("route to a missing neuron", "/route[2]", { $0.routes.axon[2] = 2 }),
    Fault("spiking neuron sends a partial sum", "/route[0]", { $0.routes.kind[0] = 1 }),
    Fault(
      "splitter sends a partial sum", "/route[2]",
      {
        $0.neurons.kind[2] = 3
      }),
    Fault("partial neuron sends a spike", "/route[2]", { $0.routes.kind[2] = 0 }),
    Fault("unknown kind of route", "/route[0]", { $0.routes.kind[0] = 9 }),
    Fault("a potential neuron sends", "/route[3]", { $0.routes.begin[4] = 3 }),
    Fault("delay of no tick", "/route/delay[2]", { $0.routes.delay[2] = 0 }),
    Fault("delay beyond the ring", "/route/delay[1]", { $0.routes.delay[1] = 16 }),
    Fault("input delay beyond the ring", "/input/delay[2]", { $0.inputs.delay[2] = 16 }),
    Fault("input delay at the edge", "/input/delay[0]", { $0.chip.input = .edge }),
    Fault("input to no core", "/input/core[1]", { $0.inputs.core[1] = 7 }),
    Fault("input to an unused axon", "/input/axon[2]", { $0.inputs.axon[2] = 1 }),
    Fault("no partial packets", "/route/kind", { $0.chip.routing.partialPackets = false }),
    Fault("too many destinations", "/route/begin[0]", { $0.chip.routing.destinationsPerNeuron = 1 }),
    Fault(
      "an axon twice in a multicast packet", "/route[1]",
      {
        $0.chip.mesh.multicast = true
        $0.routes.core[1] = $0.routes.core[0]
        $0.routes.axon[1] = $0.routes.axon[0]
        $0.routes.delay[1] = $0.routes.delay[0]
      }),
    Fault("noise of some neurons only", "/neuron/noise/mask", { $0.neurons.noise = .none(4) }),
    Fault(
      "noise arrays of different lengths", "/neuron/noise/stream",
      {
        $0.neurons.noise = .none(5)
        $0.neurons.noise.stream.removeLast()
      }),
    Fault(
      "noise mantissa", "/neuron/noise/mantissa[1]",
      {
        $0.neurons.noise = .none(5)
        $0.neurons.noise.mantissa[1] = 256
      }),
    Fault(
      "noise exponent", "/neuron/noise/exponent[4]",
      {
        $0.neurons.noise = .none(5)
        $0.neurons.noise.exponent[4] = 16
      }),
    Fault(
      "noise mask", "/neuron/noise/mask[0]",
      {
        $0.neurons.noise = .none(5)
        $0.neurons.noise.mask[0] = -1
      }),
    Fault(
      "noise on a chip without any", "/neuron/noise/mantissa[0]",
      {
        $0.neurons.noise = .none(5)
        $0.neurons.noise.mantissa[0] = 1
        $0.chip.datapath.noise = nil
      }),
    Fault("poisson row", "/poisson/neuron[2]", { $0.poisson.neuron[2] = 5 }),
    Fault("poisson rows fall", "/poisson/neuron[1]", { $0.poisson.neuron[0] = 3 }),
    Fault("poisson weight", "/poisson/weight[2]", { $0.poisson.weight[2] = 1 << 15 + 1 }),
    Fault("poisson table", "/poisson/table[1]", { $0.poisson.table[1] = 2 }),
    Fault("poisson thresholds fall", "/poisson_table/threshold[1]", { $0.poisson.threshold[0] = 30 }),
    Fault("output of no neuron", "/output/neuron[0]", { $0.outputs.neuron[0] = -1 }),
    Fault("spikes of a readout", "/output/kind[1]", { $0.outputs.kind[1] = 0 }),
    Fault(
      "spikes of a splitter", "/output/kind[0]",
      {
        $0.neurons.kind[Int($0.outputs.neuron[0])] = 3
        $0.populations[0].size -= 1
      }),
    Fault("potential of a partial neuron", "/output/kind[1]", { $0.outputs.neuron[1] = 2 }),
    Fault("unknown kind of output", "/output/kind[0]", { $0.outputs.kind[0] = 2 }),
    Fault("output window", "/output/from[0]", { $0.outputs.from[0] = -1 }),
  ]

  @Test("each broken rule is found where it is broken", arguments: structure + program + routes)
  func finds(fault: Fault) throws {
    var image = try sampleImage()
    try #require(image.verify() == [])
    fault.apply(&image)
    let problems = image.verify()
    #expect(problems.contains { $0.place == fault.place }, "\(problems.map(\.formatted))")
    #expect(problems.allSatisfy { $0.severity == .error })
  }

  @Test(
    "an axon may be named twice without multicast, with another delay, and by inputs that the host writes")
  func repeatedDestinations() throws {
    var image = try sampleImage()
    image.routes.core[1] = image.routes.core[0]
    image.routes.axon[1] = image.routes.axon[0]
    image.routes.delay[1] = image.routes.delay[0]
    image.inputs.begin =
      [0] + [Int64](repeating: Int64(image.inputs.core.count), count: image.inputs.channels)
    for i in image.inputs.core.indices {
      image.inputs.core[i] = image.inputs.core[0]
      image.inputs.axon[i] = image.inputs.axon[0]
      image.inputs.delay[i] = 1
    }
    #expect(image.verify() == [])
    image.chip.mesh.multicast = true
    #expect(image.verify().map(\.place) == ["/route[1]"])
    image.routes.delay[1] += 1
    #expect(image.verify() == [])
    image.chip.input = .edge
    #expect(image.verify().map(\.place) == ["/input[1]"])
    image.chip.mesh.multicast = false
    #expect(image.verify() == [])
  }

  @Test("a channel has too many destinations for one multicast packet, and not for as many packets")
  func channelDestinations() throws {
    var image = try sampleImage()
    let count = ProgramImage.mostChannelDestinations + 1
    image.inputs.begin = [Int64](repeating: 0, count: image.inputs.channels) + [Int64(count)]
    image.inputs.core = [Int32](repeating: 0, count: count)
    image.inputs.axon = [UInt16](repeating: 0, count: count)
    image.inputs.delay = [UInt8](repeating: 1, count: count)
    image.chip.input = .edge
    #expect(image.verify() == [])
    image.chip.mesh.multicast = true
    #expect(image.verify().map(\.id) == ["image.channel"])
  }

  @Test("more than 64 partial sums into one neuron are refused")
  func partialSenders() throws {
    var image = try sampleImage()
    image.routes.begin = [0, 2, 2, 66, 67, 67]
    for (path, value) in [(\ProgramImage.routes.axon, UInt16(0))] {
      image[keyPath: path] = [0, 2] + [UInt16](repeating: value, count: 64) + [0]
    }
    image.routes.kind = [0, 0] + [UInt8](repeating: 1, count: 64) + [0]
    image.routes.core = [1, 0] + [Int32](repeating: 1, count: 64) + [1]
    image.routes.delay = [1, 15] + [UInt8](repeating: 1, count: 64) + [2]
    image.chip.routing.destinationsPerNeuron = 100
    #expect(image.verify() == [])
    image.routes.begin = [0, 2, 2, 67, 68, 68]
    image.routes.axon.insert(0, at: 2)
    image.routes.kind.insert(1, at: 2)
    image.routes.core.insert(1, at: 2)
    image.routes.delay.insert(1, at: 2)
    #expect(image.verify().map(\.id) == ["limit.partialSenders"])
  }

  @Test("faults in different places are reported together")
  func together() throws {
    var image = try sampleImage()
    image.crossbar.weight[0] = 500
    image.neurons.bias[0] = .max
    image.outputs.from[0] = -1
    #expect(image.verify().map(\.place) == ["/crossbar/weight[0]", "/neuron/bias[0]", "/output/from[0]"])
  }

  @Test("whatever numbers a file holds, it is refused or passes every rule")
  func forged() throws {
    let good = try sampleImage().fileContent
    let places = ProgramImage.fields.map(\.place).filter { good.dataset(at: $0) != nil }
    var state: UInt64 = 88_172_645_463_325_252
    func next(_ end: Int) -> Int {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return Int(state % UInt64(end))
    }
    var refused = 0
    for _ in 0..<400 {
      var root = good
      for _ in 0...next(3) {
        let place = places[next(places.count)]
        let dataset = try #require(good.dataset(at: place))
        let choices: [Int64] = [
          -1, 0, 1, 2, 16, 255, 256, 65535, 1 << 20, Int64(Int32.max), Int64(Int32.min), .max,
        ]
        root.set(
          dataset.altered(at: next(max(dataset.count, 1)), to: choices[next(choices.count)]), at: place)
      }
      do throws(Failure) {
        #expect(try ProgramImage(fileContent: root, path: "p").verify() == [])
      } catch {
        refused += 1
        #expect(error.reason == .badInput && !error.diagnostics.isEmpty)
      }
    }
    print("400 forged programs, \(refused) refused")
    #expect(refused > 200)
  }
}

extension HDF5Dataset {
  /// With one value replaced, cut to the type's width.
  func altered(at index: Int, to value: Int64) -> HDF5Dataset {
    func change<Number: FixedWidthInteger>(_ array: [Number]) -> [Number] {
      var array = array
      if array.indices.contains(index) { array[index] = Number(truncatingIfNeeded: value) }
      return array
    }
    var copy = self
    switch values {
    case .int8(let array): copy.values = .int8(change(array))
    case .uint8(let array): copy.values = .uint8(change(array))
    case .int16(let array): copy.values = .int16(change(array))
    case .uint16(let array): copy.values = .uint16(change(array))
    case .int32(let array): copy.values = .int32(change(array))
    case .uint32(let array): copy.values = .uint32(change(array))
    case .int64(let array): copy.values = .int64(change(array))
    case .uint64(let array): copy.values = .uint64(change(array))
    case .float64(var array):
      if array.indices.contains(index) { array[index] = value == .max ? .nan : Double(value) }
      copy.values = .float64(array)
    case .float32, .string: break
    }
    return copy
  }
}

extension ProgramImage.NoiseCodes {
  /// Codes of no noise for a number of rows.
  fileprivate static func none(_ rows: Int) -> Self {
    var codes = Self()
    codes.mantissa = Array(repeating: 0, count: rows)
    codes.exponent = Array(repeating: 0, count: rows)
    codes.mask = Array(repeating: 0, count: rows)
    codes.stream = Array(repeating: 0, count: rows)
    return codes
  }
}
