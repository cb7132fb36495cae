import NetworkIR

/// LIF neurons of 100 targets each and weights of 8 bits, made in memory: what `CompileSpeed` compiles.
struct CompileNetworks {
  /// Neurons per core, and targets per neuron.
  static let perCore = 1024
  static let targets = 100

  let neurons: Int
  /// Mesh that the cores fill, row by row.
  let side: Int
  /// Axons that a core needs.
  let axons: Int
  /// Whether targets lie in the (up to) 8 cores around a neuron's own; else anywhere.
  private let isLocal: Bool

  /// 16,384 neurons on 4 × 4 cores, targets anywhere.
  static let w3 = CompileNetworks(neurons: 16_384, axons: 16_384, isLocal: false)

  /// Neurons on a square of cores, each with its targets in the cores around its own.
  static func local(neurons: Int) -> CompileNetworks {
    CompileNetworks(neurons: neurons, axons: 8 * perCore, isLocal: true)
  }

  private init(neurons: Int, axons: Int, isLocal: Bool) {
    self.neurons = neurons
    self.axons = axons
    self.isLocal = isLocal
    let cores = (neurons + Self.perCore - 1) / Self.perCore
    var side = 1
    while side * side < cores { side += 1 }
    self.side = side
  }

  /// The network: one population that projects to itself, one tick later.
  func network() -> Network {
    func all(_ value: Double) -> [Double] { [Double](repeating: value, count: neurons) }
    let population = Population(
      name: "neurons", shape: [neurons], model: "LIF", tau: all(0.02), r: all(1), leak: all(0),
      firing: Population.Firing(threshold: all(1000), reset: all(0), refractory: all(0)), initial: all(0))
    return Network(
      name: "benchmark", dynamics: Dynamics(dt: 1e-3), inputs: [InputPort(name: "input", shape: [1])],
      populations: [population],
      projections: [
        Projection(
          source: .population(0), target: 0, maps: [weights()], delayTicks: 1, isFeedback: true,
          path: ["neurons", "neurons"])
      ],
      outputs: [OutputPort(name: "output", population: 0)])
  }

  /// Sources are drawn twice, once to count and once to fill, so that nothing is held twice.
  private func weights() -> LinearMap {
    var begin = [Int](repeating: 0, count: neurons + 1)
    forEachSynapse { target, _, _ in begin[target + 1] += 1 }
    for target in 0..<neurons { begin[target + 1] += begin[target] }
    var next = begin
    var column = [Int32](repeating: 0, count: begin[neurons])
    var weight = [Double](repeating: 0, count: begin[neurons])
    forEachSynapse { target, source, value in
      column[next[target]] = Int32(source)
      weight[next[target]] = value
      next[target] += 1
    }
    return .sparse(begin: begin, column: column, weight: weight, columns: neurons)
  }

  /// Calls `body` for the synapses of one source after the other; no source has a target twice.
  private func forEachSynapse(_ body: (_ target: Int, _ source: Int, _ weight: Double) -> Void) {
    var random = SplitMix64(state: 1)
    var last = [Int32](repeating: -1, count: neurons)
    var fields: [Range<Int>] = [0..<neurons]
    for source in 0..<neurons {
      if isLocal, source % Self.perCore == 0 { fields = neighbours(of: source / Self.perCore) }
      for _ in 0..<Self.targets {
        var target: Int
        repeat {
          let field = fields[random.below(fields.count)]
          target = field.lowerBound + random.below(field.count)
        } while last[target] == source
        last[target] = Int32(source)
        let code = random.below(254)
        body(target, source, Double(code < 127 ? code - 127 : code - 126))
      }
    }
  }

  /// The neurons of every core around `core`. Rows run to and fro, as the compiler lays them.
  private func neighbours(of core: Int) -> [Range<Int>] {
    func across(_ number: Int) -> Int {
      (number / side) % 2 == 0 ? number % side : side - 1 - number % side
    }
    var result: [Range<Int>] = []
    for other in 0..<(neurons + Self.perCore - 1) / Self.perCore where other != core {
      if abs(other / side - core / side) <= 1, abs(across(other) - across(core)) <= 1 {
        result.append(other * Self.perCore..<min((other + 1) * Self.perCore, neurons))
      }
    }
    return result
  }
}

/// Steele, Lea and Flood's generator, 64 bits.
struct SplitMix64 {
  var state: UInt64

  /// A number in 0 ..< bound (Lemire's multiplication; its bias of bound/2^64 does not matter here).
  mutating func below(_ bound: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var x = state
    x = (x ^ (x >> 30)) &* 0xBF58_476D_1CE4_E5B9
    x = (x ^ (x >> 27)) &* 0x94D0_49BB_1331_11EB
    x ^= x >> 31
    return Int(x.multipliedFullWidth(by: UInt64(bound)).high)
  }
}
