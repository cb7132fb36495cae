import Diagnostics
import HDF5Files
import TestSupport
import Testing

@Suite("Damaged files")
struct DamageTests {
  private func small() throws -> (Scratch, [UInt8]) {
    let scratch = try Scratch()
    let root = HDF5Group(
      datasets: ["a": HDF5Dataset([Int32(1), 2, 3]), "b": .scalar("text")],
      attributes: ["v": .scalar(UInt32(1))])
    try HDF5File.write(root, to: scratch.path("good"), seal: WriteTests.seal)
    return (scratch, try bytes(scratch.path("good")))
  }

  private func sealHolds(_ content: [UInt8], _ path: String) throws -> Bool {
    try store(content, path)
    guard let refused = failure({ () throws(Failure) in try HDF5File.checkSeal(path, WriteTests.seal) })
    else {
      return true
    }
    #expect(refused.reason == .badInput)
    return false
  }

  @Test("the seal notices a change of any byte")
  func everyByte() throws {
    let (scratch, good) = try small()
    #expect(try sealHolds(good, scratch.path("copy")))
    var random = SeededGenerator(state: 1)
    var held = 0
    for index in good.indices {
      var bad = good
      bad[index] ^= UInt8.random(in: 1...255, using: &random)
      if try sealHolds(bad, scratch.path("bad")) { held += 1 }
    }
    #expect(held == 0)
  }

  @Test("the seal notices every truncation and added bytes")
  func everyLength() throws {
    let (scratch, good) = try small()
    var held = 0
    for length in good.indices where try sealHolds(Array(good[..<length]), scratch.path("bad")) { held += 1 }
    for extra in [[0], [255], [UInt8](repeating: 0, count: 512)] {
      if try sealHolds(good + extra, scratch.path("bad")) { held += 1 }
      if try sealHolds(extra + good, scratch.path("bad")) { held += 1 }
    }
    #expect(held == 0)
  }

  @Test("another kind and another version are named")
  func kinds() throws {
    let (scratch, _) = try small()
    func refusal(_ seal: Seal, _ path: String) -> String? {
      failure { () throws(Failure) in try HDF5File.checkSeal(path, seal) }?.diagnostics.first?.id
    }
    let other = Seal(magic: "RHEOELSE", version: 3, kind: "other file")
    let newer = Seal(magic: "RHEOTEST", version: 4, kind: "test file")
    #expect(refusal(other, scratch.path("good")) == "seal.kind")
    #expect(refusal(newer, scratch.path("good")) == "seal.version")
    #expect(refusal(newer, fixture("affine.nir")) == "seal.kind")
    #expect(refusal(newer, scratch.path("nowhere")) == "file.missing")
  }

  /// libhdf5 dies or hangs on some of these; this process must not, and must come back each time.
  @Test(
    "a damaged file without a seal is read or refused", arguments: ["lif_np0d.nir", "kinds.h5", "affine.nir"])
  func mutants(file: String) throws {
    let scratch = try Scratch()
    let good = try bytes(fixture(file))
    var random = SeededGenerator(state: UInt64(good.count))
    var refusedCount = 0
    let mutants = 60
    for number in 0..<mutants {
      var bad = good
      switch number % 3 {
      case 0: bad.removeLast(Int.random(in: 1..<good.count, using: &random))
      case 1:
        for _ in 0..<Int.random(in: 1...40, using: &random) {
          bad[Int.random(in: bad.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
        }
      default:
        let start = Int.random(in: 0..<good.count - 64, using: &random)
        for index in start..<start + 64 { bad[index] = UInt8.random(in: 0...255, using: &random) }
      }
      try store(bad, scratch.path("bad"))
      if let refused = failure({ () throws(Failure) in _ = try HDF5File.read(scratch.path("bad")) }) {
        refusedCount += 1
        #expect(refused.reason == .badInput)
        #expect(refused.diagnostics.allSatisfy { $0.place?.contains("bad") == true })
      }
    }
    print("\(file): \(mutants) mutants, \(refusedCount) refused, \(mutants - refusedCount) read")
    #expect(refusedCount > 0)
  }
}
