import ChipModel
import Diagnostics
import Observations
import ProgramImage

/// Networks that `ScalingPoint` times: program images of integer neurons, made in memory.
///
/// Neurons add up a constant and what arrives, and fire at 2^20, which is taken off. Weights are drawn around 0 and small beside
/// that, so a neuron fires at its rate whatever the others do, and as many fire in every tick.
struct ScalingNetwork {
  /// Where a neuron's targets lie: in its own core and those around it, or anywhere.
  enum Reach { case around, anywhere }

  /// Cores, on a square mesh that they fill.
  var side = 1
  var perCore = 1024
  var fanOut = 100
  var reach = Reach.anywhere
  /// Spikes per neuron and tick.
  var rate = 0.02
  var multicast = false
  /// Input channels of one core without projections, one per axon, the part of its crosspoints that are programmed, and spikes
  /// per channel and tick; no channels for a network that projects to itself.
  var channels = 0
  var density = 0.0
  var inputRate = 0.05

  var cores: Int { side * side }
  var neurons: Int { cores * perCore }

  private static let threshold = 1 << 20

  func image() throws(Failure) -> ProgramImage {
    var random = SplitMix64(state: 1)
    var crossbar = CoreLists(cores: cores)
    var routes = ProgramImage.Routes()
    var inputs = ProgramImage.Inputs()
    if channels > 0 {
      for channel in 0..<channels {
        let row = (0..<perCore).filter { _ in random.below(1 << 20) < Int(density * Double(1 << 20)) }
        crossbar.addAxon(core: 0)
        for neuron in row { crossbar.add(neuron: neuron, core: 0, weight: random.weight()) }
        inputs.core.append(0)
        inputs.axon.append(UInt16(channel))
        inputs.delay.append(0)
        inputs.begin.append(Int64(channel + 1))
      }
      routes.begin = [Int64](repeating: 0, count: neurons + 1)
    } else {
      for core in 0..<cores {
        let reached = reach == .anywhere ? Array(0..<cores) : around(core)
        for _ in 0..<perCore { project(to: reached, &crossbar, &routes, &random) }
      }
    }
    let (lists, axonBegin) = crossbar.joined()
    var image = ProgramImage(
      chip: try chip(axons: crossbar.mostAxons), dt: 1e-3, seed: 1, drainTicks: 0,
      cores: ProgramImage.Cores(), crossbar: lists, neurons: codes(&random), routes: routes, inputs: inputs,
      poisson: ProgramImage.Poisson(), outputs: ProgramImage.Outputs(),
      populations: [ProgramImage.Population(name: "all", model: "CubaLIF", size: neurons)],
      networkText: "{}", manifestText: "{}")
    image.cores.x = (0..<cores).map { Int32($0 % side) }
    image.cores.y = (0..<cores).map { Int32($0 / side) }
    image.cores.axonBegin = axonBegin
    image.cores.neuronBegin = (0...cores).map { Int64($0 * perCore) }
    let problems = image.verify()
    guard problems.isEmpty else { throw Failure(.ourBug, problems) }
    return image
  }

  /// Input for as many ticks; nothing for a network without channels.
  func input(ticks: Int) -> SpikeTrains {
    var random = SplitMix64(state: 2)
    var events: [SpikeTrains.Event] = []
    for tick in 0..<(channels > 0 ? ticks : 0) {
      for channel in 0..<channels where random.below(1 << 20) < Int(inputRate * Double(1 << 20)) {
        events.append(.init(sample: 0, tick: Int32(tick), channel: Int32(channel)))
      }
    }
    return SpikeTrains(samples: 1, ticks: ticks, channels: channels, events: events)
  }

  /// One target in each of `fanOut` equal parts of the rows of the cores that are reached, so that they come in order.
  private func project(
    to reached: [Int], _ crossbar: inout CoreLists, _ routes: inout ProgramImage.Routes,
    _ random: inout SplitMix64
  ) {
    let rows = reached.count * perCore
    var last = -1
    for part in 0..<fanOut {
      let begin = part * rows / fanOut
      let place = begin + random.below((part + 1) * rows / fanOut - begin)
      let core = reached[place / perCore]
      if core != last {
        routes.kind.append(ProgramImage.RouteKind.spike.rawValue)
        routes.core.append(Int32(core))
        routes.axon.append(UInt16(crossbar.addAxon(core: core)))
        routes.delay.append(1)
        last = core
      }
      crossbar.add(neuron: place % perCore, core: core, weight: random.weight())
    }
    routes.begin.append(Int64(routes.core.count))
  }

