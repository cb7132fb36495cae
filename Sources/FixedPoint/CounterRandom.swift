/// Philox4x32-10: a counter-based generator, so a draw depends on what it is for and not on what was drawn before.
///
/// `key` is the program's seed; the counter says which draw it is. That makes every stochastic result
/// independent of evaluation order and of the number of threads.
///
/// **Source:** Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011;
/// checked against the known-answer vectors that the authors publish (`FixedPointTests`).
public enum CounterRandom {
  /// What a draw is for; the third counter word.
  public enum Purpose: UInt32, Sendable {
    case poisson = 0
    case membraneLeak = 1
    case synapseLeak = 2
    case connectivity = 3
    case meshPacket = 4
    case meshDestination = 5
    /// Devices of a chip that is not as it was drawn; never drawn by the chip itself.
    case mismatch = 6
    /// The noise word of a neuron (docs/emulator-semantics.md §3.2).
    case noise = 7
    /// What a core's noise register starts a sample with.
    case noiseRegister = 8
    /// Random currents of the reference, which no chip makes.
    case current = 9
    /// One event of a stochastic synapse (docs/emulator-semantics.md §3.6).
    case synapse = 10
  }

  @inlinable
  public static func philox(
    _ c0: UInt32, _ c1: UInt32, _ c2: UInt32, _ c3: UInt32, key: UInt64
  ) -> (UInt32, UInt32, UInt32, UInt32) {
    var x = (c0, c1, c2, c3)
    var k0 = UInt32(truncatingIfNeeded: key)
    var k1 = UInt32(truncatingIfNeeded: key >> 32)
    for _ in 0..<10 {
      let p0 = UInt64(x.0) &* 0xD251_1F53
      let p1 = UInt64(x.2) &* 0xCD9E_8D57
      x = (
        UInt32(truncatingIfNeeded: p1 >> 32) ^ x.1 ^ k0, UInt32(truncatingIfNeeded: p1),
        UInt32(truncatingIfNeeded: p0 >> 32) ^ x.3 ^ k1, UInt32(truncatingIfNeeded: p0)
      )
      k0 &+= 0x9E37_79B9
      k1 &+= 0xBB67_AE85
    }
    return x
  }

  /// The 32 bits for `(tick, sample, index, purpose)`: word 0 of
  /// `philox(counter: (tick, sample, purpose, index), key: seed)`.
  @inlinable
  public static func draw(
    seed: UInt64, sample: UInt32, tick: UInt32, index: UInt32, _ purpose: Purpose
  ) -> UInt32 {
    philox(tick, sample, purpose.rawValue, index, key: seed).0
  }

  /// As `draw`, one of many for the same index and purpose: the third counter word is `purpose + 256 · number`.
  ///
  /// - Parameter number: below 2^24.
  @inlinable
  public static func draw(
    seed: UInt64, sample: UInt32, tick: UInt32, index: UInt32, _ purpose: Purpose, number: UInt32
  ) -> UInt32 {
    philox(tick, sample, purpose.rawValue | number &<< 8, index, key: seed).0
  }
}
