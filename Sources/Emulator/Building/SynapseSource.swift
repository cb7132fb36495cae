import ProgramImage

/// The image's synapses while tables are made of them.
///
/// What has been laid out elsewhere is given back, so that a synapse is not in memory twice, whatever the order in which axons
/// are taken.
struct SynapseSource {
  /// [axons + 1]
  private let begin: [UInt32]
  /// Per synapse; what has been taken is of no meaning.
  private var neuron: [UInt16]
  private var weight: [Int16]
  /// By piece of `SynapseSource.piece` synapses: those that have not been taken.
  private var left: [Int]
  /// Whether all weights have 8 bits.
  let isNarrow: Bool

  /// Synapses whose memory is given back together, 16 KiB of neurons and as much of weights.
  private static let piece = 1 << 13

  /// Takes the synapses out of the image. The weights of stochastic ones, which have a pass of their own, are 0.
  init(_ image: inout ProgramImage) {
    StochasticSynapses.silence(&image)
    var crossbar = ProgramImage.Crossbar()
    swap(&crossbar, &image.crossbar)
    begin = crossbar.begin.map { UInt32($0) }
    neuron = crossbar.neuron
    weight = crossbar.weight
    isNarrow = weight.allSatisfy { $0 == Int16(Int8(truncatingIfNeeded: $0)) }
    let count = weight.count
    left = stride(from: 0, to: count, by: SynapseSource.piece).map { min(SynapseSource.piece, count - $0) }
  }

  /// Nothing.
  init() {
    begin = [0]
    neuron = []
    weight = []
    left = []
    isNarrow = true
  }

  /// Synapses of axons that follow each other.
  func count(_ axons: Range<Int>) -> Int { Int(begin[axons.upperBound] - begin[axons.lowerBound]) }
  func count(axon: Int) -> Int { Int(begin[axon + 1] - begin[axon]) }

  /// Calls `body` with neuron (within the core) and weight of each synapse of an axon, in order, and leaves them there.
  @inline(__always) func read(axon: Int, _ body: (UInt16, Int16) -> Void) {
    for i in Int(begin[axon])..<Int(begin[axon + 1]) { body(neuron[i], weight[i]) }
  }

  /// As `read`; an axon can be taken once.
  @inline(__always) mutating func take(axon: Int, _ body: (UInt16, Int16) -> Void) {
    read(axon: axon, body)
    var next = Int(begin[axon])
    let last = Int(begin[axon + 1])
    while next < last {
      let piece = next / SynapseSource.piece
      let end = min(last, (piece + 1) * SynapseSource.piece)
      left[piece] -= end - next
      if left[piece] == 0 { giveBack(piece) }
      next = end
    }
  }

  /// Pieces do not end where pages do: what a page shares with the piece before or after goes with the later of the two.
  private mutating func giveBack(_ piece: Int) {
    let first = piece > 0 && left[piece - 1] == 0 ? piece - 1 : piece
    let last = piece + 1 < left.count && left[piece + 1] == 0 ? piece + 1 : piece
    let all = first * SynapseSource.piece..<min((last + 1) * SynapseSource.piece, weight.count)
    neuron.giveBack(all)
    weight.giveBack(all)
  }
}
