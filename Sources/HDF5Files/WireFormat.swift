/// What the reader process sends on its standard output: a sequence of items, then a CRC-32 of all bytes before it.
///
/// ```
/// "RHH5"                                              header
/// group     name                                      opens a group below the current one (the root is open)
/// end                                                 closes the current group
/// dataset   name type rank dims values                a dataset of the current group
/// attribute name type rank dims values                an attribute of the current group
/// problem   id subject place problem found expected remedy
/// finish    crc32
/// ```
/// Item, type and rank are one byte, dims 8 bytes each, text a 4-byte length and UTF-8; numbers in this
/// machine's byte order, since both ends are the same program on the same machine.
enum WireItem: UInt8 {
  case group = 1
  case end, dataset, attribute, problem, finish
}

enum WireFormat {
  static let header = Array("RHH5".utf8)
  /// Deepest nesting of groups.
  static let depth = 64
}

/// The types that travel, each with the size of one element in bytes.
enum WireType: UInt8 {
  case int8 = 1
  case uint8, int16, uint16, int32, uint32, int64, uint64, float32, float64, string

  /// For text: the size of a pointer to it, a lower bound.
  var size: Int {
    switch self {
    case .int8, .uint8: 1
    case .int16, .uint16: 2
    case .int32, .uint32, .float32: 4
    case .int64, .uint64, .float64, .string: 8
    }
  }
}
