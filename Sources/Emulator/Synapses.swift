import ProgramImage

/// The crossbars' weights, per core either as full rows or as lists, whichever is faster to add.
///
/// A full row is added at vector speed whether a crosspoint is programmed or not; a list entry costs about as
/// much as five of its crosspoints. So a core whose crossbar is more than a fifth full uses rows.
struct Synapses: Sendable {
  /// [axons + 1] the image's lists.
  let begin: [Int]
  let neuron: [UInt16]
  let weight: [Int16]
  /// [cores] where the core's rows begin in `dense`, −1 where lists are used; row length = the core's neurons.
  let denseBegin: [Int]
  let dense: [Int16]

  init(_ image: ProgramImage) {
    let begin = image.crossbar.begin.map { Int($0) }
    var denseBegin: [Int] = []
    var dense: [Int16] = []
    for core in 0..<image.cores.count {
      let axons = Int(image.cores.axonBegin[core])..<Int(image.cores.axonBegin[core + 1])
      let width = Int(image.cores.neuronBegin[core + 1] - image.cores.neuronBegin[core])
      let stored = begin[axons.upperBound] - begin[axons.lowerBound]
      guard stored * 5 > axons.count * width else {
        denseBegin.append(-1)
        continue
      }
      denseBegin.append(dense.count)
      for axon in axons {
        let row = dense.count
        dense += [Int16](repeating: 0, count: width)
        for i in begin[axon]..<begin[axon + 1] {
          dense[row + Int(image.crossbar.neuron[i])] += image.crossbar.weight[i]
        }
      }
    }
    self.begin = begin
    neuron = image.crossbar.neuron
    weight = image.crossbar.weight
    self.denseBegin = denseBegin
    self.dense = dense
  }
}
