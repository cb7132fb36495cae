import Diagnostics
import Foundation
import HDF5Files
import Testing

@Suite("Writing")
struct WriteTests {
  static let seal = Seal(magic: "RHEOTEST", version: 3, kind: "test file")

  /// One of everything.
  static let sample = HDF5Group(
    datasets: [
      "i8": HDF5Dataset([Int8.min, 0, .max]), "u8": HDF5Dataset([UInt8(0), .max]),
      "i16": HDF5Dataset([Int16.min, .max]), "u16": HDF5Dataset([UInt16.max]),
      "i32": HDF5Dataset([Int32.min, .max], shape: [2, 1]), "u32": HDF5Dataset([UInt32.max]),
      "i64": .scalar(Int64.min), "u64": .scalar(UInt64.max), "f32": HDF5Dataset([Float.pi, -0, .infinity]),
      "f64": HDF5Dataset([Double.pi, .leastNonzeroMagnitude]), "text": HDF5Dataset(["", "é\n", "node.1"]),
      "none": HDF5Dataset([Int32]()), "no text": HDF5Dataset([String]()),
      "hollow": HDF5Dataset([Double](), shape: [0, 5]),
    ],
    groups: [
      "b": HDF5Group(groups: ["c": HDF5Group(datasets: ["x": .scalar("deep")])]), "empty": HDF5Group(),
    ],
    attributes: ["format": .scalar("test"), "dt": .scalar(1e-4), "order": HDF5Dataset([Int32(0), 1, 2])])

  @Test("gives back what was written", arguments: [false, true])
  func roundTrip(sealed: Bool) throws {
    let scratch = try Scratch()
    try HDF5File.write(Self.sample, to: scratch.path("a.h5"), seal: sealed ? Self.seal : nil)
    if sealed { try HDF5File.checkSeal(scratch.path("a.h5"), Self.seal) }
    #expect(try HDF5File.read(scratch.path("a.h5")) == Self.sample)
  }

  @Test("gives back large arrays of every rank, compressed")
  func large() throws {
    let scratch = try Scratch()
    let line = HDF5Dataset((0..<300_000).map { Int32($0 % 97) })
    let wide = HDF5Dataset((0..<240_000).map { Double($0 / 1000) }, shape: [3, 80_000])
    let deep = HDF5Dataset((0..<120_000).map { UInt8($0 % 7) }, shape: [60_000, 1, 2])
    let root = HDF5Group(datasets: ["line": line, "wide": wide, "deep": deep])
    try HDF5File.write(root, to: scratch.path("a.h5"), seal: nil)
    #expect(try HDF5File.read(scratch.path("a.h5")) == root)
    // 1.2 + 1.9 + 0.1 MB of values that repeat.
    #expect(try bytes(scratch.path("a.h5")).count < 100_000)
  }

  @Test("writes the same bytes every time")
  func deterministic() async throws {
    let scratch = try Scratch()
    var root = Self.sample
    root.datasets["large"] = HDF5Dataset((0..<200_000).map { Int16(truncatingIfNeeded: $0 &* 31) })
    try HDF5File.write(root, to: scratch.path("a.h5"), seal: Self.seal)
    // Object times have a resolution of a second.
    try await Task.sleep(for: .milliseconds(1100))
    try HDF5File.write(root, to: scratch.path("b.h5"), seal: Self.seal)
    let first = try bytes(scratch.path("a.h5"))
    #expect(try bytes(scratch.path("b.h5")) == first)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: scratch.url.path).sorted() == ["a.h5", "b.h5"])
  }

  @Test("replaces a file, follows a link, and leaves nothing behind when it cannot write")
  func replaces() throws {
    let scratch = try Scratch()
    try store([1, 2, 3], scratch.path("real.h5"))
    try FileManager.default.createSymbolicLink(
      atPath: scratch.path("link.h5"), withDestinationPath: scratch.path("real.h5"))
    try HDF5File.write(Self.sample, to: scratch.path("link.h5"), seal: nil)
    #expect(try HDF5File.read(scratch.path("real.h5")) == Self.sample)
    for path in [scratch.url.path, scratch.path("no/such/folder.h5"), "/dev/null", "/proc/rheobase.h5"] {
      let refused = failure { () throws(Failure) in try HDF5File.write(Self.sample, to: path, seal: nil) }
      #expect(refused?.reason == .cannotWrite, "\(path)")
    }
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: scratch.url.path).sorted() == [
        "link.h5", "real.h5",
      ])
  }

  @Test(
    "refuses what HDF5 cannot hold",
    arguments: [
      HDF5Group(datasets: ["a/b": .scalar(Int32(1))]), HDF5Group(groups: ["": HDF5Group()]),
      HDF5Group(datasets: ["a": .scalar("x\0y")]), HDF5Group(datasets: ["a": HDF5Dataset([1.0], shape: [2])]),
      HDF5Group(attributes: ["a": HDF5Dataset([1.0], shape: [-1])]),
    ])
  func refuses(root: HDF5Group) throws {
    let scratch = try Scratch()
    let refused = failure { () throws(Failure) in try HDF5File.write(root, to: scratch.path("a"), seal: nil) }
    #expect(refused?.reason == .cannotWrite)
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.url.path) == [])
  }

  @Test("one caller at a time is in libhdf5, whoever calls")
  func concurrent() async throws {
    let scratch = try Scratch()
    let path = scratch.url.path
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for number in 0..<8 {
        group.addTask {
          let root = HDF5Group(datasets: ["n": .scalar(Int64(number))])
          try HDF5File.write(root, to: "\(path)/\(number).h5", seal: Self.seal)
          return try HDF5File.read("\(path)/\(number).h5") == root
        }
      }
      for try await same in group { #expect(same) }
    }
  }
}
