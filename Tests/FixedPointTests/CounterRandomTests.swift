import FixedPoint
import Testing

@Suite struct CounterRandomTests {
  struct KnownAnswer: Sendable {
    var counter: [UInt32]
    var key: UInt64
    var output: [UInt32]
  }

  /// Source: Random123, tests/kat_vectors, philox4x32 with 10 rounds. Key words low first.
  static let knownAnswers = [
    KnownAnswer(
      counter: [0, 0, 0, 0], key: 0,
      output: [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
    KnownAnswer(
      counter: [0xffff_ffff, 0xffff_ffff, 0xffff_ffff, 0xffff_ffff], key: 0xffff_ffff_ffff_ffff,
      output: [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]),
    KnownAnswer(
      counter: [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], key: 0x299f_31d0_a409_3822,
      output: [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]),
  ]

  @Test(arguments: knownAnswers)
  func philoxGivesTheAuthorsAnswers(answer: KnownAnswer) {
    let c = answer.counter
    let output = CounterRandom.philox(c[0], c[1], c[2], c[3], key: answer.key)
    #expect([output.0, output.1, output.2, output.3] == answer.output)
  }

  /// The third vector read as a draw: its counter words are tick, sample, purpose, index.
  @Test func aDrawIsWordZeroOfItsCounter() {
    let seed: UInt64 = 0x299f_31d0_a409_3822
    for purpose in [CounterRandom.Purpose.poisson, .membraneLeak, .synapseLeak, .connectivity] {
      let draw = CounterRandom.draw(seed: seed, sample: 3, tick: 5, index: 7, purpose)
      #expect(draw == CounterRandom.philox(5, 3, purpose.rawValue, 7, key: seed).0)
    }
    #expect(
      CounterRandom.draw(seed: 0, sample: 0, tick: 0, index: 0, .poisson) == 0x6627_e8d5)
  }
}
