import ProgramImage

/// When the groups of a core's update are complete, counted from its beginning and without frozen cycles:
/// docs/emulator-semantics.md §4.
struct GroupTimes: Sendable {
  /// [cores + 1] into `ends`, and the cycles that end each group.
  private var begin = [0]
  private var ends: [Int] = []
  /// [cores]
  private var whole: [Int] = []
  /// [cores] neurons.
  private var sizes: [Int] = []

  init(_ image: ProgramImage, _ micro: MicroTables) {
    let timing = image.chip.timing
    for core in 0..<image.cores.count {
      let rows = Int(image.cores.neuronBegin[core])..<Int(image.cores.neuronBegin[core + 1])
      sizes.append(rows.count)
      if let neuronMajor = timing.neuronMajor {
        let each = neuronMajor.perNeuron(axons: image.chip.core.axons)
        ends += rows.map { (Int(image.neurons.column[$0]) + 1) * each }
        begin.append(ends.count)
        whole.append(neuronMajor.update(image.chip.core))
        continue
      }
      var end = 0
      for first in stride(from: rows.lowerBound, to: rows.upperBound, by: timing.neuronsPerCycle) {
        let group = first..<min(first + timing.neuronsPerCycle, rows.upperBound)
        end += group.reduce(0) { max($0, micro.cost(row: $1)?.cycles ?? timing.neuronCycles) }
        ends.append(end)
      }
      begin.append(ends.count)
      whole.append(end)
    }
  }

  @inline(__always) func complete(_ group: Int, core: Int) -> Int { ends[begin[core] + group] }

  /// Takes over what the neurons of a core take in this tick, in groups of `size`.
  mutating func set(core: Int, neurons: [Int], size: Int) {
    var end = 0
    var next = 0
    for group in begin[core]..<begin[core + 1] {
      let last = min(next &+ size, sizes[core])
      var longest = 0
      while next < last {
        longest = max(longest, neurons[next])
        next &+= 1
      }
      end &+= longest
      ends[group] = end
    }
    whole[core] = end
  }

  /// The time of all groups of a core.
  @inline(__always) func all(core: Int) -> Int { whole[core] }
}
