import Diagnostics
import HDF5Files
import Testing

/// Files that other programs wrote: `*.nir` by the `nir` package through h5py, `*.h5` by Golden/make_files.c.
@Suite("Reading")
struct ReadTests {
  @Test("reads a NIR file as h5dump shows it")
  func readsNIR() throws {
    let root = try HDF5File.read(fixture("affine.nir"))
    #expect(root.dataset(at: "version")?.strings?.count == 1)
    #expect(root.dataset(at: "node/type") == .scalar("NIRGraph"))
    #expect(root.dataset(at: "node/edges") == HDF5Dataset(["input", "n", "n", "output"], shape: [2, 2]))
    #expect(
      root.dataset(at: "node/nodes/n/weight")
        == HDF5Dataset([Float](repeating: 1, count: 12), shape: [3, 4]))
    #expect(root.dataset(at: "node/nodes/input/shape") == HDF5Dataset([Int64(4)]))
    let metadata = try #require(root.group(at: "node/metadata"))
    #expect(metadata.datasets["a"] == .scalar("s"))
    #expect(metadata.datasets["arr"] == HDF5Dataset([Int64(0), 1, 2]))
    #expect(metadata.datasets["b"] == .scalar(UInt8(1)))
    #expect(metadata.datasets["x"] == .scalar(1.5))
    #expect(metadata.groups["nest"]?.datasets["k"] == .scalar(Int64(2)))
  }

  @Test("reads every fixture, empty edge lists and names with a slash included")
  func readsOtherNIR() throws {
    #expect(try HDF5File.read(fixture("noedges.nir")).dataset(at: "node/edges")?.shape == [0])
    #expect(try HDF5File.read(fixture("lif_np0d.nir")).dataset(at: "node/nodes/input/shape")?.doubles == [])
    #expect(
      try HDF5File.read(fixture("conv1d_same.nir")).dataset(at: "node/nodes/n/padding")?.strings == ["same"])
    #expect(try HDF5File.read(fixture("slashname.nir")).group(at: "node/nodes/a/b")?.datasets["type"] != nil)
    let tensors = try HDF5File.read(fixture("torch_tensors.nir"))
    #expect(tensors.dataset(at: "node/nodes/n/bias")?.doubles == [1, 1, 1])
  }

  @Test("converts every number type and byte order")
  func numbers() throws {
    let data = try HDF5File.read(fixture("kinds.h5")).datasets
    // libhdf5 clips what an unsigned type cannot hold when it writes.
    #expect(data["i8"] == HDF5Dataset([Int8(-2), 0, 3]))
    #expect(data["u8be"] == HDF5Dataset([UInt8(0), 0, 3]))
    #expect(data["i16be"] == HDF5Dataset([Int16(-2), 0, 3]))
    #expect(data["u16"] == HDF5Dataset([UInt16(0), 0, 3]))
    #expect(data["i24"] == HDF5Dataset([Int32(-2), 0, 3]))
    #expect(data["i32be"] == HDF5Dataset([Int32(-2), 0, 3]))
    #expect(data["u32"] == HDF5Dataset([UInt32(0), 0, 3]))
    #expect(data["i64be"] == HDF5Dataset([Int64(-2), 0, 3]))
    #expect(data["u64"] == HDF5Dataset([UInt64(0), 0, 3]))
    #expect(data["f16"] == HDF5Dataset([-0.5, 0, 1.25]))
    #expect(data["f32be"] == HDF5Dataset([Float(-0.5), 0, 1.25]))
    #expect(data["f64be"] == HDF5Dataset([-0.5, 0, 1.25]))
    #expect(data["long_double"] == HDF5Dataset([-0.5, 0, 1.25]))
    #expect(data["enum"] == HDF5Dataset([Int16(300), -7, 300]))
  }

  @Test("reads every kind of text and repairs what is not UTF-8")
  func text() throws {
    let data = try HDF5File.read(fixture("kinds.h5")).datasets
    #expect(data["fixed_term"]?.strings == ["abc", "d", "xx"])
    #expect(data["fixed_null"]?.strings == ["abcd", "é", ""])
    #expect(data["fixed_space"]?.strings == ["abcd", "x", "y"])
    #expect(data["fixed_bad"] == .scalar("a\u{fffd}b"))
    #expect(data["variable"]?.strings == ["", "été", "z"])
    #expect(data["variable_ascii"]?.strings == ["", "été", "z"])
    #expect(data["variable_bad"]?.strings == ["a\u{fffd}", "", "\u{fffd}"])
  }

  @Test("reads every storage layout and shape")
  func layouts() throws {
    let root = try HDF5File.read(fixture("kinds.h5"))
    #expect(root.datasets["scalar"] == .scalar(Int32(1)))
    #expect(root.datasets["plane"] == HDF5Dataset([Int32(1), 2, 3, 4, 5, 6], shape: [2, 3]))
    #expect(root.datasets["compact"] == HDF5Dataset([Int32(1), 2, 3]))
    #expect(root.datasets["chunked"] == HDF5Dataset((0..<1000).map { Int32($0 * $0) }))
    #expect(root.datasets["empty"] == HDF5Dataset([Double]()))
    #expect(root.datasets["null"] == HDF5Dataset([Float]()))
    #expect(root.datasets["unwritten"] == HDF5Dataset([Int32(0), 0, 0]))
    #expect(root.groups["inner"]?.attributes == ["answer": .scalar(Int32(42))])
  }

  @Test("leaves out what has no counterpart below metadata, and only there")
  func metadata() throws {
    let metadata = try #require(try HDF5File.read(fixture("kinds.h5")).group(at: "inner/metadata"))
    #expect(metadata == HDF5Group(datasets: ["kept": .scalar(Int32(1))]))
  }

  @Test(
    "refuses what it cannot represent, all of it at once",
    arguments: [
      ("refused_soft.h5", ["hdf5.link", "hdf5.link"]),
      ("refused_cycle.h5", ["hdf5.cycle"]),
      ("refused_depth.h5", ["hdf5.depth"]),
      ("refused_types.h5", ["hdf5.type", "hdf5.type", "hdf5.type", "hdf5.type"]),
      ("refused_outside.h5", ["hdf5.external", "hdf5.external"]),
      ("refused_size.h5", ["hdf5.size"]),
      ("refused_filter.h5", ["hdf5.filter"]),
    ])
  func refuses(file: String, ids: [String]) throws {
    let refused = try #require(failure { () throws(Failure) in _ = try HDF5File.read(fixture(file)) })
    #expect(refused.reason == .badInput)
    #expect(refused.diagnostics.map(\.id) == ids)
    #expect(refused.diagnostics.allSatisfy { $0.place?.contains(file) == true })
  }

  @Test("names what stands in place of an HDF5 file")
  func notHDF5() throws {
    let scratch = try Scratch()
    let contents: [(String, [UInt8], String)] = [
      ("empty", [], "an empty file"),
      ("zip", Array("PK\u{3}\u{4}xxxxxxxxxxxx".utf8), "zip"),
      ("json", Array("  { \"a\": 1 }".utf8), "JSON"),
      ("text", Array("hello\n".utf8), "text"),
      ("half", Array([0x89, 0x48, 0x44, 0x46, 0x0d]), "another kind"),
    ]
    for (name, content, word) in contents {
      try store(content, scratch.path(name))
      let refused = try #require(failure { () throws(Failure) in _ = try HDF5File.read(scratch.path(name)) })
      #expect(refused.reason == .badInput)
      #expect(refused.diagnostics.first?.found?.contains(word) == true, "\(name)")
    }
    let missing = failure { () throws(Failure) in _ = try HDF5File.read(scratch.path("nowhere")) }
    #expect(missing?.reason == .noSuchFile)
    let folder = failure { () throws(Failure) in _ = try HDF5File.read(scratch.url.path) }
    #expect(folder?.diagnostics.first?.id == "file.isDirectory")
  }

  @Test("finds HDF5 data behind a user block of any allowed length", arguments: [512, 1024, 4096])
  func userBlock(length: Int) throws {
    // libhdf5 corrects the base address of a file that a block was put in front of, as h5jam does.
    let scratch = try Scratch()
    let content = try bytes(fixture("torch_tensors.nir"))
    try store([UInt8](repeating: 7, count: length) + content, scratch.path("jammed"))
    #expect(try HDF5File.read(scratch.path("jammed")) == HDF5File.read(fixture("torch_tensors.nir")))
  }
}
