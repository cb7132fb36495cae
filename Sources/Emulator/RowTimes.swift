import ProgramImage

/// Cycles that the axons of a slot take: docs/emulator-semantics.md §4.
struct RowTimes: Sendable {
  /// [axons] where a row's time depends on its synapses; empty where all take `each`.
  private let ofAxon: [Int]
  let each: Int

  var areEqual: Bool { ofAxon.isEmpty }

  init(_ image: ProgramImage) {
    let timing = image.chip.timing
    func cycles(stored: Int64) -> Int {
      timing.rowCycles(stored: Int(stored), columns: image.chip.core.neurons)
    }
    each = timing.neuronMajor != nil ? 0 : cycles(stored: 0)
    ofAxon =
      timing.neuronMajor == nil && timing.work.rows == .stored
      ? zip(image.crossbar.begin, image.crossbar.begin.dropFirst()).map { cycles(stored: $1 - $0) }
      : []
  }

  /// Of one axon.
  @inline(__always) func cycles(axon: Int) -> Int { ofAxon.isEmpty ? each : ofAxon[axon] }

  /// Of the first `reads` axons of `taken`, which are counted from `firstAxon`.
  @inline(__always) func cycles(_ taken: TakenAxons, _ reads: Int, firstAxon: Int) -> Int {
    if ofAxon.isEmpty { return reads &* each }
    var sum = 0
    for i in 0..<reads { sum &+= ofAxon[firstAxon &+ Int(taken.axon[i])] }
    return sum
  }
}
