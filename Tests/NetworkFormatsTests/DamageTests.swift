import Diagnostics
import FixedPoint
import Foundation
import Testing

@testable import NetworkFormats

/// Damaged text and damaged NIR files end in a diagnostic or, where the damage leaves a valid file, in a network.
@Suite struct DamageTests {
  private static let text = """
    { format: "rheobase-network", version: 1, dt: "50 us", seed: 3,
      inputs: [ { name: "in", size: 6 } ],
      populations: [
        { name: "exc", size: 40, model: "lif", capacitance: "500 fF", leakConductance: "25 pS",
          leakReversal: "0.2 V", threshold: "0.6 V", reset: "0.1 V", refractory: "1 ms" },
        { name: "inh", size: 10, model: "cubalif", synapticTimeConstant: "2 ms", capacitance: "500 fF",
          leakConductance: "25 pS", leakReversal: "0.2 V", threshold: "0.6 V", reset: "0.1 V" } ],
      projections: [
        { from: "in", to: "exc", connectivity: { kind: "allToAll" }, weight: "50 aC" },
        { from: "exc", to: "inh", connectivity: { kind: "fixedProbability", probability: 0.1 },
          weight: "20 pA", delay: "1.5 ms" },
        { from: "inh", to: "exc", connectivity: { kind: "fixedIndegree", degree: 4 }, weight: "-0.1 mV" },
        { from: "in", to: "inh", weight: "1 mV", connectivity: { kind: "list", synapses: [ { from: 1, to: 2 } ] } } ],
      stimuli: [ { into: "exc", current: "20 pA" },
        { into: "inh", poisson: { sources: 1000, rate: "20 Hz" }, weight: "0.1 mV" } ],
      outputs: ["exc"] }
    """

  /// A copy that is truncated, or has one byte changed, one byte from elsewhere in it, or up to 16 overwritten; which one follows from the seed.
  static func mutant(_ bytes: [UInt8], _ seed: UInt64) -> [UInt8] {
    var number: UInt32 = 0
    func draw(_ range: Int) -> Int {
      number += 1
      let bits = CounterRandom.philox(number, 0, 0, 0, key: seed).0
      return Int((UInt64(bits) * UInt64(range)) >> 32)
    }
    var result = bytes
    let place = draw(bytes.count)
    switch draw(4) {
    case 0: result = Array(bytes[..<place])
    case 1: result[place] ^= UInt8(1 + draw(255))
    case 2: result[place] = bytes[draw(bytes.count)]
    default:
      for k in place..<min(place + 1 + draw(16), bytes.count) { result[k] = UInt8(draw(256)) }
    }
    return result
  }

  /// How many mutants of a network file are refused, each of them as bad input.
  private func mutantsRefused(_ bytes: [UInt8], as name: String, count: Int) throws -> Int {
    var refused = 0
    for seed in 0..<count {
      try Fixtures.withFile(name, Self.mutant(bytes, UInt64(seed))) { path in
        do throws(Failure) {
          _ = try NetworkFile.read(path)
        } catch {
          refused += 1
          #expect(error.reason == .badInput, "seed \(seed)")
          #expect(error.diagnostics.contains { $0.severity == .error }, "seed \(seed)")
        }
      }
    }
    print("damaged \(name): \(count - refused) of \(count) accepted, \(refused) refused")
    return refused
  }

  @Test func damagedText() throws {
    let refused = try mutantsRefused(Array(Self.text.utf8), as: "n.json5", count: 1000)
    #expect(try NetworkFile.readText(Self.text).network.populations.count == 2)
    // Damage within a name or a number can leave a valid file; most damage does not.
    #expect((500..<1000).contains(refused))
  }

  @Test func damagedNIR() throws {
    let refused = try mutantsRefused(Fixtures.bytes(Fixtures.golden("digits_r1.nir")), as: "n.nir", count: 60)
    // Most of the file is weights, where a changed byte is another valid weight: HDF5 has no check sum there.
    #expect((15..<60).contains(refused))
  }
}

extension NetworkFile {
  fileprivate static func readText(_ text: String) throws -> ImportedNetwork {
    try Fixtures.withFile("n.json5", Array(text.utf8)) { try NetworkFile.read($0) }
  }
}
