import ChipModel
import Emulator
import FixedPoint
import Foundation
import Observations
import ProgramImage
import TestSupport
import Testing

/// Networks whose every potential and spike another system has computed: Lava and nengo-loihi for Loihi, xylosim for
/// Xylo. `tools/validate/rules` makes them and runs hundreds more.
@Suite struct IntegerRuleVectorTests {
  @Test(arguments: [
    // Lava's sum of a step has no width, and its drive no wrap: docs/chips.md.
    ("lava", "loihi1-davies2018", [("datapath.accumulatorBits", "24")]),
    ("nengo-loihi", "loihi1-davies2018", [("datapath.driveOverflow", "wrap")]), ("xylosim", "xylo-a2", []),
  ])
  func everyPotentialAndSpike(system: String, chip: String, settings: [(path: String, value: String)]) throws
  {
    let chip = try Chip.load(chip, directories: [Repository.path("chips")], overrides: settings)
    let vectors = try RuleVector.load(system)
    #expect(vectors.count >= 4)
    for vector in vectors {
      let (potentials, spikes) = try vector.run(on: chip)
      #expect(potentials == vector.potentials, "network \(vector.seed)")
      #expect(spikes == vector.spikes, "network \(vector.seed)")
    }
  }

  /// The vectors of Lava's own tests, as docs/chips.md lists them.
  @Test func lavasOwnTests() throws {
    let chip = try Chip.load(
      "loihi1-davies2018", directories: [Repository.path("chips")],
      overrides: [("datapath.accumulatorBits", "24")])
    // Bias 2·2^6, threshold 8·2^6, no leak of v.
    var tonic = RuleVector(ticks: 10, weight: 0, ["bias": 2 << 6, "threshold": 8 << 6, "synapse_decay": 1])
    #expect(try tonic.run(on: chip).spikes.map { $0[0] } == [0, 0, 0, 0, 1, 0, 0, 0, 0, 1])
    // One spike of weight 128: on this chip twice 64.
    tonic = RuleVector(ticks: 9, weight: 64, ["threshold": 131071 << 6, "synapse_decay": 1, "decay": 2048])
    tonic.input[0] = [1]
    #expect(
      try tonic.run(on: chip).potentials.prefix(8).map { $0[0] }
        == [8192, 12286, 14331, 15351, 15859, 16111, 16235, 16295])
    // u itself: v that keeps nothing over.
    tonic.codes["decay"] = [4096]
    tonic.codes["synapse_decay"] = [2048]
    #expect(
      try tonic.run(on: chip).potentials.prefix(8).map { $0[0] }
        == [8192, 4096, 2048, 1024, 512, 256, 128, 64])
  }
}

/// One recurrent network on one core.
struct RuleVector: Decodable {
  var seed = 0
  /// Weight codes, [channels][neurons] and [neurons][neurons].
  var inputs: [[Int]]
  var recurrent: [[Int]]
  /// Image arrays by name.
  var codes: [String: [Int]]
  /// Spikes per [tick][channel].
  var input: [[Int]]
  var potentials: [[Int]] = []
  var spikes: [[Int]] = []

  static func load(_ system: String) throws -> [RuleVector] {
    let folder = try #require(Bundle.module.url(forResource: "Golden", withExtension: nil))
    let file = folder.appending(path: "rules/\(system).json")
    return try JSONDecoder().decode([RuleVector].self, from: try Data(contentsOf: file))
  }

  /// One neuron with one input, silent unless a test says otherwise.
  init(ticks: Int, weight: Int, _ codes: [String: Int]) {
    inputs = [[weight]]
    recurrent = [[0]]
    self.codes = ["decay_exponent": [12], "synapse_decay_exponent": [12], "weight_exponent": [7]]
    for (name, value) in codes { self.codes[name] = [value] }
    input = Array(repeating: [0], count: ticks)
  }

