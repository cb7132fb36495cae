/// A Swift type that is stored as one HDF5 type.
public protocol HDF5Element: Sendable {
  /// Its name in diagnostics and in the file descriptions.
  static var hdf5Name: String { get }
  static func wrap(_ array: [Self]) -> HDF5Dataset.Values
  /// nil if `values` are of another type.
  static func unwrap(_ values: HDF5Dataset.Values) -> [Self]?
}

extension Int8: HDF5Element {
  public static var hdf5Name: String { "int8" }
  public static func wrap(_ array: [Int8]) -> HDF5Dataset.Values { .int8(array) }
  public static func unwrap(_ values: HDF5Dataset.Values) -> [Int8]? {
    if case .int8(let array) = values { return array }
    return nil
  }
}

extension UInt8: HDF5Element {
  public static var hdf5Name: String { "uint8" }
  public static func wrap(_ array: [UInt8]) -> HDF5Dataset.Values { .uint8(array) }
  public static func unwrap(_ values: HDF5Dataset.Values) -> [UInt8]? {
    if case .uint8(let array) = values { return array }
    return nil
  }
}

extension Int16: HDF5Element {
  public static var hdf5Name: String { "int16" }
  public static func wrap(_ array: [Int16]) -> HDF5Dataset.Values { .int16(array) }
  public static func unwrap(_ values: HDF5Dataset.Values) -> [Int16]? {
    if case .int16(let array) = values { return array }
    return nil
  }
}

extension UInt16: HDF5Element {
  public static var hdf5Name: String { "uint16" }
  public static func wrap(_ array: [UInt16]) -> HDF5Dataset.Values { .uint16(array) }
  public static func unwrap(_ values: HDF5Dataset.Values) -> [UInt16]? {
    if case .uint16(let array) = values { return array }
    return nil
  }
}

extension Int32: HDF5Element {
  public static var hdf5Name: String { "int32" }
  public static func wrap(_ array: [Int32]) -> HDF5Dataset.Values { .int32(array) }
  public static func unwrap(_ values: HDF5Dataset.Values) -> [Int32]? {
    if case .int32(let array) = values { return array }
    return nil
  }
}

extension UInt32: HDF5Element {
  public static var hdf5Name: String { "uint32" }
  public static func wrap(_ array: [UInt32]) -> HDF5Dataset.Values { .uint32(array) }
  public static func unwrap(_ values: HDF5Dataset.Values) -> [UInt32]? {
    if case .uint32(let array) = values { return array }
    return nil
  }
}

extension Int64: HDF5Element {
  public static var hdf5Name: String { "int64" }
  public static func wrap(_ array: [Int64]) -> HDF5Dataset.Values { .int64(array) }
  public static func unwrap(_ values: HDF5Dataset.Values) -> [Int64]? {
    if case .int64(let array) = values { return array }
    return nil
  }
}

extension UInt64: HDF5Element {
  public static var hdf5Name: String { "uint64" }
  public static func wrap(_ array: [UInt64]) -> HDF5Dataset.Values { .uint64(array) }
  public static func unwrap(_ values: HDF5Dataset.Values) -> [UInt64]? {
    if case .uint64(let array) = values { return array }
    return nil
  }
}

extension Float: HDF5Element {
  public static var hdf5Name: String { "float32" }
  public static func wrap(_ array: [Float]) -> HDF5Dataset.Values { .float32(array) }
  public static func unwrap(_ values: HDF5Dataset.Values) -> [Float]? {
    if case .float32(let array) = values { return array }
    return nil
  }
}

extension Double: HDF5Element {
  public static var hdf5Name: String { "float64" }
  public static func wrap(_ array: [Double]) -> HDF5Dataset.Values { .float64(array) }
  public static func unwrap(_ values: HDF5Dataset.Values) -> [Double]? {
    if case .float64(let array) = values { return array }
    return nil
  }
}

extension String: HDF5Element {
  public static var hdf5Name: String { "string" }
  public static func wrap(_ array: [String]) -> HDF5Dataset.Values { .string(array) }
  public static func unwrap(_ values: HDF5Dataset.Values) -> [String]? {
    if case .string(let array) = values { return array }
    return nil
  }
}

extension HDF5Dataset {
  /// Name of the type of its values.
  public var typeName: String {
    switch values {
    case .int8: "int8"
    case .uint8: "uint8"
    case .int16: "int16"
    case .uint16: "uint16"
    case .int32: "int32"
    case .uint32: "uint32"
    case .int64: "int64"
    case .uint64: "uint64"
    case .float32: "float32"
    case .float64: "float64"
    case .string: "string"
    }
  }
}
