import CHDF5
import Glibc

/// Types, spaces and memory that libhdf5 writes from.
extension HDF5Writer {
  /// A chunk of at most `chunkBytes`: whole trailing dimensions, the leading ones cut.
  static func chunk(_ shape: [Int], elementSize: Int) -> [Int] {
    var chunk = shape
    for axis in shape.indices {
      let inner = chunk[(axis + 1)...].reduce(elementSize, *)
      chunk[axis] = min(shape[axis], max(1, chunkBytes / max(inner, 1)))
      if inner <= chunkBytes { break }
    }
    return chunk
  }

  func dataspace(_ shape: [Int]) -> Handle? {
    if shape.isEmpty { return Handle(H5Screate(H5S_SCALAR), H5Sclose) }
    let extents = shape.map { hsize_t($0) }
    return Handle(H5Screate_simple(Int32(extents.count), extents, nil), H5Sclose)
  }

  /// The little-endian type in the file.
  func fileType(_ data: HDF5Dataset) -> Handle? {
    let type =
      switch WireType(data.values) {
      case .int8: H5Tcopy(chdf5_std_i8le())
      case .uint8: H5Tcopy(chdf5_std_u8le())
      case .int16: H5Tcopy(chdf5_std_i16le())
      case .uint16: H5Tcopy(chdf5_std_u16le())
      case .int32: H5Tcopy(chdf5_std_i32le())
      case .uint32: H5Tcopy(chdf5_std_u32le())
      case .int64: H5Tcopy(chdf5_std_i64le())
      case .uint64: H5Tcopy(chdf5_std_u64le())
      case .float32: H5Tcopy(chdf5_ieee_f32le())
      case .float64: H5Tcopy(chdf5_ieee_f64le())
      case .string: ElementType.variableText(H5T_CSET_UTF8)
      }
    return Handle(type, H5Tclose)
  }

  /// Calls `write` with the type in memory and the values; 0 without a call if there are no values.
  func withMemory(of data: HDF5Dataset, _ write: (hid_t, UnsafeRawPointer) -> herr_t) -> herr_t {
    func numbers<Element>(_ array: [Element], _ type: hid_t) -> herr_t {
      array.withUnsafeBytes { bytes in
        guard let base = bytes.baseAddress, !bytes.isEmpty else { return 0 }
        return write(type, base)
      }
    }
    switch data.values {
    case .int8(let array): return numbers(array, chdf5_native_int8())
    case .uint8(let array): return numbers(array, chdf5_native_uint8())
    case .int16(let array): return numbers(array, chdf5_native_int16())
    case .uint16(let array): return numbers(array, chdf5_native_uint16())
    case .int32(let array): return numbers(array, chdf5_native_int32())
    case .uint32(let array): return numbers(array, chdf5_native_uint32())
    case .int64(let array): return numbers(array, chdf5_native_int64())
    case .uint64(let array): return numbers(array, chdf5_native_uint64())
    case .float32(let array): return numbers(array, chdf5_native_float())
    case .float64(let array): return numbers(array, chdf5_native_double())
    case .string(let array):
      guard let type = Handle(ElementType.variableText(H5T_CSET_UTF8), H5Tclose) else { return -1 }
      let pointers = array.map { strdup($0) }
      defer { for pointer in pointers { free(pointer) } }
      return numbers(pointers, type.id)
    }
  }
}

extension WireType {
  init(_ values: HDF5Dataset.Values) {
    switch values {
    case .int8: self = .int8
    case .uint8: self = .uint8
    case .int16: self = .int16
    case .uint16: self = .uint16
    case .int32: self = .int32
    case .uint32: self = .uint32
    case .int64: self = .int64
    case .uint64: self = .uint64
    case .float32: self = .float32
    case .float64: self = .float64
    case .string: self = .string
    }
  }
}
