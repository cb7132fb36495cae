import ChipModel

/// The codes of every splitter of a program.
///
/// It has no leak, no bias and no synaptic current, its one synapse has weight `weight`, and reset value, floor and
/// kick are 0. So v is 0 whenever a tick begins. With x = R_in(weight · gain · 2^e / 2^g), whatever R_in is:
/// ```
/// no spike arrived   v' = 0 ≤ threshold (below it with >=): silent
/// a spike arrived    v' = x > threshold (≥ with >=), the code next to x/2: fires, v ← 0
/// ```
/// Nothing else can happen: its source fires at most once a tick, its column has no other synapse, and a neighbour's
/// kick cannot take v below the floor, where it already is. That is why the code of the kick is 0. What a reset switch
/// leaves behind (docs/architecture.md, "Parasitics") is a part of the threshold, so it can neither make it fire nor
/// keep it from firing, and is left out.
/// No register can overflow: ⌈x⌉ fits state and threshold, `weight` fits the accumulator.
struct SplitterCodes: Sendable, Equatable {
  var weight: Int16
  var weightExponent: UInt8
  var gain: Int32
  var threshold: Int32

  /// The largest step that fits, with the largest weight; nil where no weight gives a step of 1.
  ///
  /// - Parameter gain: share of a charge packet that arrives on the membrane, in (0, 1].
  init?(gain share: Double, chip: Chip) {
    let path = chip.datapath
    let unity = 1 << path.gainBits
    let gain = min(max(Int((share * Double(unity)).rounded()), 1), unity)
    let largest = min(1 << (chip.crossbar.weightBits - 1), 1 << (path.accumulatorBits - 1)) - 1
    let room = (1 << (min(path.stateBits, path.thresholdBits + path.thresholdShift) - 1)) - 1
    // Products stay below 2^(15 + 16 + 15).
    func highest(_ weight: Int, _ exponent: Int) -> Int {
      (((weight * gain) << exponent) + unity - 1) >> path.gainBits
    }
    let exponents = path.weightExponents
    let exponent = exponents.reversed().first { highest(largest, $0) <= room } ?? exponents.lowerBound
    let weight = min(largest, (room << path.gainBits) / (gain << exponent))
    let step = ((weight * gain) << exponent) >> path.gainBits
    let threshold = path.threshold(nearest: path.comparison == .greater ? step / 2 : (step + 1) / 2)
    // Below the step, and not so low that silence fires.
    guard path.comparison == .greater ? 0..<max(step, 0) ~= threshold : 1..<step + 1 ~= threshold,
      path.synapseInput == .afterDecay
    else { return nil }
    self.weight = Int16(weight)
    weightExponent = UInt8(exponent)
    self.gain = Int32(gain)
    self.threshold = Int32(threshold)
  }
}
