import ChipModel
import ProgramImage

/// What tables are made of: an image in parts, each of which is let go of when it has been laid out.
///
/// Synapses and packets of neurons are most of a large program. They are taken out of the image, and where nothing carries
/// packets, or all spikes go straight into sums, not even their lists stay.
struct Material {
  let rules: Rules
  /// Of the ring that the program uses.
  let slots: Int
  /// [cores + 1]
  let axonBegin: [Int]
  let neuronBegin: [Int]
  /// [cores] router of each core; [routers] core at each router, −1 without.
  let routerOf: [Int32]
  let coreAt: [Int32]
  let places: RingPlaces
  let rowTimes: RowTimes
  let stochastic: StochasticSynapses?
  /// [cores] whether partial sums can arrive.
  let takesPartials: [Bool]
  /// [cores] whether its synapses are held as full rows.
  let hasRows: [Bool]
  /// [cores] whether spikes to it may go straight into sums: see `IdealRoutes`.
  let isStraight: [Bool]
  /// What carries packets.
  let mesh: RunOptions.Mesh
  /// Whether, with the mesh of the chip, all spikes go straight when they are sent, because none of them can be late.
  let isBeforehand: Bool
  /// A bound of the size of all sums; only with an ideal mesh.
  let largestSum: Int64
  var synapses: SynapseSource
  var packets: PacketLists

  /// Takes crossbar, routes and inputs out of the image.
  ///
  /// - Parameter crosspointsPerSynapse: as `Emulator` takes it.
  init(_ image: inout ProgramImage, mesh: RunOptions.Mesh, crosspointsPerSynapse: Double) {
    let chip = image.chip
    self.mesh = mesh
    rules = Rules(chip.datapath, seed: image.seed)
    // No delay of the program reaches further, so no more of the ring can hold anything.
    slots = 1 + max(1, Int(image.routes.delay.max() ?? 0), Int(image.inputs.delay.max() ?? 0))
    let axonBegin = image.cores.axonBegin.map { Int($0) }
    let neuronBegin = image.cores.neuronBegin.map { Int($0) }
    self.axonBegin = axonBegin
    self.neuronBegin = neuronBegin
    let routerOf = zip(image.cores.x, image.cores.y).map { $1 * Int32(chip.mesh.width) + $0 }
    var coreAt = [Int32](repeating: -1, count: chip.mesh.width * chip.mesh.height)
    for (core, router) in routerOf.enumerated() { coreAt[Int(router)] = Int32(core) }
    self.routerOf = routerOf
    self.coreAt = coreAt
    places = RingPlaces(axonBegin: axonBegin)
    rowTimes = RowTimes(image)
    let stochastic = StochasticSynapses(image)
    self.stochastic = stochastic
    var takesPartials = [Bool](repeating: false, count: image.cores.count)
    for i in image.routes.core.indices
    where image.routes.kind[i] == ProgramImage.RouteKind.partial.rawValue {
      takesPartials[Int(image.routes.core[i])] = true
    }
    self.takesPartials = takesPartials
    let isBarrier: Bool =
      switch chip.timing.tick(usedCores: image.cores.count) {
      case .barrier: true
      case .period: false
      }
    let canBeStraight = Material.straightCores(
      image, rules, axonBegin, (0..<image.cores.count).map { stochastic?.isUsed[$0] != true })
    let canBeBeforehand =
      isBarrier && (1...FlatBlocks.mostCores).contains(image.cores.count)
      && !takesPartials.contains(true) && !canBeStraight.contains(false)
    let cores = CoreLayout(image, crosspointsPerSynapse)
    // With the mesh of the chip all spikes go straight or none does.
    let goStraight = cores.choose(canBeStraight)
    isBeforehand = mesh == .cycles && canBeBeforehand && !goStraight.isStraight.contains(false)
    (hasRows, isStraight) =
      mesh == .ideal || isBeforehand ? goStraight : cores.choose(canBeStraight.map { _ in false })
    largestSum = mesh == .ideal ? Material.largestSum(image) : 0
    synapses = SynapseSource(&image)
    packets = PacketLists(&image, routerOf: routerOf, places)
  }

  /// Of the cores that can be, those whose axons hold one spike at most.
  private static func straightCores(
    _ image: ProgramImage, _ rules: Rules, _ axonBegin: [Int], _ canBe: [Bool]
  ) -> [Bool] {
    let isPerEvent = image.chip.timing.perEvent != nil && image.chip.additive != nil
    guard rules.spikesPerTick == 1, !isPerEvent else { return canBe.map { _ in false } }
    var isFed = [Bool](repeating: false, count: axonBegin.last ?? 0)
    var isStraight = canBe
    func feed(core: Int32, axon: UInt16) {
      let place = axonBegin[Int(core)] + Int(axon)
      if isFed[place] { isStraight[Int(core)] = false }
      isFed[place] = true
    }
    for i in image.routes.core.indices where image.routes.kind[i] == ProgramImage.RouteKind.spike.rawValue {
      feed(core: image.routes.core[i], axon: image.routes.axon[i])
    }
    for i in image.inputs.core.indices { feed(core: image.inputs.core[i], axon: image.inputs.axon[i]) }
    return isStraight
  }

