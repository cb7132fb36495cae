import ChipModel
import FixedPoint
import ProgramImage

/// The noise codes of all rows and the rules of their words, laid out for the update: docs/emulator-semantics.md §3.2.
struct NoiseTables: Sendable {
  struct Codes: Sendable {
    /// mantissa, 0 for no membrane noise.
    var mantissa: Int64
    /// fractionBits − exponent: to the right; negative: to the left.
    var shift: Int64
    var mask: UInt32
    var stream: UInt32
  }

  /// [rows]
  let codes: [Codes]
  /// [cores] whether any row of the core has noise; the others need no words.
  let isUsed: [Bool]
  /// Nil where words come from the counter.
  let leap: ShiftRegisterLeap?
  private let wordMask: UInt32
  /// wordBits − membrane bits, and 2^bits − 1.
  private let membraneShift: UInt32
  private let membraneMiddle: Int64
  private let divider: Divider
  private let seed: UInt64

  /// Nil for an image without noise.
  init?(_ image: ProgramImage) {
    let noise = image.neurons.noise
    guard let rules = image.chip.datapath.noise, !noise.mantissa.isEmpty else { return nil }
    let membraneBits = rules.membrane?.bits ?? 0
    codes = noise.mantissa.indices.map { row in
      Codes(
        mantissa: Int64(noise.mantissa[row]),
        shift: Int64((rules.membrane?.fractionBits ?? 0) - Int(noise.exponent[row])),
        mask: UInt32(noise.mask[row]), stream: noise.stream[row])
    }
    let begin = image.cores.neuronBegin
    isUsed = (0..<image.cores.count).map { core in
      (Int(begin[core])..<Int(begin[core + 1])).contains {
        noise.mantissa[$0] != 0 || noise.mask[$0] != 0 || image.hasStochasticLeak($0)
      }
    }
    guard isUsed.contains(true) else { return nil }
    switch rules.generator {
    case .counter: leap = nil
    case .register(let register):
      leap = ShiftRegisterLeap(bits: register.bits, mask: register.mask, steps: rules.bitsPerNeuron)
    }
    wordMask = UInt32.max >> UInt32(32 - rules.wordBits)
    membraneShift = UInt32(min(rules.wordBits - membraneBits, 31))
    membraneMiddle = 1 << Int64(membraneBits) - 1
    divider = Divider(image.chip.datapath.inputRounding)
    seed = image.seed
  }

  /// What a core's register holds before the first tick of a sample; 0 where there is none.
  func start(core: Int, sample: UInt32) -> UInt32 {
    guard leap != nil else { return 0 }
    let index = UInt32(truncatingIfNeeded: core)
    let word =
      CounterRandom.draw(seed: seed, sample: sample, tick: 0, index: index, .noiseRegister) & wordMask
    return max(word, 1)
  }

  /// The word of a row from the counter.
  @inline(__always) func counterWord(_ row: Int, _ time: TickTime) -> UInt32 {
    CounterRandom.draw(
      seed: seed, sample: time.sample, tick: UInt32(truncatingIfNeeded: time.tick), index: codes[row].stream,
      .noise)
  }

  // |2ρ − middle| < 2^16, mantissa < 2^12, shift ≥ −15: products stay below 2^43.
  /// n of a row whose word is given.
  @inline(__always) func membrane(_ row: Int, _ word: UInt32) -> Int64 {
    let code = codes[row]
    if code.mantissa == 0 { return 0 }
    let scaled = (2 &* Int64(word &>> membraneShift) &- membraneMiddle) &* code.mantissa
    return code.shift >= 0 ? divider.divide(scaled, code.shift, draw: 0) : scaled &<< (0 &- code.shift)
  }

  /// η of a row whose word is given.
  @inline(__always) func threshold(_ row: Int, _ word: UInt32) -> Int64 { Int64(word & codes[row].mask) }
}

extension ProgramImage {
  fileprivate func hasStochasticLeak(_ row: Int) -> Bool {
    let modes = neurons.additive.leakMode
    return !modes.isEmpty && LeakMode(rawValue: modes[row]).contains(.stochastic)
  }
}

/// Where a core's noise comes from; chosen once per core, so that the update of a core without noise has none.
protocol NoiseRule {
  /// Called for every row of the core in ascending order, active or not.
  mutating func advance()
  /// The word of the row that `advance` was last called for.
  func word(_ row: Int) -> UInt32
  func membrane(_ row: Int, _ word: UInt32) -> Int64
  func threshold(_ row: Int, _ word: UInt32) -> Int64
}

struct NoNoise: NoiseRule {
  @inline(__always) func advance() {}
  @inline(__always) func word(_ row: Int) -> UInt32 { 0 }
  @inline(__always) func membrane(_ row: Int, _ word: UInt32) -> Int64 { 0 }
  @inline(__always) func threshold(_ row: Int, _ word: UInt32) -> Int64 { 0 }
}

struct CoreNoise: NoiseRule {
  let tables: PerChip<NoiseTables>
  let time: TickTime
  var register: UInt32

  @inline(__always) mutating func advance() {
    if let leap = tables.value.leap { register = leap(register) }
  }
  @inline(__always) func word(_ row: Int) -> UInt32 {
    tables.value.leap == nil ? tables.value.counterWord(row, time) : register
  }
  @inline(__always) func membrane(_ row: Int, _ word: UInt32) -> Int64 { tables.value.membrane(row, word) }
  @inline(__always) func threshold(_ row: Int, _ word: UInt32) -> Int64 { tables.value.threshold(row, word) }
}
