/// A deflate decoder written from RFC 1951, so that tests can look for equivalent streams without zlib.
struct RawInflate {
  private struct Damage: Error {}
  private let bytes: [UInt8]
  private var position = 0
  private var output: [UInt8] = []

  /// The contents, if the stream is valid and its last block ends in the last byte; else nil.
  static func inflate(_ bytes: [UInt8]) throws -> [UInt8]? {
    var decoder = RawInflate(bytes: bytes)
    do {
      try decoder.run()
    } catch is Damage {
      return nil
    }
    return (decoder.position + 7) / 8 == bytes.count ? decoder.output : nil
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private mutating func bits(_ count: Int) throws -> Int {
    var value = 0
    for k in 0..<count {
      guard position / 8 < bytes.count else { throw Damage() }
      value |= Int(bytes[position / 8] >> UInt8(position % 8) & 1) << k
      position += 1
    }
    return value
  }

  private mutating func run() throws {
    var isLast = false
    while !isLast {
      isLast = try bits(1) == 1
      switch try bits(2) {
      case 0: try stored()
      case 1:
        let lengths = (0..<288).map { $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8 }
        try block(Code(lengths), Code([Int](repeating: 5, count: 30)))
      case 2: try dynamic()
      default: throw Damage()
      }
      if output.count > 1 << 20 { throw Damage() }
    }
  }

  private mutating func stored() throws {
    position = (position + 7) / 8 * 8
    let length = try bits(16)
    guard try bits(16) == length ^ 0xFFFF else { throw Damage() }
    for _ in 0..<length { output.append(UInt8(try bits(8))) }
  }

  private mutating func dynamic() throws {
    let literals = try bits(5) + 257
    let distances = try bits(5) + 1
    let count = try bits(4) + 4
    var lengths = [Int](repeating: 0, count: 19)
    let order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
    for k in 0..<count { lengths[order[k]] = try bits(3) }
    let code = try Code(lengths)
    var all: [Int] = []
    while all.count < literals + distances {
      switch try symbol(code) {
      case let length where length < 16: all.append(length)
      case 16:
        guard let last = all.last else { throw Damage() }
        all += [Int](repeating: last, count: 3 + (try bits(2)))
      case 17: all += [Int](repeating: 0, count: 3 + (try bits(3)))
      default: all += [Int](repeating: 0, count: 11 + (try bits(7)))
      }
    }
    guard all.count == literals + distances, all[256] > 0 else { throw Damage() }
    try block(Code(Array(all[..<literals])), Code(Array(all[literals...])))
  }

  private mutating func block(_ literal: Code, _ distance: Code) throws {
    while true {
      let symbol = try symbol(literal)
      if symbol < 256 {
        output.append(UInt8(symbol))
      } else if symbol == 256 {
        return
      } else {
        guard symbol < 286 else { throw Damage() }
        let length = try extended(symbol - 257, step: 4, first: 3, last: 28, lastValue: 258)
        let code = try self.symbol(distance)
        guard code < 30 else { throw Damage() }
        let back = try extended(code, step: 2, first: 1, last: 30, lastValue: 0)
        guard back <= output.count, output.count < 1 << 20 else { throw Damage() }
        for _ in 0..<length { output.append(output[output.count - back]) }
      }
    }
  }

  /// RFC 1951 §3.2.5: the base value of a length or distance code plus its extra bits.
  private mutating func extended(_ code: Int, step: Int, first: Int, last: Int, lastValue: Int) throws -> Int
  {
    if code == last { return lastValue }
    if code < 2 * step { return first + code }
    let extra = code / step - 1
    return first + (code % step + step) << extra + (try bits(extra))
  }

  private mutating func symbol(_ code: Code) throws -> Int {
    var value = 0
    var first = 0
    var index = 0
    for length in 1...15 {
      value |= try bits(1)
      let count = code.counts[length]
      if value - count < first { return code.symbols[index + value - first] }
      index += count
      first = (first + count) << 1
      value <<= 1
    }
    throw Damage()
  }

  /// A canonical Huffman code; over-subscribed ones are refused.
  private struct Code {
    var counts = [Int](repeating: 0, count: 16)
    var symbols: [Int] = []

    init(_ lengths: [Int]) throws {
      for length in lengths where length > 0 { counts[length] += 1 }
      var left = 1
      for length in 1...15 {
        left = left * 2 - counts[length]
        if left < 0 { throw Damage() }
        symbols += lengths.indices.filter { lengths[$0] == length }
      }
    }
  }
}
