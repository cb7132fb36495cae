import ChipModel
import FixedPoint
import ProgramImage
import RateTheory
import Testing

@Suite struct IntegerRateTests {
  static func datapath(
    _ decayOf: Chip.LeakyDatapath.DecayOf, _ rounding: Rounding, minimumStep: Int = 0,
    comparison: Chip.LeakyDatapath.Comparison = .greaterOrEqual, stateBits: Int = 24
  ) -> Chip.LeakyDatapath {
    Chip.LeakyDatapath(
      stateBits: stateBits, stateOverflow: .saturate, synapseOverflow: .saturate,
      accumulatorBits: 20, decayBits: 12, decayExponents: 12...12, decayOf: decayOf,
      decayRounding: rounding, minimumStep: minimumStep, gainBits: 0, inputRounding: .floor,
      weightExponents: 0...0, biasBits: stateBits, thresholdBits: stateBits,
      comparison: comparison, refractoryBits: 8, synapticState: false)
  }

  static func orbit(
    _ datapath: Chip.LeakyDatapath, decay: Int, bias: Int, threshold: Int, reset: Int = 0,
    mode: ProgramImage.ResetMode = .toValue, refractory: Int = 0
  ) -> IntegerOrbit? {
    integerRate(
      datapath: datapath, decay: Int32(decay), exponent: 12, bias: Int32(bias),
      threshold: Int32(threshold), reset: Int32(reset), resetMode: mode,
      refractory: Int32(refractory), v0: 0, floor: -1 << 23)
  }

  /// A straight simulation, tick by tick, must have the spike count that transient and period promise.
  @Test(arguments: Rounding.allCases.filter { $0 != .stochastic })
  func orbitIsWhatASimulationDoes(rounding: Rounding) throws {
    for (seed, decayOf) in Chip.LeakyDatapath.DecayOf.allCases.enumerated() {
      for i in 0..<60 as Range<UInt32> {
        let random = CounterRandom.philox(i, UInt32(seed), 0, 0, key: 7)
        let datapath = Self.datapath(
          decayOf, rounding, minimumStep: decayOf == .leak ? Int(random.0 % 3) : 0,
          comparison: random.0 % 2 == 0 ? .greater : .greaterOrEqual, stateBits: 10)
        let threshold = Int(random.1 % 300) + 1
        let decay = Int(random.2 % 600)
        let bias = Int(random.3 % 60) - 5
        let mode: ProgramImage.ResetMode = random.0 % 5 == 0 ? .subtract : .toValue
        let refractory = Int(random.1 % 4)
        let reset = mode == .subtract ? threshold : -20
        let orbit = try #require(
          Self.orbit(
            datapath, decay: decay, bias: bias, threshold: threshold, reset: reset, mode: mode,
            refractory: refractory))
        let ticks = orbit.transientTicks + 3 * orbit.periodTicks
        var spikes: [Int] = []
        var v: Int64 = 0
        var held = 0
        let leak = LeakRule(datapath: datapath, decay: Int64(decay), exponent: 12)
        for tick in 0..<ticks {
          v = min(max(leak.decayed(v) + Int64(bias), -512), 511)
          if held > 0 {
            if mode == .toValue { v = Int64(reset) }
            held -= 1
          } else if datapath.comparison == .greater ? v > threshold : v >= threshold {
            spikes.append(tick)
            v = mode == .toValue ? Int64(reset) : v - Int64(reset)
            held = refractory
          }
        }
        #expect(spikes.first == orbit.firstSpike)
        let late = spikes.filter { $0 >= orbit.transientTicks }.count
        #expect(late == 3 * orbit.spikesPerPeriod)
      }
    }
  }

  @Test func stochasticRoundingHasNoOrbit() {
    let datapath = Self.datapath(.leak, .stochastic)
    #expect(Self.orbit(datapath, decay: 41, bias: 5, threshold: 50) == nil)
  }

  @Test func ratesInHertz() {
    let orbit = IntegerOrbit(transientTicks: 3, periodTicks: 40, spikesPerPeriod: 2, firstSpike: 1)
    #expect(orbit.rate(dt: 1e-3) == 50)
  }
}
