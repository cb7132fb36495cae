import CHDF5
import Diagnostics

/// Builds the bytes of an HDF5 file in memory, so that no failing disk ever meets libhdf5.
struct HDF5Writer {
  /// Larger arrays are chunked and compressed; a chunk has at most this many bytes.
  static let chunkBytes = 1 << 18
  static let plainBytes = 1 << 16

  private let path: String

  /// The file without its user block of `userBlock` bytes, to which its addresses are relative.
  static func image(of root: HDF5Group, path: String, userBlock: Int) throws(Failure) -> [UInt8] {
    try HDF5Library.locked { () throws(Failure) in
      try HDF5Writer(path: path).build(root, userBlock)
    }
  }

  private func build(_ root: HDF5Group, _ userBlock: Int) throws(Failure) -> [UInt8] {
    guard let access = Handle(H5Pcreate(chdf5_file_access()), H5Pclose),
      let creation = Handle(H5Pcreate(chdf5_file_create()), H5Pclose),
      H5Pset_fapl_core(access.id, 1 << 20, false) >= 0,
      H5Pset_libver_bounds(access.id, H5F_LIBVER_EARLIEST, H5F_LIBVER_V18) >= 0,
      H5Pset_userblock(creation.id, hsize_t(userBlock)) >= 0,
      H5Pset_obj_track_times(creation.id, false) >= 0,
      let file = Handle(H5Fcreate(path, chdf5_truncate(), creation.id, access.id), H5Fclose)
    else { throw failure("/", "the file cannot be created in memory") }
    do {
      guard let group = Handle(H5Gopen2(file.id, "/", chdf5_default()), H5Gclose) else {
        throw failure("/", "the root group cannot be opened")
      }
      try write(root, into: group.id, "")
    }
    guard H5Fflush(file.id, H5F_SCOPE_LOCAL) >= 0 else { throw failure("/", "the file cannot be finished") }
    let size = H5Fget_file_image(file.id, nil, 0)
    guard size > 0 else { throw failure("/", "the file cannot be finished") }
    let image = [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
      filled = max(H5Fget_file_image(file.id, buffer.baseAddress, size), 0)
    }
    guard image.count == size else { throw failure("/", "the file cannot be finished") }
    return image
  }

  private func write(_ content: HDF5Group, into group: hid_t, _ name: String) throws(Failure) {
    for (attribute, value) in content.attributes.sorted(by: { $0.key < $1.key }) {
      try writeAttribute(value, attribute, into: group, "\(name)/ attribute \(attribute)")
    }
    for (member, value) in content.datasets.sorted(by: { $0.key < $1.key }) {
      try writeDataset(value, checked(member, name), into: group, "\(name)/\(member)")
    }
    for (member, value) in content.groups.sorted(by: { $0.key < $1.key }) {
      guard let list = Handle(H5Pcreate(chdf5_group_create()), H5Pclose),
        H5Pset_obj_track_times(list.id, false) >= 0,
        let child = Handle(
          H5Gcreate2(group, try checked(member, name), chdf5_default(), list.id, chdf5_default()), H5Gclose)
      else { throw failure("\(name)/\(member)", "the group cannot be written") }
      try write(value, into: child.id, "\(name)/\(member)")
    }
  }

  private func writeDataset(_ data: HDF5Dataset, _ name: String, into group: hid_t, _ place: String)
    throws(Failure)
  {
    let size = try elementSize(data, place)
    guard let type = fileType(data), let space = dataspace(data.shape),
      let list = Handle(H5Pcreate(chdf5_dataset_create()), H5Pclose),
      H5Pset_obj_track_times(list.id, false) >= 0
    else { throw failure(place, "the dataset cannot be described") }
    if let size, data.count * size > HDF5Writer.plainBytes {
      let chunk = HDF5Writer.chunk(data.shape, elementSize: size).map { hsize_t($0) }
      guard H5Pset_chunk(list.id, Int32(chunk.count), chunk) >= 0, H5Pset_shuffle(list.id) >= 0,
        H5Pset_deflate(list.id, 4) >= 0
      else { throw failure(place, "the dataset cannot be compressed") }
    }
    guard
      let dataset = Handle(
        H5Dcreate2(group, name, type.id, space.id, chdf5_default(), list.id, chdf5_default()), H5Dclose)
    else { throw failure(place, "the dataset cannot be written") }
    let status = withMemory(of: data) {
      H5Dwrite(dataset.id, $0, chdf5_all(), chdf5_all(), chdf5_default(), $1)
    }
    guard status >= 0 else { throw failure(place, "the dataset cannot be written") }
  }

  private func writeAttribute(_ data: HDF5Dataset, _ name: String, into group: hid_t, _ place: String)
    throws(Failure)
  {
    _ = try elementSize(data, place)
    guard let type = fileType(data), let space = dataspace(data.shape),
      let attribute = Handle(
        H5Acreate2(group, name, type.id, space.id, chdf5_default(), chdf5_default()), H5Aclose)
    else { throw failure(place, "the attribute cannot be described") }
    let status = withMemory(of: data) { H5Awrite(attribute.id, $0, $1) }
    guard status >= 0 else { throw failure(place, "the attribute cannot be written") }
  }

  /// The bytes of one number, nil for text; throws if shape and values do not fit together.
  private func elementSize(_ data: HDF5Dataset, _ place: String) throws(Failure) -> Int? {
    guard data.shape.count <= 32, data.shape.allSatisfy({ $0 >= 0 }), data.shape.reduce(1, *) == data.count
    else {
      throw failure(place, "\(data.count) values for the shape \(data.shape)")
    }
    if let strings = data.strings {
      guard strings.allSatisfy({ !$0.utf8.contains(0) }) else {
        throw failure(place, "text with a NUL character cannot be stored")
      }
      return nil
    }
    return WireType(data.values).size
  }

  /// A group member's name, which HDF5 would take for a path if it held a "/".
  private func checked(_ member: String, _ parent: String) throws(Failure) -> String {
    guard !member.isEmpty, member != ".", !member.utf8.contains(0), !member.utf8.contains(UInt8(ascii: "/"))
    else {
      throw failure("\(parent)/\(member)", "a name that HDF5 cannot hold")
    }
    return member
  }

  private func failure(_ place: String, _ problem: String) -> Failure {
    Failure(
      .cannotWrite,
      Diagnostic("hdf5.cannotWrite", place: "\(path): \(place)", problem: "cannot be written", found: problem)
    )
  }
}
