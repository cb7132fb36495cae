/// A value change dump, read strictly by the grammar of IEEE 1364-2005 §18.2 as far as four-state values without
/// x and z go. Anything else is an error, so that a file that it reads is one that other tools read.
public struct ParsedDump {
  public struct Problem: Error, CustomStringConvertible {
    public var description: String
  }
  public struct Signal {
    /// "core_0_0.phase", without the outermost scope.
    public var name: String
    public var width: Int
    /// Times at which the value changed, ascending, and the values from then on.
    public var times: [UInt64] = []
    public var values: [UInt64] = []

    /// The value at a time; before the first one there is none.
    public func value(at time: UInt64) -> UInt64? {
      var low = 0
      var high = times.count
      while low < high {
        let middle = (low + high) / 2
        if times[middle] <= time { low = middle + 1 } else { high = middle }
      }
      return low == 0 ? nil : values[low - 1]
    }
  }

  /// "1 ns".
  public private(set) var timescale = ""
  public private(set) var signals: [String: Signal] = [:]
  public private(set) var end: UInt64 = 0
  private var codes: [String: String] = [:]

  public init(_ text: String) throws {
    var words = text.split(whereSeparator: \.isWhitespace).map(String.init)[...]
    try readHeader(&words)
    try readChanges(&words)
  }

  public subscript(_ name: String) -> Signal {
    get throws {
      guard let signal = signals[name] else { throw Problem(description: "no signal \(name)") }
      return signal
    }
  }

  private mutating func readHeader(_ words: inout ArraySlice<String>) throws {
    var scopes: [String] = []
    while let keyword = words.popFirst() {
      guard let end = words.firstIndex(of: "$end") else {
        throw Problem(description: "\(keyword) without $end")
      }
      let body = Array(words[..<end])
      words = words[(end + 1)...]
      switch keyword {
      case "$comment", "$date", "$version": break
      case "$timescale": timescale = body.joined(separator: " ")
      case "$scope":
        guard body.count == 2, body[0] == "module" else { throw Problem(description: "scope \(body)") }
        scopes.append(body[1])
      case "$upscope":
        guard body.isEmpty, scopes.popLast() != nil else { throw Problem(description: "upscope \(body)") }
      case "$var": try declare(body, scopes)
      case "$enddefinitions":
        guard body.isEmpty, scopes.isEmpty else { throw Problem(description: "open scopes \(scopes)") }
        guard ["1 ns", "1 ps", "1 fs"].contains(timescale) else {
          throw Problem(description: "timescale \(timescale)")
        }
        return
      default: throw Problem(description: "keyword \(keyword)")
      }
    }
    throw Problem(description: "no $enddefinitions")
  }

  private mutating func declare(_ body: [String], _ scopes: [String]) throws {
    guard body.count == 4 || body.count == 5, body[0] == "wire", let width = Int(body[1]), width > 0,
      body.count == 5 ? body[4] == "[\(width - 1):0]" : width == 1,
      body[2].utf8.allSatisfy({ (33...126).contains($0) }), codes[body[2]] == nil, !scopes.isEmpty
    else { throw Problem(description: "var \(body)") }
    let name = (scopes.dropFirst() + [body[3]]).joined(separator: ".")
    guard signals[name] == nil else { throw Problem(description: "\(name) is declared twice") }
    codes[body[2]] = name
    signals[name] = Signal(name: name, width: width)
  }

  private mutating func readChanges(_ words: inout ArraySlice<String>) throws {
    var time: UInt64?
    var isDump = false
    while let word = words.popFirst() {
      switch word.first {
      case "#":
        guard !isDump, let next = UInt64(word.dropFirst()), time.map({ next > $0 }) ?? (next == 0) else {
          throw Problem(description: "time \(word) after \(time ?? 0)")
        }
        time = next
        end = next
      case "$":
        guard word == (isDump ? "$end" : "$dumpvars"), time == 0 else {
          throw Problem(description: "\(word) among the changes")
        }
        isDump = word == "$dumpvars"
        if !isDump, let missing = signals.values.first(where: { $0.values.isEmpty }) {
          throw Problem(description: "\(missing.name) has no first value")
        }
      case "b": try change(String(word.dropFirst()), words.popFirst() ?? "", time)
      case "0", "1": try change(String(word.prefix(1)), String(word.dropFirst()), time)
      default: throw Problem(description: "change \(word)")
      }
    }
  }

  private mutating func change(_ bits: String, _ code: String, _ time: UInt64?) throws {
    guard let name = codes[code], let width = signals[name]?.width, let time,
      let value = UInt64(bits, radix: 2), bits.count <= width
    else { throw Problem(description: "change \(bits) of \(code)") }
    if signals[name]?.times.last == time || signals[name]?.values.last == value {
      throw Problem(description: "\(name) changes to \(value) at \(time) to no effect")
    }
    signals[name]?.times.append(time)
    signals[name]?.values.append(value)
  }
}