  /// Potentials and spikes per [tick][neuron].
  func run(on chip: Chip) throws -> (potentials: [[Int]], spikes: [[Int]]) {
    let image = image(on: chip)
    #expect(image.verify().map(\.formatted) == [])
    let count = recurrent.count
    var events: [SpikeTrains.Event] = []
    for (tick, row) in input.enumerated() {
      for (channel, count) in row.enumerated() where count > 0 {
        events.append(
          SpikeTrains.Event(sample: 0, tick: Int32(tick), channel: Int32(channel), count: UInt8(count)))
      }
    }
    let trains = SpikeTrains(samples: 1, ticks: input.count, channels: inputs.count, events: events)
    let record = try Emulator(image).run(
      trains,
      options: RunOptions(samples: 1, ticks: input.count, threads: 1, probes: (0..<count).map { Int32($0) }),
      progress: nil)
    var spikes = input.map { _ in [Int](repeating: 0, count: count) }
    for event in record.spikes.events { spikes[Int(event.tick)][Int(event.channel)] += 1 }
    let potentials = (0..<input.count).map { tick in
      record.potentials[tick * count..<(tick + 1) * count].map { Int($0) }
    }
    return (potentials, spikes)
  }

  func image(on chip: Chip) -> ProgramImage {
    let count = recurrent.count
    let channels = inputs.count
    func code<T: FixedWidthInteger>(_ name: String, otherwise value: Int = 0) -> [T] {
      (codes[name] ?? Array(repeating: value, count: count)).map { T($0) }
    }
    let zeros = [Double](repeating: 0, count: count)
    var neurons = ProgramImage.Neurons()
    neurons.kind = code("kind")
    neurons.v0 = code("v0")
    neurons.u0 = code("u0")
    neurons.decay = code("decay")
    neurons.decayExponent = code("decay_exponent")
    neurons.synapseDecay = code("synapse_decay")
    neurons.synapseDecayExponent = code("synapse_decay_exponent")
    neurons.gain = code("gain", otherwise: 1 << chip.datapath.gainBits)
    neurons.weightExponent = code("weight_exponent")
    neurons.bias = code("bias")
    neurons.threshold = code("threshold")
    neurons.reset = code("reset")
    neurons.resetMode = code("reset_mode")
    neurons.refractory = code("refractory")
    neurons.kick = code("kick")
    neurons.floor = code("floor", otherwise: Int(signedRange(bits: chip.datapath.stateBits).lowerBound))
    neurons.start = code("start")
    neurons.stop = code("stop")
    neurons.column = (0..<count).map { UInt16($0) }
    neurons.scale = [Double](repeating: 1, count: count)
    neurons.population = code("population")
    neurons.index = (0..<count).map { Int32($0) }
    neurons.capacitance.membrane = zeros
    neurons.capacitance.node = zeros
    neurons.capacitance.crosspoint = zeros
    neurons.capacitance.wire = zeros
    neurons.capacitance.coupling = zeros
    neurons.capacitance.total = zeros
    var image = ProgramImage(
      chip: chip, dt: 1e-3, seed: 1, drainTicks: 0, cores: ProgramImage.Cores(),
      crossbar: ProgramImage.Crossbar(), neurons: neurons, routes: ProgramImage.Routes(),
      inputs: ProgramImage.Inputs(), poisson: ProgramImage.Poisson(), outputs: ProgramImage.Outputs(),
      populations: [ProgramImage.Population(name: "all", model: "CubaLIF", size: count)], networkText: "{}",
      manifestText: "{}")
    image.cores.x = [0]
    image.cores.y = [0]
    image.cores.axonBegin = [0, Int64(channels + count)]
    image.cores.neuronBegin = [0, Int64(count)]
    for row in inputs + recurrent {
      for (neuron, weight) in row.enumerated() where weight != 0 {
        image.crossbar.neuron.append(UInt16(neuron))
        image.crossbar.weight.append(Int16(weight))
      }
      image.crossbar.begin.append(Int64(image.crossbar.neuron.count))
    }
    for neuron in 0..<count {
      image.routes.kind.append(ProgramImage.RouteKind.spike.rawValue)
      image.routes.core.append(0)
      image.routes.axon.append(UInt16(channels + neuron))
      image.routes.delay.append(1)
      image.routes.begin.append(Int64(neuron + 1))
    }
    for channel in 0..<channels {
      image.inputs.core.append(0)
      image.inputs.axon.append(UInt16(channel))
      image.inputs.delay.append(0)
      image.inputs.begin.append(Int64(channel + 1))
    }
    return image
  }
}
