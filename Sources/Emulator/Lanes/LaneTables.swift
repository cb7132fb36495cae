import ChipModel
import ProgramImage

/// Which rows are updated many at a time.
///
/// Neurons of a population mostly have one set of codes. Rows of a core that follow each other and differ in nothing but
/// their bias form a segment, whose codes the kernel keeps in registers while it walks over the states. What the kernel
/// does not do (programs, noise, stochastic leaks, partial neurons, splitters) is left to the update of one neuron at a time.
struct LaneTables: Sendable {
  struct Segment: Sendable {
    var rows: Range<Int>
    var isLane: Bool
    /// Whether 32 bits hold all of its arithmetic.
    var isNarrow = false
    /// The first of its blocks (`LaneRest`), counted over the chip; only a lane has any.
    var firstBlock = 0
  }

  /// [cores + 1] into `segments`.
  private(set) var begin: [Int] = [0]
  private(set) var segments: [Segment] = []
  /// [rows]
  let bias: [Int32]
  /// [rows] whether a spike is sent anywhere; apart from the codes, so that who fired is looked up in few cache lines.
  let sends: [Bool]
  /// [cores] whether a sum can leave the accumulator.
  private(set) var overflows: [Bool] = []
  /// [cores + 1] where a core's blocks begin (`LaneRest`).
  private(set) var blockBegin: [Int] = [0]

  /// Shorter segments are not worth the start of a loop.
  static let shortest = 4

  init(_ image: ProgramImage, _ codes: [NeuronCodes], _ rules: Rules, _ noise: NoiseTables?) {
    bias = image.neurons.bias
    sends = codes.map(\.hasRoutes)
    let isLeaky = image.chip.additive == nil && !rules.decayDivider.needsDraw
    let largest = Int64(image.chip.core.axonCountMaximum) << Int64(image.chip.crossbar.weightBits - 1)
    for core in 0..<image.cores.count {
      let rows = Int(image.cores.neuronBegin[core])..<Int(image.cores.neuronBegin[core + 1])
      let isQuiet = isLeaky && noise?.isUsed[core] != true
      let axons = image.cores.axonBegin[core + 1] - image.cores.axonBegin[core]
      // A sum that leaves the accumulator is put back into it.
      let bound = min(axons * largest, -rules.accumulator.low)
      var first = rows.lowerBound
      while first < rows.upperBound {
        var end = first + 1
        while end < rows.upperBound, codes[end].isLike(codes[first]) { end += 1 }
        append(first..<end, isLane: isQuiet && end - first >= LaneTables.shortest && codes[first].canBeLane)
        segments[segments.count - 1].isNarrow = codes[first].isNarrow(sum: bound)
        first = end
      }
      numberBlocks(from: begin[core])
      begin.append(segments.count)
      overflows.append(axons * largest > rules.accumulator.high)
    }
  }

  /// Of a core's segments, from `first` on.
  private mutating func numberBlocks(from first: Int) {
    var next = blockBegin[blockBegin.count - 1]
    for i in first..<segments.count where segments[i].isLane {
      segments[i].firstBlock = next
      next += (segments[i].rows.count + LaneRest.blockSize - 1) / LaneRest.blockSize
    }
    blockBegin.append(next)
  }

  /// Rows that are updated one at a time stay together.
  private mutating func append(_ rows: Range<Int>, isLane: Bool) {
    if !isLane, segments.count > begin[begin.count - 1], let last = segments.last, !last.isLane {
      segments[segments.count - 1].rows = last.rows.lowerBound..<rows.upperBound
    } else {
      segments.append(Segment(rows: rows, isLane: isLane))
    }
  }
}

extension NeuronCodes {
  /// Whether an update fits 32 bits, sums being at most `sum`.
  fileprivate func isNarrow(sum: Int64) -> Bool {
    wholeShift >= 0 && sum << Int64(wholeShift) < 1 << 30
      && decay <= Int32.largestFactor && Int32.exponents.contains(Int(decayExponent))
      && (!keepsCurrent
        || synapseDecay <= Int32.largestFactor && Int32.exponents.contains(Int(synapseDecayExponent)))
  }

  fileprivate var canBeLane: Bool {
    kind == ProgramImage.NeuronKind.spiking.rawValue || kind == ProgramImage.NeuronKind.potential.rawValue
  }

  /// Whether another neuron's codes are these, but for the bias, the place and whether it sends.
  fileprivate func isLike(_ other: NeuronCodes) -> Bool {
    var other = other
    other.bias = bias
    other.column = column
    other.kick = kick
    other.hasRoutes = hasRoutes
    return self == other
  }
}
