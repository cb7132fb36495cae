import ChipModel
import Diagnostics
import Testing

/// Each limit just holds at its last allowed value and breaks at the next.
@Suite struct LimitsTests {
  private func check(
    _ limit: (Int, Chip) -> Diagnostic?, from first: Int?, to last: Int, id: String, _ chip: Chip
  ) {
    #expect(limit(last, chip) == nil)
    #expect(limit(last + 1, chip)?.id == id)
    if let first {
      #expect(limit(first, chip) == nil)
      #expect(limit(first - 1, chip)?.id == id)
    }
  }

  @Test func tesserasLimits() throws {
    let chip = try BundledChips.tessera()
    check({ Limits.cores(used: $0, chip: $1) }, from: nil, to: 64, id: "limit.coresUsed", chip)
    check({ Limits.axons(used: $0, core: "c", chip: $1) }, from: nil, to: 256, id: "limit.axonsPerCore", chip)
    check(
      { Limits.neurons(used: $0, core: "c", chip: $1) }, from: nil, to: 256, id: "limit.neuronsPerCore", chip)
    check({ Limits.delay($0, subject: "s", chip: $1) }, from: 1, to: 15, id: "limit.delay", chip)
    check({ Limits.inputDelay($0, subject: "s", chip: $1) }, from: 0, to: 15, id: "limit.inputDelay", chip)
    check(
      { Limits.destinations(used: $0, subject: "s", chip: $1) }, from: nil, to: 64,
      id: "limit.destinationsPerNeuron", chip)
    check({ Limits.weight($0, subject: "s", chip: $1) }, from: -128, to: 127, id: "limit.weight", chip)
    check(
      { Limits.threshold($0, subject: "s", chip: $1) }, from: -8_388_608, to: 8_388_607,
      id: "limit.threshold", chip)
    check(
      { Limits.bias($0, subject: "s", chip: $1) }, from: -8_388_608, to: 8_388_607, id: "limit.bias", chip)
    check(
      { Limits.state($0, subject: "s", chip: $1) }, from: -8_388_608, to: 8_388_607, id: "limit.state", chip)
    check({ Limits.gain($0, subject: "s", chip: $1) }, from: 1, to: 65536, id: "limit.gain", chip)
    check(
      { Limits.weightExponent($0, subject: "s", chip: $1) }, from: 0, to: 15, id: "limit.weightExponent", chip
    )
    check(
      { Limits.decay($0, exponent: 13, subject: "s", chip: $1) }, from: 0, to: 4096, id: "limit.decay", chip)
    check(
      { Limits.decay(1, exponent: $0, subject: "s", chip: $1) }, from: 12, to: 23, id: "limit.decayExponent",
      chip)
    check(
      { Limits.refractory(ticks: $0, population: "p", chip: $1) }, from: 0, to: 4095, id: "limit.refractory",
      chip)
    check(
      { Limits.partialSenders($0, subject: "s", chip: $1) }, from: nil, to: 64, id: "limit.partialSenders",
      chip)
    check(
      { Limits.poissonWeight($0, subject: "s", chip: $1) }, from: -32768, to: 32768,
      id: "limit.poissonWeight", chip)
    check({ Limits.position(x: $0, y: 7, core: "c", chip: $1) }, from: 0, to: 7, id: "limit.meshColumn", chip)
    check({ Limits.position(x: 7, y: $0, core: "c", chip: $1) }, from: 0, to: 7, id: "limit.meshRow", chip)
  }

  @Test func edgeInputsNeedADelay() throws {
    let chip = try BundledChips.tessera([("input.port", "edge")])
    #expect(Limits.inputDelay(0, subject: "s", chip: chip)?.expected == "1 to 15 (chip tessera)")
    #expect(Limits.inputDelay(1, subject: "s", chip: chip) == nil)
  }

  /// A synaptic current that is emptied every tick has d = 2^k for any of the chip's exponents.
  @Test func anEmptiedCurrentIsAllowed() throws {
    let chip = try BundledChips.tessera()
    #expect(Limits.decay(1 << 23, exponent: 23, subject: "s", chip: chip) == nil)
    #expect(Limits.decay(1 << 24, exponent: 24, subject: "s", chip: chip) != nil)
  }

  @Test func largeFanInNeedsPartialPackets() throws {
    let partial = try BundledChips.tessera()
    let plain = try BundledChips.tessera([("routing.partialPackets", "false")])
    #expect(Limits.fanIn(sources: 5000, population: "p", chip: partial) == nil)
    #expect(Limits.fanIn(sources: 256, population: "p", chip: plain) == nil)
    #expect(Limits.fanIn(sources: 257, population: "p", chip: plain)?.found == "257")
    #expect(Limits.partialPackets(subject: "s", chip: partial) == nil)
    #expect(Limits.partialPackets(subject: "s", chip: plain)?.id == "limit.partialPackets")
  }

  /// kind 1 + x 3 + y 3 + axon 8 + slot 4 + value 24, and without partial sums 18.
  @Test func packetsHoldTheirFields() throws {
    let chip = try BundledChips.tessera()
    #expect(Limits.packetBitsNeeded(chip: chip) == 43)
    let plain = try BundledChips.tessera([("routing.partialPackets", "false")])
    #expect(Limits.packetBitsNeeded(chip: plain) == 18)
    let wide = try BundledChips.tessera([("mesh.width", "9"), ("routing.packetBits", "44")])
    #expect(Limits.packetBitsNeeded(chip: wide) == 44)
    let single = try BundledChips.tessera([("mesh.width", "1"), ("mesh.height", "1")])
    #expect(Limits.packetBitsNeeded(chip: single) == 37)
  }

  @Test func everyLimitIsListedOnce() throws {
    let chip = try BundledChips.tessera()
    let ids = Limits.all.map(\.id)
    #expect(Set(ids).count == ids.count)
    for limit in Limits.all {
      let range = limit.allowed(chip)
      #expect(limit.check(range.upperBound, subject: "s", chip: chip) == nil)
      let broken = try #require(limit.check(range.upperBound + 1, subject: "s", chip: chip))
      #expect(broken.id == limit.id && broken.remedy != nil)
    }
  }
}
