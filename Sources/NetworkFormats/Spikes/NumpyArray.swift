import Diagnostics

/// An array of numbers as NumPy stores it (`.npy`).
public struct NumpyArray: Sendable, Equatable {
  enum ElementType: String, Sendable, CaseIterable {
    case bool = "b1"
    case uint8 = "u1"
    case int8 = "i1"
    case uint16 = "u2"
    case int16 = "i2"
    case uint32 = "u4"
    case int32 = "i4"
    case uint64 = "u8"
    case int64 = "i8"
    case float32 = "f4"
    case float64 = "f8"

    var size: Int {
      switch self {
      case .bool, .uint8, .int8: 1
      case .uint16, .int16: 2
      case .uint32, .int32, .float32: 4
      case .uint64, .int64, .float64: 8
      }
    }
  }

  /// Row-major; empty for a scalar.
  public let shape: [Int]
  let type: ElementType
  /// Elements in row-major order, little endian.
  let bytes: [UInt8]

  /// Number of elements.
  public var count: Int { bytes.count / type.size }

  /// All elements as `Double` (64-bit integers beyond 2^53 are rounded).
  public var doubles: [Double] { (0..<count).map(double) }

  /// All elements as integers; nil when one is not a whole number or does not fit `Int`.
  public var integers: [Int]? {
    var result: [Int] = []
    result.reserveCapacity(count)
    for k in 0..<count {
      guard let value = integer(k) else { return nil }
      result.append(value)
    }
    return result
  }

  func double(_ k: Int) -> Double {
    let bits = bits(k)
    return switch type {
    case .float32: Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
    case .float64: Double(bitPattern: bits)
    case .int8: Double(Int8(truncatingIfNeeded: bits))
    case .int16: Double(Int16(truncatingIfNeeded: bits))
    case .int32: Double(Int32(truncatingIfNeeded: bits))
    case .int64: Double(Int64(bitPattern: bits))
    case .bool, .uint8, .uint16, .uint32, .uint64: Double(bits)
    }
  }

  func integer(_ k: Int) -> Int? {
    switch type {
    case .float32, .float64: Int(exactly: double(k))
    case .int8, .int16, .int32: Int(double(k))
    case .int64: Int(Int64(bitPattern: bits(k)))
    case .bool, .uint8, .uint16, .uint32, .uint64: Int(exactly: bits(k))
    }
  }

  private func bits(_ k: Int) -> UInt64 {
    if type.size == 1 { return UInt64(bytes[k]) }
    var value: UInt64 = 0
    for b in 0..<type.size { value |= UInt64(bytes[k * type.size + b]) << UInt64(8 * b) }
    return value
  }
}

extension NumpyArray {
  /// Reads the bytes of a `.npy` file, versions 1.0 to 3.0.
  ///
  /// Booleans, integers and floating point of 32 and 64 bits, in either byte order, in C or Fortran order. The
  /// data must be exactly as long as the header says. A boolean is 0 or 1.
  ///
  /// **Source:** NumPy, `numpy/lib/format.py`.
  init(npy file: [UInt8], place: String) throws(Failure) {
    func refuse(_ problem: String, found: String? = nil, expected: String? = nil, remedy: String? = nil)
      -> Failure
    {
      Failure(
        .badInput,
        Diagnostic(
          "numpy.format", place: place, problem: problem, found: found, expected: expected, remedy: remedy))
    }
    guard file.starts(with: [0x93] + Array("NUMPY".utf8)), file.count >= 10 else {
      throw refuse("not a NumPy array: the first bytes differ")
    }
    guard (1...3).contains(file[6]), file[7] == 0 else {
      throw refuse("unknown version of the .npy format", found: "\(file[6]).\(file[7])")
    }
    let lengthBytes = file[6] == 1 ? 2 : 4
    guard let length = file.littleEndian(8, lengthBytes).map(Int.init),
      length <= file.count - 8 - lengthBytes
    else { throw refuse("the header is cut short") }
    let begin = 8 + lengthBytes
    guard let header = NumpyHeader(Array(file[begin..<begin + length])) else {
      throw refuse("the header is damaged")
    }
    guard let type = ElementType(rawValue: String(header.description.dropFirst())),
      let order = header.description.first, "<>|=".contains(order)
    else {
      throw refuse(
        "elements of this type are not read", found: header.description,
        expected: "booleans, integers or floating point of 32 or 64 bits",
        remedy: "Convert with .astype('uint8') before saving")
    }
    var count = 1
    for size in header.shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      guard !overflow, product <= file.count else {
        throw refuse("the header declares more elements than the file has", found: "shape \(header.shape)")
      }
      count = product
    }
    let data = Array(file[(begin + length)...])
    guard data.count == count * type.size else {
      throw refuse(
        "the data are not as long as the header says", found: "\(data.count) bytes",
        expected: "\(count * type.size) bytes")
    }
    if type == .bool, let bad = data.first(where: { $0 > 1 }) {
      throw refuse("a boolean is neither 0 nor 1", found: "\(bad)")
    }
    shape = header.shape
    self.type = type
    let native = order == ">" ? Self.swapped(data, size: type.size) : data
    bytes = header.fortranOrder ? Self.rowMajor(native, shape: header.shape, size: type.size) : native
  }

  private static func swapped(_ data: [UInt8], size: Int) -> [UInt8] {
    data.indices.map { data[$0 - $0 % size + size - 1 - $0 % size] }
  }

  /// Column-major elements in row-major order.
  private static func rowMajor(_ data: [UInt8], shape: [Int], size: Int) -> [UInt8] {
    var strides: [Int] = []
    var stride = 1
    for extent in shape {
      strides.append(stride)
      stride *= extent
    }
    var result: [UInt8] = []
    result.reserveCapacity(data.count)
    for k in 0..<data.count / size {
      var rest = k
      var place = 0
      for dimension in shape.indices.reversed() {
        place += rest % shape[dimension] * strides[dimension]
        rest /= shape[dimension]
      }
      result += data[place * size..<(place + 1) * size]
    }
    return result
  }
}
