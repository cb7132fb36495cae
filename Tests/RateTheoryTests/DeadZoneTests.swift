import ChipModel
import FixedPoint
import RateTheory
import Testing

@Suite struct DeadZoneTests {
  struct Rule: Sendable, CustomTestStringConvertible {
    var decayOf: Chip.LeakyDatapath.DecayOf
    var rounding: Rounding
    var minimumStep: Int64
    var testDescription: String { "\(decayOf) \(rounding) \(minimumStep)" }

    func with(decay: Int64, exponent: Int) -> LeakRule {
      LeakRule(
        decayOf: decayOf, rounding: rounding, minimumStep: minimumStep, decay: decay,
        exponent: exponent)
    }
  }
  static let rules: [Rule] =
    Rounding.allCases.filter { $0 != .stochastic }.flatMap { rounding in
      [
        Rule(decayOf: .leak, rounding: rounding, minimumStep: 0),
        Rule(decayOf: .leak, rounding: rounding, minimumStep: 1),
        Rule(decayOf: .leak, rounding: rounding, minimumStep: 3),
        Rule(decayOf: .retained, rounding: rounding, minimumStep: 0),
      ]
    }

  /// The formula against trying every state of a 12-bit register.
  @Test(arguments: rules)
  func deadZoneIsWhatIsStuck(rule: Rule) {
    let range: ClosedRange<Int64> = -2048...2047
    for exponent in [4, 8, 12] {
      for decay in [0, 1, 2, 3, 5, 8, 9, 15, 16] as [Int64] {
        let leak = rule.with(decay: decay, exponent: exponent)
        let stuck = range.filter { leak.decayed($0) == $0 }
        let zone = leak.deadZone(in: range)
        #expect(stuck == Array(zone), "d = \(decay), k = \(exponent)")
      }
    }
  }

  /// The formula against the orbits: one code less is silent.
  @Test(arguments: rules)
  func rheobaseIsTheEdgeOfFiring(rule: Rule) throws {
    for (decay, threshold) in [(1, 40), (41, 17), (41, 100), (410, 300), (1365, 64), (4095, 200)] {
      for comparison in Chip.LeakyDatapath.Comparison.allCases {
        let datapath = IntegerRateTests.datapath(
          rule.decayOf, rule.rounding, minimumStep: Int(rule.minimumStep), comparison: comparison)
        let top = Int64(comparison == .greater ? threshold : threshold - 1)
        let leak = LeakRule(datapath: datapath, decay: Int64(decay), exponent: 12)
        let bias = Int(try #require(leak.smallestFiringBias(top: top)))
        let firing = IntegerRateTests.orbit(datapath, decay: decay, bias: bias, threshold: threshold)
        let silent = IntegerRateTests.orbit(
          datapath, decay: decay, bias: bias - 1, threshold: threshold)
        #expect(firing?.firstSpike != nil, "d \(decay), threshold \(threshold), \(comparison)")
        #expect(silent?.firstSpike == nil, "d \(decay), threshold \(threshold), \(comparison)")
      }
    }
  }

  @Test func edges() {
    let leak = LeakRule(decayOf: .leak, rounding: .stochastic, decay: 41, exponent: 12)
    #expect(leak.smallestFiringBias(top: 10) == nil)
    #expect(leak.deadZone(in: -100...100) == 0...0)
    let floored = LeakRule(decayOf: .leak, rounding: .floor, decay: 41, exponent: 12)
    #expect(floored.smallestFiringBias(top: -3) == -2)
    #expect(floored.deadZone(in: -10...10) == 0...10)
  }
}
