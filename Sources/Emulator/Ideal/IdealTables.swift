import ChipModel
import ProgramImage

/// What an ideal mesh needs beside the packets of `Tables`: what each of them costs on its way, and the synapses that it
/// reaches, one after the other, so that a spike goes straight into the sums of its targets.
///
/// Straight is the same as through the axons where no axon of the target core can hold more than one spike: where each is
/// fed by one route only, by no input, and a neuron fires once a tick. Other packets take the way through the ring, and so
/// do those to cores whose crossbars are full rows.
final class IdealTables: Sendable {
  struct Way: Sendable {
    /// Links that the packet and its copies cross, and those of them along y.
    var hops: UInt32
    var verticalHops: UInt32
    /// The synapses of a packet that goes straight into sums; empty for others.
    var begin: UInt32
    var end: UInt32
  }

  /// Beside `Tables.sends.sends`, and beside `Tables.inputs.sends`.
  let ways: [Way]
  let inputWays: [Way]
  /// Beside `Tables.targets`: what the axon costs its core when it is read.
  let costs: [Cost]
  struct Cost: Sendable {
    var synapses: UInt32
    var cycles: UInt32
  }
  /// [synapses] in the order of the packets: the target's row, 16 or 32 bits (the other is empty), and the weight.
  let shortRows: [UInt16]
  let longRows: [Int32]
  let narrowWeights: [Int8]
  let wideWeights: [Int16]
  /// [cores] whether anything goes straight into its sums.
  let isStraight: [Bool]

  init(_ image: ProgramImage, _ tables: Tables) {
    let isStraight = IdealTables.straightCores(image, tables)
    let isShort = tables.rows <= 1 << 16
    let isNarrow = tables.synapses.isNarrow
    var ways: [Way] = []
    var shortRows: [UInt16] = []
    var longRows: [Int32] = []
    var narrowWeights: [Int8] = []
    var wideWeights: [Int16] = []
    for row in 0..<tables.rows {
      for number in Int(tables.sends.begin[row])..<Int(tables.sends.begin[row + 1]) {
        let send = tables.sends.sends[number]
        let targets = tables.targets[Int(send.begin)..<Int(send.end)]
        var way = tables.way(of: send, from: tables.routerOf[tables.coreOf(row: row)])
        way.begin = UInt32(narrowWeights.count + wideWeights.count)
        if !send.isPartial, targets.allSatisfy({ isStraight[Int($0.core)] }) {
          for target in targets {
            let first = tables.neuronBegin[Int(target.core)]
            let list = image.crossbar.begin[Int(target.target)]..<image.crossbar.begin[Int(target.target) + 1]
            for i in Int(list.lowerBound)..<Int(list.upperBound) {
              let targetRow = first + Int(image.crossbar.neuron[i])
              if isShort { shortRows.append(UInt16(targetRow)) } else { longRows.append(Int32(targetRow)) }
              if isNarrow {
                narrowWeights.append(Int8(truncatingIfNeeded: image.crossbar.weight[i]))
              } else {
                wideWeights.append(image.crossbar.weight[i])
              }
            }
          }
        }
        way.end = UInt32(narrowWeights.count + wideWeights.count)
        ways.append(way)
      }
    }
    self.ways = ways
    inputWays = tables.inputs.sends.map { tables.way(of: $0, from: 0) }
    costs = tables.costs()
    self.shortRows = shortRows
    self.longRows = longRows
    self.narrowWeights = narrowWeights
    self.wideWeights = wideWeights
    self.isStraight = isStraight
  }

  /// Cores with lists of synapses whose axons hold one spike at most.
  private static func straightCores(_ image: ProgramImage, _ tables: Tables) -> [Bool] {
    guard tables.rules.spikesPerTick == 1, tables.perEvent == nil else {
      return [Bool](repeating: false, count: tables.coreCount)
    }
    var isFed = [Bool](repeating: false, count: tables.axons)
    var isStraight = (0..<tables.coreCount).map { !tables.synapses.hasRows(core: $0) }
    func feed(core: Int32, axon: UInt16) {
      let place = tables.axonBegin[Int(core)] + Int(axon)
      if isFed[place] { isStraight[Int(core)] = false }
      isFed[place] = true
    }
    for i in image.routes.core.indices where image.routes.kind[i] == ProgramImage.RouteKind.spike.rawValue {
      feed(core: image.routes.core[i], axon: image.routes.axon[i])
    }
    for i in image.inputs.core.indices { feed(core: image.inputs.core[i], axon: image.inputs.axon[i]) }
    return isStraight
  }
}

extension Tables {
  /// The links of a packet, which are those of its tree.
  fileprivate func way(of send: Send, from router: Int32) -> IdealTables.Way {
    var way = IdealTables.Way(hops: 0, verticalHops: 0, begin: 0, end: 0)
    if send.branch >= 0 {
      var open = [send.branch]
      while let branch = open.popLast() {
        for output in 0..<4 where trees.branches[Int(branch)].outputs & (1 << UInt8(output)) != 0 {
          way.hops += 1
          way.verticalHops += output >= 2 ? 1 : 0
          open.append(trees.child(of: branch, output: output))
        }
      }
    } else {
      let width = Int32(chip.mesh.width)
      let to = routerOf[Int(targets[Int(send.begin)].core)]
      way.verticalHops = UInt32(abs(to / width - router / width))
      way.hops = UInt32(abs(to % width - router % width)) + way.verticalHops
    }
    return way
  }

  /// What reading the axon costs that each target is; nothing where it is a neuron.
  fileprivate func costs() -> [IdealTables.Cost] {
    var costs = [IdealTables.Cost](repeating: .init(synapses: 0, cycles: 0), count: targets.count)
    for send in sends.sends + inputs.sends where !send.isPartial {
      for place in Int(send.begin)..<Int(send.end) {
        let axon = Int(targets[place].target)
        costs[place] = .init(
          synapses: synapses.count(axon: axon), cycles: UInt32(clamping: rowTimes.cycles(axon: axon)))
      }
    }
    return costs
  }

  /// The core of a row.
  fileprivate func coreOf(row: Int) -> Int {
    var low = 0
    var high = coreCount - 1
    while low < high {
      let middle = (low + high + 1) / 2
      if neuronBegin[middle] <= row { low = middle } else { high = middle - 1 }
    }
    return low
  }
}
