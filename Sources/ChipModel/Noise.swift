extension Chip {
  /// The noise of a core's datapath: docs/emulator-semantics.md §3.2.
  ///
  /// In every tick each neuron has a word of random bits. Its `membrane.bits` upper bits ρ_v make the membrane noise
  /// ```
  /// n = R_in( (2·ρ_v − (2^bits − 1)) · mantissa · 2^exponent / 2^fractionBits )
  /// ```
  /// and its `threshold.bits` lower bits ρ_θ the threshold noise `η = ρ_θ and mask`; mantissa, exponent and mask are the
  /// neuron's own codes. The membrane noise is symmetric and uniform, as Loihi's is; the threshold noise is TrueNorth's.
  ///
  /// **Source:** M. Davies et al., "Loihi", IEEE Micro 38 (2018) 82, and the equation in the source of nengo-loihi;
  /// A. S. Cassidy et al., "Cognitive computing building block", IJCNN 2013, for `η = ρ & mask`.
  public struct Noise: Sendable, Equatable {
    public enum Generator: Sendable, Equatable {
      /// The counter-based generator (§8) with the neuron's stream as index: 32 bits per neuron and tick.
      case counter
      /// One shift register per core.
      case register(Register)
    }

    /// A linear feedback shift register that shifts to the left: the new lowest bit is the sum modulo 2 of the bits
    /// t − 1, t in `taps`.
    public struct Register: Sendable, Equatable {
      /// Descending; the first one is the number of bits.
      public var taps: [Int]
      public var bits: Int { taps.first ?? 1 }
      /// Bit t − 1 for every tap t.
      public var mask: UInt32 { taps.reduce(0) { $0 | 1 << UInt32($1 - 1) } }

      public init(taps: [Int]) { self.taps = taps }
    }

    public struct Membrane: Sendable, Equatable {
      /// Random bits per neuron and tick.
      public var bits: Int
      public var mantissaBits: Int
      public var exponents: ClosedRange<Int>
      public var fractionBits: Int

      public init(bits: Int, mantissaBits: Int, exponents: ClosedRange<Int>, fractionBits: Int) {
        self.bits = bits
        self.mantissaBits = mantissaBits
        self.exponents = exponents
        self.fractionBits = fractionBits
      }

      /// Standard deviation of `2·ρ_v − (2^bits − 1)`: √((4^bits − 1)/3).
      public var unitDeviation: Double {
        let values = Double(1 << bits)
        return ((values * values - 1) / 3).squareRoot()
      }
    }

    public struct Threshold: Sendable, Equatable {
      /// Random bits per neuron and tick, and the width of a mask.
      public var bits: Int

      public init(bits: Int) { self.bits = bits }
    }

    public var generator: Generator
    /// Random bits that a stochastic leak of the datapath additive is compared with: the upper ones of the word.
    public struct Leak: Sendable, Equatable {
      public var bits: Int

      public init(bits: Int) { self.bits = bits }
    }

    /// Random bits that the weight of a stochastic synapse is compared with, at every event anew. They come from the
    /// counter-based generator, whatever `generator` is, and are not part of a neuron's word.
    public struct Synapse: Sendable, Equatable {
      public var bits: Int
      /// 2^bits − 1, the weight whose events are certain.
      public var strongest: Int { 1 << bits - 1 }

      public init(bits: Int) { self.bits = bits }
    }

    /// Nil where leaks are not stochastic.
    public var leak: Leak?
    /// Nil where synapses are not stochastic.
    public var synapse: Synapse?
    /// Nil where the chip adds none to the membrane.
    public var membrane: Membrane?
    /// Nil where the chip adds none to the threshold.
    public var threshold: Threshold?

    public init(generator: Generator, membrane: Membrane?, threshold: Threshold?) {
      self.generator = generator
      self.membrane = membrane
      self.threshold = threshold
    }

    /// Bits of a neuron's word.
    public var wordBits: Int {
      switch generator {
      case .counter: 32
      case .register(let register): register.bits
      }
    }

    /// Random bits that a neuron uses per tick, by which a register shifts.
    public var bitsPerNeuron: Int {
      (membrane?.bits ?? 0) + (threshold?.bits ?? 0) + (leak?.bits ?? 0)
    }
  }
}
