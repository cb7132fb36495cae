import CHDF5

/// Datasets and attributes: what may be read, and reading it.
extension TreeReader {
  /// How the elements of a dataset or attribute are read.
  private struct Source {
    var type: WireType
    var shape: [Int]
    var count: Int
    /// H5Dread or H5Aread: type in memory, destination.
    var read: (hid_t, UnsafeMutableRawPointer) -> herr_t
    var space: hid_t
  }

  mutating func dataset(_ dataset: hid_t, _ name: String, _ position: Position) {
    guard let list = Handle(H5Dget_create_plist(dataset), H5Pclose) else {
      return damaged(position, "the dataset")
    }
    let layout = H5Pget_layout(list.id)
    guard layout == H5D_COMPACT || layout == H5D_CONTIGUOUS || layout == H5D_CHUNKED,
      H5Pget_external_count(list.id) <= 0
    else {
      return report(
        "hdf5.external", at: position, "its values stand in another file",
        remedy: "Write the file with its values inside")
    }
    if let missing = missingFilter(list.id) {
      return report(
        "hdf5.filter", at: position, "compressed with a filter that is not installed", found: missing,
        remedy: "Write the file with gzip compression, or without")
    }
    guard let type = Handle(H5Dget_type(dataset), H5Tclose),
      let space = Handle(H5Dget_space(dataset), H5Sclose)
    else { return damaged(position, "the dataset") }
    send(.dataset, name, type.id, space.id, position) {
      H5Dread(dataset, $0, chdf5_all(), chdf5_all(), chdf5_default(), $1)
    }
  }

  mutating func attribute(_ attribute: hid_t, _ name: String, _ position: Position) {
    guard let type = Handle(H5Aget_type(attribute), H5Tclose),
      let space = Handle(H5Aget_space(attribute), H5Sclose)
    else { return damaged(position, "the attribute") }
    send(.attribute, name, type.id, space.id, position) { H5Aread(attribute, $0, $1) }
  }

  /// Name or number of a filter that this libhdf5 cannot undo.
  private func missingFilter(_ list: hid_t) -> String? {
    for index in 0..<max(H5Pget_nfilters(list), 0) {
      var name = [CChar](repeating: 0, count: 64)
      var flags: UInt32 = 0
      var values = 0
      var configuration: UInt32 = 0
      let filter = H5Pget_filter2(
        list, UInt32(index), &flags, &values, nil, name.count, &name, &configuration)
      if filter < 0 { return "an unreadable filter" }
      if H5Zfilter_avail(filter) <= 0 {
        let text = name.withUnsafeBytes { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        return text.isEmpty ? "filter \(filter)" : "filter \(filter) (\(text))"
      }
    }
    return nil
  }

  private mutating func send(
    _ item: WireItem, _ name: String, _ type: hid_t, _ space: hid_t, _ position: Position,
    read: @escaping (hid_t, UnsafeMutableRawPointer) -> herr_t
  ) {
    guard let element = ElementType(type) else {
      return report(
        "hdf5.type", at: position, "a type that cannot be read", found: ElementType.description(of: type),
        expected: "numbers, booleans or text")
    }
    guard let shape = shape(of: space) else { return damaged(position, "the shape") }
    guard let count = admit(shape, size: element.isVariable ? 16 : max(element.storedSize, element.wire.size))
    else {
      return report(
        "hdf5.size", at: position, "too large to be read",
        found: "shape \(shape), with \(decoded) bytes read before",
        expected: "at most \(limits.totalBytes) bytes in all for a file of \(limits.fileSize) bytes",
        always: true)
    }
    let source = Source(type: element.wire, shape: shape, count: count, read: read, space: space)
    let done =
      switch (element.wire, element.isVariable) {
      case (.string, true): variableText(item, name, source, element)
      case (.string, false): fixedText(item, name, source, type, element)
      default: numbers(item, name, source, element)
      }
    if !done { damaged(position, "its values") }
  }

  /// `[]` for a scalar, `[0]` for a null dataspace, nil if damaged.
  private func shape(of space: hid_t) -> [Int]? {
    switch H5Sget_simple_extent_type(space) {
    case H5S_SCALAR: return []
    case H5S_NULL: return [0]
    case H5S_SIMPLE:
      let rank = Int(H5Sget_simple_extent_ndims(space))
      guard (1...32).contains(rank) else { return nil }
      var extents = [hsize_t](repeating: 0, count: rank)
      guard H5Sget_simple_extent_dims(space, &extents, nil) == rank else { return nil }
      let shape = extents.compactMap(Int.init(exactly:))
      return shape.count == rank ? shape : nil
    default: return nil
    }
  }

  /// The number of elements, if they fit into what is left of the limit; counts them as read.
  private mutating func admit(_ shape: [Int], size: Int) -> Int? {
    var count = 1
    for extent in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      guard !overflow else { return nil }
      count = product
    }
    let (bytes, overflow) = count.multipliedReportingOverflow(by: size)
    guard !overflow, bytes <= limits.totalBytes - decoded else { return nil }
    decoded += bytes
    HDF5Child.allow(limits, decoded: decoded)
    return count
  }

  private mutating func numbers(
    _ item: WireItem, _ name: String, _ source: Source, _ element: ElementType
  ) -> Bool {
    let size = source.count * element.wire.size
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: max(size, 1), alignment: 16)
    defer { buffer.deallocate() }
    guard let base = buffer.baseAddress else { return false }
    if source.count > 0, source.read(element.memory, base) < 0 { return false }
    encoder.begin(item, name, element.wire, source.shape)
    encoder.raw(UnsafeRawBufferPointer(rebasing: buffer[..<size]))
    return true
  }

  private mutating func fixedText(
    _ item: WireItem, _ name: String, _ source: Source, _ type: hid_t, _ element: ElementType
  ) -> Bool {
    let size = element.storedSize
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: max(source.count * size, 1), alignment: 16)
    defer { buffer.deallocate() }
    guard let base = buffer.baseAddress else { return false }
    if source.count > 0, source.read(type, base) < 0 { return false }
    encoder.begin(item, name, .string, source.shape)
    for index in 0..<source.count {
      var bytes = buffer[index * size..<(index + 1) * size]
      switch element.padding {
      case H5T_STR_NULLTERM: bytes = bytes.prefix { $0 != 0 }
      case H5T_STR_SPACEPAD: while bytes.last == 32 { bytes.removeLast() }
      default: while bytes.last == 0 { bytes.removeLast() }
      }
      encoder.text(String(decoding: bytes, as: UTF8.self))
    }
    return true
  }

  private mutating func variableText(
    _ item: WireItem, _ name: String, _ source: Source, _ element: ElementType
  ) -> Bool {
    guard let memory = Handle(ElementType.variableText(element.characters), H5Tclose) else { return false }
    var pointers = [UnsafeMutablePointer<CChar>?](repeating: nil, count: max(source.count, 1))
    if source.count > 0 {
      let status = pointers.withUnsafeMutableBytes { buffer in
        buffer.baseAddress.map { source.read(memory.id, $0) } ?? -1
      }
      guard status >= 0 else { return false }
    }
    encoder.begin(item, name, .string, source.shape)
    var length = 0
    for index in 0..<source.count {
      let text = pointers[index].map { String(cString: $0) } ?? ""
      length += text.utf8.count
      encoder.text(text)
    }
    decoded += length
    if source.count > 0 {
      _ = pointers.withUnsafeMutableBytes {
        H5Dvlen_reclaim(memory.id, source.space, chdf5_default(), $0.baseAddress)
      }
    }
    return true
  }
}
