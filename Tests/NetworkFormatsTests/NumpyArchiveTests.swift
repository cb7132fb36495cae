import Diagnostics
import Foundation
import Testing

@testable import NetworkFormats

/// Every change of an archive is detected; every archive of a known writer is read.
@Suite struct NumpyArchiveTests {
  static let archives = [
    "stored.npz", "deflated.npz", "single.npz", "writestr.npz", "libzip_deflated.npz", "libzip_stored.npz",
    "python311_single.npz", "python311_deflated.npz",
  ]

  private func accepts(_ bytes: [UInt8]) -> Bool {
    errorIDs { () throws(Failure) in try NumpyArchive.read(bytes, place: "x.npz") }.isEmpty
  }

  @Test(arguments: archives) func knownWritersAreRead(_ name: String) throws {
    let arrays = try NumpyArchive.read(Fixtures.golden(name))
    #expect(arrays["spikes"]?.shape.count == 3)
  }

  @Test(arguments: archives) func everyChangedBitIsDetected(_ name: String) throws {
    var bytes = try Fixtures.bytes(Fixtures.golden(name))
    var accepted: [String] = []
    for k in bytes.indices {
      for bit in 0..<8 {
        bytes[k] ^= 1 << UInt8(bit)
        if accepts(bytes) { accepted.append("\(k).\(bit)") }
        bytes[k] ^= 1 << UInt8(bit)
      }
    }
    #expect(accepted.isEmpty)
    #expect(accepts(bytes))
  }

  /// All 255 other values of every byte that no check sum covers.
  @Test(arguments: archives) func everyChangedHeaderByteIsDetected(_ name: String) throws {
    var bytes = try Fixtures.bytes(Fixtures.golden(name))
    let members = try ZipStructure(bytes).members
    var accepted: [Int] = []
    for k in bytes.indices where !members.contains(where: { $0.data.contains(k) }) {
      let original = bytes[k]
      for value in UInt8.min...UInt8.max where value != original {
        bytes[k] = value
        if (try? ZipStructure(bytes)) != nil, accepts(bytes) { accepted.append(k) }
      }
      bytes[k] = original
    }
    #expect(accepted.isEmpty)
  }

  @Test(arguments: archives) func everyTruncationAndAdditionIsDetected(_ name: String) throws {
    let bytes = try Fixtures.bytes(Fixtures.golden(name))
    let shorter = bytes.indices.filter { accepts(Array(bytes[..<$0])) }
    #expect(shorter.isEmpty)
    let beheaded = (1..<bytes.count).filter { accepts(Array(bytes[$0...])) }
    #expect(beheaded.isEmpty)
    for extra in [UInt8(0), 0x50, 0xFF] {
      #expect(!accepts(bytes + [extra]))
      #expect(!accepts([extra] + bytes))
    }
    for k in stride(from: 0, through: bytes.count, by: 7) {
      #expect(!accepts(Array(bytes[..<k]) + [0] + Array(bytes[k...])))
    }
  }

  /// Python on Windows writes another "made by" byte. Alone it could be a changed byte, in all members it cannot.
  @Test func archivesFromWindows() throws {
    for (name, readable) in [("deflated.npz", true), ("single.npz", false), ("writestr.npz", true)] {
      var bytes = try Fixtures.bytes(Fixtures.golden(name))
      let signature: [UInt8] = [0x50, 0x4B, 0x01, 0x02]
      for k in 0..<bytes.count - 6 where Array(bytes[k..<k + 4]) == signature { bytes[k + 5] = 0 }
      #expect(accepts(bytes) == readable, "\(name)")
    }
  }

  /// The test below is only worth something if equivalent deflate streams exist: CRC-32 cannot tell them apart.
  @Test func equivalentStreamsExistAndAreRefused() throws {
    let file = try Fixtures.bytes(Fixtures.golden("deflated.npz"))
    let structure = try ZipStructure(file)
    let member = structure.members[0]
    let contents = try #require(try NumpyArchiveTests.inflate(Array(file[member.data])))
    let settings = try #require(structure.writer.deflate)
    #expect(DeflateCheck.isCredible(contents, file[member.data], settings))
    var equivalent = 0
    for k in 0..<member.data.count {
      for bit in 0..<8 {
        var changed = Array(file[member.data])
        changed[k] ^= 1 << UInt8(bit)
        if let other = try NumpyArchiveTests.inflate(changed), other == contents {
          equivalent += 1
          #expect(!DeflateCheck.isCredible(contents, changed[...], settings))
        }
      }
    }
    #expect(equivalent > 0)
  }

  /// Level 1 stands for every compressor that chooses otherwise than zlib at level 6 (zlib-ng, for one).
  @Test func otherCompressorsAreRead() throws {
    let arrays = try NumpyArchive.read(Fixtures.golden("level1.npz"))
    let spikes = try #require(arrays["spikes"])
    #expect(spikes.shape == [3, 20, 40])
    #expect(spikes.integers?.reduce(0, +) == 257)
    var bytes = try Fixtures.bytes(Fixtures.golden("level1.npz"))
    bytes[bytes.count / 2] ^= 4
    #expect(!accepts(bytes))
  }

  @Test func bundledSpikesAreReadAndGuarded() throws {
    var bytes = try Fixtures.bytes(Fixtures.repository("docs/examples/digits/test.npz"))
    #expect(accepts(bytes))
    // One bit at each of 100 places spread over the file.
    for k in stride(from: 11, to: bytes.count, by: bytes.count / 100) {
      bytes[k] ^= 0x10
      #expect(!accepts(bytes), "byte \(k)")
      bytes[k] ^= 0x10
    }
  }

  @Test func otherArchivesAreRefusedWithAdvice() throws {
    do {
      _ = try NumpyArchive.read(Array("PK nothing".utf8), place: "x.npz")
      Issue.record("nonsense was read")
    } catch {
      #expect(error.reason == .badInput)
      #expect(error.diagnostics[0].remedy?.contains("numpy.savez") == true)
    }
  }

  @Test func declaredSizesAreLimitedBeforeAnythingIsAllocated() throws {
    var bytes = try Fixtures.bytes(Fixtures.golden("writestr.npz"))
    let members = try ZipStructure(bytes).members
    // Both headers of the first member declare 0xFFFF0000 bytes.
    let directory = members[1].data.upperBound
    for offset in [22, directory + 24] {
      bytes.replaceSubrange(offset..<offset + 4, with: [0, 0, 0xFF, 0xFF])
    }
    #expect(try ZipStructure(bytes).members[0].size == 0xFFFF_0000)
    do {
      _ = try NumpyArchive.read(bytes, place: "x.npz")
      Issue.record("a huge member was read")
    } catch {
      #expect(error.diagnostics[0].problem.contains("too large"))
    }
  }

  /// Contents of a raw deflate stream that ends exactly at its end; nil when it does not.
  private static func inflate(_ bytes: [UInt8]) throws -> [UInt8]? { try RawInflate.inflate(bytes) }
}