  private func around(_ core: Int) -> [Int] {
    (0..<cores).filter { abs($0 / side - core / side) <= 1 && abs($0 % side - core % side) <= 1 }
  }

  private func codes(_ random: inout SplitMix64) -> ProgramImage.Neurons {
    func all<Number>(_ value: Number) -> [Number] { [Number](repeating: value, count: neurons) }
    var codes = ProgramImage.Neurons()
    codes.kind = all(ProgramImage.NeuronKind.spiking.rawValue)
    codes.v0 = (0..<neurons).map { _ in Int32(random.below(Self.threshold)) }
    codes.u0 = all(0)
    codes.decay = all(0)
    codes.decayExponent = all(12)
    codes.synapseDecay = all(4096)
    codes.synapseDecayExponent = all(12)
    codes.gain = all(1 << 16)
    codes.weightExponent = all(0)
    codes.bias = all(Int32(rate * Double(Self.threshold)))
    codes.threshold = all(Int32(Self.threshold))
    codes.reset = all(Int32(Self.threshold))
    codes.resetMode = all(ProgramImage.ResetMode.subtract.rawValue)
    codes.refractory = all(0)
    codes.kick = all(0)
    codes.floor = all(-(1 << 23))
    codes.start = all(0)
    codes.stop = all(0)
    codes.column = (0..<neurons).map { UInt16($0 % perCore) }
    codes.scale = all(1)
    codes.population = all(0)
    codes.index = (0..<neurons).map { Int32($0) }
    let none = all(0.0)
    codes.capacitance.membrane = none
    codes.capacitance.node = none
    codes.capacitance.crosspoint = none
    codes.capacitance.wire = none
    codes.capacitance.coupling = none
    codes.capacitance.total = none
    return codes
  }

  private func chip(axons: Int) throws(Failure) -> Chip {
    try Chip.load(
      "tessera-d", directories: ["chips"],
      overrides: [
        ("mesh.width", "\(side)"), ("mesh.height", "\(side)"), ("mesh.multicast", "\(multicast)"),
        ("core.neurons", "\(perCore)"), ("core.axons", "\(axons)"),
        ("datapath.decayRounding", "floor"), ("routing.packetBits", "64"),
        ("routing.destinationsPerNeuron", "\(max(fanOut, 1))"),
      ])
  }
}

/// Crossbars that grow side by side.
private struct CoreLists {
  private var lists: [ProgramImage.Crossbar]

  init(cores: Int) { lists = [ProgramImage.Crossbar](repeating: .init(), count: cores) }

  var mostAxons: Int { lists.map { $0.begin.count - 1 }.max() ?? 0 }

  /// Its number within the core.
  @discardableResult
  mutating func addAxon(core: Int) -> Int {
    lists[core].begin.append(Int64(lists[core].neuron.count))
    return lists[core].begin.count - 2
  }

  /// To the core's last axon.
  mutating func add(neuron: Int, core: Int, weight: Int16) {
    lists[core].neuron.append(UInt16(neuron))
    lists[core].weight.append(weight)
    lists[core].begin[lists[core].begin.count - 1] += 1
  }

  /// All of them, one core after the other, and where the axons of each begin.
  func joined() -> (ProgramImage.Crossbar, axonBegin: [Int64]) {
    var all = ProgramImage.Crossbar()
    var axonBegin: [Int64] = [0]
    for list in lists {
      let first = Int64(all.neuron.count)
      all.begin += list.begin.dropFirst().map { first + $0 }
      all.neuron += list.neuron
      all.weight += list.weight
      axonBegin.append(Int64(all.begin.count - 1))
    }
    return (all, axonBegin)
  }
}

extension SplitMix64 {
  /// From ±1 to ±127.
  fileprivate mutating func weight() -> Int16 {
    let code = below(254)
    return Int16(code < 127 ? code - 127 : code - 126)
  }
}
