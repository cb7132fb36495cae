import ChipModel
import FixedPoint
import Foundation
import ProgramImage

/// The random words of a program's neurons (docs/emulator-semantics.md §3.2), by neuron, sample and tick, in any order.
///
/// Neurons are numbered as the populations name them, one population after the other. A network that draws from them
/// has the noise of the chip, word for word; normal numbers made of them are as close to the chip's as two
/// distributions can be: the same word is the same quantile of both.
public struct NoiseWords: Sendable, Equatable {
  private struct Place: Sendable, Equatable {
    var stream: UInt32
    var core: UInt32
    /// Neurons of the core up to and with this one, and all of them.
    var number: Int
    var neurons: Int
    /// Bits of the threshold noise that are used.
    var thresholdBits: Int
  }

  private let rules: Chip.Noise
  private let seed: UInt64
  private var places: [Place]
  /// Leaps of 2^k words of a register.
  private let leaps: [ShiftRegisterLeap]
  private let wordMask: UInt32

  /// Nil for a program without noise.
  public init?(_ image: ProgramImage) {
    guard let rules = image.chip.datapath.noise, !image.neurons.noise.mantissa.isEmpty else { return nil }
    self.rules = rules
    seed = image.seed
    wordMask = UInt32.max >> UInt32(32 - rules.wordBits)
    switch rules.generator {
    case .counter: leaps = []
    case .register(let register):
      leaps = (0..<40).map { power in
        ShiftRegisterLeap(bits: register.bits, mask: register.mask, steps: rules.bitsPerNeuron << power)
      }
    }
    var offsets: [Int] = []
    var next = 0
    for population in image.populations {
      offsets.append(next)
      next += population.size
    }
    places = [Place](
      repeating: Place(stream: 0, core: 0, number: 1, neurons: 1, thresholdBits: 0), count: next)
    let neurons = image.neurons
    for core in 0..<image.cores.count {
      let rows = Int(image.cores.neuronBegin[core])..<Int(image.cores.neuronBegin[core + 1])
      for row in rows where neurons.isMain(row) {
        places[offsets[Int(neurons.population[row])] + Int(neurons.index[row])] = Place(
          stream: neurons.noise.stream[row], core: UInt32(core), number: row - rows.lowerBound + 1,
          neurons: rows.count,
          thresholdBits: Int32.bitWidth - neurons.noise.mask[row].leadingZeroBitCount)
      }
    }
  }

  /// r of a neuron.
  public func word(_ neuron: Int, sample: Int, tick: Int) -> UInt32 {
    let place = places[neuron]
    let sample = UInt32(truncatingIfNeeded: sample)
    guard !leaps.isEmpty else {
      return CounterRandom.draw(
        seed: seed, sample: sample, tick: UInt32(truncatingIfNeeded: tick), index: place.stream, .noise)
    }
    let start = CounterRandom.draw(seed: seed, sample: sample, tick: 0, index: place.core, .noiseRegister)
    var register = max(start & wordMask, 1)
    let words = tick * place.neurons + place.number
    for (power, leap) in leaps.enumerated() where words >> power & 1 == 1 { register = leap(register) }
    return register
  }

  /// 2·ρ_v − (2^bits − 1); 0 on a chip without membrane noise.
  func membrane(_ word: UInt32) -> Double {
    guard let membrane = rules.membrane else { return 0 }
    let random = word >> UInt32(rules.wordBits - membrane.bits)
    return 2 * Double(random) - Double((1 << membrane.bits) - 1)
  }

  /// ρ_θ and mask.
  func threshold(_ word: UInt32, mask: Int) -> Double { Double(Int(word) & mask) }

  /// Two normal numbers: the quantiles of the word's upper bits, and of its lower ones under the mask.
  func normal(_ neuron: Int, sample: Int, tick: Int) -> (membrane: Double, threshold: Double) {
    let word = word(neuron, sample: sample, tick: tick)
    let membrane = (Double(word) + 0.5) / (Double(wordMask) + 1)
    let bits = places[neuron].thresholdBits
    let count = Double(1 << bits)
    let threshold = (Double(Int(word) & (1 << bits) - 1) + 0.5) / count
    return (normalQuantile(membrane), bits == 0 ? 0 : normalQuantile(threshold))
  }
}

/// The number below which a standard normal number lies with probability p, 0 < p < 1; to 1e-14.
///
/// **Method:** Newton's steps on erfc from a rational start.
/// **Source:** the start is M. Abramowitz, I. A. Stegun, Handbook of Mathematical Functions (1964) 26.2.23.
func normalQuantile(_ p: Double) -> Double {
  let tail = min(p, 1 - p)
  let t = (-2 * log(tail)).squareRoot()
  var x =
    t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)))
  for _ in 0..<3 {
    let error = 0.5 * erfc(x / 2.0.squareRoot()) - tail
    x += error * (2 * Double.pi).squareRoot() * exp(x * x / 2)
  }
  return p < 0.5 ? -x : x
}