  /// An axon that a neuron feeds holds one spike at most.
  private static func largestSum(_ image: ProgramImage) -> Int64 {
    let spikes = image.inputs.core.isEmpty ? 1 : Int64(image.chip.core.axonCountMaximum)
    let cores = image.cores
    var largest: Int64 = 0
    for core in 0..<cores.count {
      var size = [Int64](repeating: 0, count: Int(cores.neuronBegin[core + 1] - cores.neuronBegin[core]))
      let first = Int(image.crossbar.begin[Int(cores.axonBegin[core])])
      for i in first..<Int(image.crossbar.begin[Int(cores.axonBegin[core + 1])]) {
        size[Int(image.crossbar.neuron[i])] += abs(Int64(image.crossbar.weight[i]))
      }
      largest = max(largest, size.max() ?? 0)
    }
    return spikes * largest
  }

  /// [axons] whether spikes arrive at it one by one, so that its synapses are added when its core integrates.
  func axonsInLists() -> [Bool] {
    var isListed = [Bool](repeating: false, count: axonBegin.last ?? 0)
    func list(_ send: Send) {
      if send.isPartial { return }
      for i in 0..<send.count { isListed[Int(packets.destination(i, of: send).target)] = true }
    }
    for core in isStraight.indices where !(isBeforehand || mesh == .ideal && isStraight[core]) {
      for axon in axonBegin[core]..<axonBegin[core + 1] { isListed[axon] = true }
    }
    for send in packets.inputs.sends { list(send) }
    // Copies of a packet that goes to other cores as well take its way.
    if mesh == .ideal {
      for send in packets.sends.sends where !packets.allCores(of: send, isStraight) { list(send) }
    }
    return isListed
  }
}

/// Which cores hold their synapses as full rows.
///
/// A full row is added at vector speed whether a crosspoint is programmed or not, but not before its axon's count is read. So
/// where the spikes of neurons can go straight into sums, rows must be better by far. Where none come from neurons, rows are in
/// nobody's way.
private struct CoreLayout {
  /// [cores] whether a neuron feeds it; programmed crosspoints, and bytes of all.
  private var isFed: [Bool]
  private var synapses: [Double] = []
  private var bytes: [Double] = []
  private let crosspointsPerSynapse: Double

  init(_ image: ProgramImage, _ crosspointsPerSynapse: Double) {
    let cores = image.cores
    self.crosspointsPerSynapse = crosspointsPerSynapse
    isFed = [Bool](repeating: false, count: cores.count)
    for i in image.routes.core.indices where image.routes.kind[i] == ProgramImage.RouteKind.spike.rawValue {
      isFed[Int(image.routes.core[i])] = true
    }
    let isNarrow = image.crossbar.weight.allSatisfy { Int8(exactly: $0) != nil }
    for core in 0..<cores.count {
      let axons = Int(cores.axonBegin[core])..<Int(cores.axonBegin[core + 1])
      synapses.append(Double(image.crossbar.begin[axons.upperBound] - image.crossbar.begin[axons.lowerBound]))
      let width = cores.neuronBegin[core + 1] - cores.neuronBegin[core]
      bytes.append(Double(Int64(axons.count) * width * (isNarrow ? 1 : 2)))
    }
  }

  /// - Parameter canBeStraight: [cores] whether spikes to it may go straight into sums.
  /// - Returns: [cores] whether it has full rows, and whether spikes to it go straight.
  func choose(_ canBeStraight: [Bool]) -> (hasRows: [Bool], isStraight: [Bool]) {
    let hasRows = isFed.indices.map { core in
      let share = isFed[core] && canBeStraight[core] ? Emulator.straightShare : 1
      return synapses[core] * crosspointsPerSynapse * share > bytes[core]
    }
    return (hasRows, isFed.indices.map { canBeStraight[$0] && !(hasRows[$0] && isFed[$0]) })
  }
}

extension ProgramImage {
  /// Lets go of what no table is made of.
  mutating func dropTexts() {
    neurons.capacitance = Capacitance()
    neurons.scale = []
    networkText = ""
    manifestText = ""
  }

  /// Lets go of all that is in tables, but for what a state and a record begin with.
  mutating func dropTables() {
    var kept = Neurons()
    kept.kind = neurons.kind
    kept.v0 = neurons.v0
    kept.u0 = neurons.u0
    kept.start = neurons.start
    kept.population = neurons.population
    kept.index = neurons.index
    neurons = kept
    poisson = Poisson()
  }
}
