/// The values of an HDF5 dataset or attribute, with their shape.
public struct HDF5Dataset: Sendable, Equatable {
  /// Row-major, as in the file; a scalar has shape `[]`.
  public var shape: [Int]
  public var values: Values

  /// Flat values in the type of the file. HDF5 booleans are `uint8`; floating point of any other width than
  /// 32 and 64 bits is `float64`; text is UTF-8, repaired where the file's is not.
  public enum Values: Sendable, Equatable {
    case int8([Int8])
    case uint8([UInt8])
    case int16([Int16])
    case uint16([UInt16])
    case int32([Int32])
    case uint32([UInt32])
    case int64([Int64])
    case uint64([UInt64])
    case float32([Float])
    case float64([Double])
    case string([String])
  }

  /// - Precondition: `values` holds as many elements as `shape` says; `HDF5File.write` refuses anything else.
  public init(shape: [Int], values: Values) {
    self.shape = shape
    self.values = values
  }

  /// A one-dimensional dataset.
  public init<Element: HDF5Element>(_ array: [Element]) {
    self.init(shape: [array.count], values: Element.wrap(array))
  }

  /// A dataset of any shape.
  public init<Element: HDF5Element>(_ array: [Element], shape: [Int]) {
    self.init(shape: shape, values: Element.wrap(array))
  }

  /// A scalar.
  public static func scalar<Element: HDF5Element>(_ value: Element) -> HDF5Dataset {
    HDF5Dataset(shape: [], values: Element.wrap([value]))
  }

  /// Number of values held.
  public var count: Int {
    switch values {
    case .int8(let array): array.count
    case .uint8(let array): array.count
    case .int16(let array): array.count
    case .uint16(let array): array.count
    case .int32(let array): array.count
    case .uint32(let array): array.count
    case .int64(let array): array.count
    case .uint64(let array): array.count
    case .float32(let array): array.count
    case .float64(let array): array.count
    case .string(let array): array.count
    }
  }

  /// The values as `Element`, if that is exactly the type in the file.
  public func array<Element: HDF5Element>(of type: Element.Type = Element.self) -> [Element]? {
    Element.unwrap(values)
  }

  /// Any number as `Double` (64-bit integers beyond 2^53 are rounded); nil for text.
  public var doubles: [Double]? {
    switch values {
    case .int8(let array): array.map(Double.init)
    case .uint8(let array): array.map(Double.init)
    case .int16(let array): array.map(Double.init)
    case .uint16(let array): array.map(Double.init)
    case .int32(let array): array.map(Double.init)
    case .uint32(let array): array.map(Double.init)
    case .int64(let array): array.map(Double.init)
    case .uint64(let array): array.map(Double.init)
    case .float32(let array): array.map(Double.init)
    case .float64(let array): array
    case .string: nil
    }
  }

  /// Integers of any width; nil for floating point, for text, and when a `uint64` does not fit.
  public var int64s: [Int64]? {
    switch values {
    case .int8(let array): return array.map(Int64.init)
    case .uint8(let array): return array.map(Int64.init)
    case .int16(let array): return array.map(Int64.init)
    case .uint16(let array): return array.map(Int64.init)
    case .int32(let array): return array.map(Int64.init)
    case .uint32(let array): return array.map(Int64.init)
    case .int64(let array): return array
    case .uint64(let array):
      return array.contains { $0 > UInt64(Int64.max) } ? nil : array.map { Int64($0) }
    case .float32, .float64, .string: return nil
    }
  }

  public var strings: [String]? {
    if case .string(let array) = values { return array }
    return nil
  }
}
