import Observations

/// The signals of a dump: which there are, how they are called, and where they are in the list.
///
/// Scope `chip` holds the clock, the tick and one scope for each core and each used router.
struct VCDSignals: Sendable {
  struct Signal: Sendable {
    var scope: String
    var name: String
    var width: Int
    /// Falls back to 0 in the cycle after.
    var isStrobe: Bool
  }
  /// What a pulse sets: its strobe (or count), and the packet's number.
  struct Numbers: Sendable, Hashable {
    var strobe: Int
    var packet: Int?
  }

  private(set) var list: [Signal] = []
  let clock = 0
  let tick = 1
  private var levels: [Waveform.Level: Int] = [:]
  private var pulses: [Waveform.Pulse: Numbers] = [:]

  init(_ waveform: Waveform) {
    add("", "clk", 1)
    add("", "tick", 32)
    if waveform.hasEdgeQueue { levels[.edgeQueue] = add("", "edge_queue", 32) }
    for core in waveform.coreX.indices { addCore(core, waveform) }
    for router in waveform.usedRouters { addRouter(router, waveform) }
  }

  func number(of level: Waveform.Level) -> Int? { levels[level] }
  func numbers(of pulse: Waveform.Pulse) -> Numbers? { pulses[pulse] }

  private mutating func addCore(_ core: Int, _ waveform: Waveform) {
    let scope = "core_\(waveform.coreX[core])_\(waveform.coreY[core])"
    levels[.phase(core: core)] = add(scope, "phase", 2)
    levels[.queue(core: core)] = add(scope, "queue", 16)
    pulses[.entered(core: core)] = Numbers(strobe: add(scope, "entered", 16, isStrobe: true), packet: nil)
    pulses[.delivered(core: core)] = Numbers(
      strobe: add(scope, "delivered", 16, isStrobe: true), packet: add(scope, "delivered_packet", 32))
  }

  private mutating func addRouter(_ router: Int, _ waveform: Waveform) {
    let x = router % waveform.meshWidth
    let y = router / waveform.meshWidth
    let scope = "router_\(x)_\(y)"
    // A router at the edge of the mesh has no port towards it.
    let exists = [x + 1 < waveform.meshWidth, x > 0, y + 1 < waveform.meshHeight, y > 0, true]
    let names = ["px", "mx", "py", "my", "local"]
    for port in 0..<5 where exists[port] {
      levels[.fifo(router: router, port: port)] = add(scope, "fifo_\(names[port])", 16)
    }
    for port in 0..<5 where exists[port] {
      pulses[.granted(router: router, output: port)] = Numbers(
        strobe: add(scope, "grant_\(names[port])", 1, isStrobe: true),
        packet: add(scope, "packet_\(names[port])", 32))
    }
    pulses[.injected(router: router)] = Numbers(
      strobe: add(scope, "inject", 1, isStrobe: true), packet: add(scope, "packet_inject", 32))
  }

  @discardableResult
  private mutating func add(_ scope: String, _ name: String, _ width: Int, isStrobe: Bool = false) -> Int {
    list.append(Signal(scope: scope, name: name, width: width, isStrobe: isStrobe))
    return list.count - 1
  }

  /// The `$scope` and `$var` lines.
  func declare(_ writer: inout VCDWriter) {
    writer.line("$scope module chip $end")
    var open = ""
    for (number, signal) in list.enumerated() {
      if signal.scope != open {
        if !open.isEmpty { writer.line("$upscope $end") }
        writer.line("$scope module \(signal.scope) $end")
        open = signal.scope
      }
      let range = signal.width > 1 ? " [\(signal.width - 1):0]" : ""
      writer.line("$var wire \(signal.width) \(Self.identifier(number)) \(signal.name)\(range) $end")
    }
    if !open.isEmpty { writer.line("$upscope $end") }
    writer.line("$upscope $end")
  }

  /// Short code of a signal: its number in the 94 printable characters, lowest digit first.
  static func identifier(_ number: Int) -> String {
    var rest = number
    var text = ""
    repeat {
      text.unicodeScalars.append(Unicode.Scalar(UInt8(33 + rest % 94)))
      rest /= 94
    } while rest > 0
    return text
  }
}

/// Values of all signals, and which of them the file does not show yet.
struct VCDState {
  private var values: [Int]
  /// nil: not written yet.
  private var written: [Int?]
  private var touched: [Int]
  private var strobes: [Int] = []

  init(_ signals: VCDSignals) {
    values = [Int](repeating: 0, count: signals.list.count)
    written = [Int?](repeating: nil, count: values.count)
    touched = Array(values.indices)
  }

  mutating func set(_ number: Int?, _ value: Int) {
    guard let number else { return }
    values[number] = value
    touched.append(number)
  }

  /// Strobes of the last cycle fall.
  mutating func beginCycle(_ signals: VCDSignals) {
    for strobe in strobes { set(strobe, 0) }
    strobes.removeAll(keepingCapacity: true)
  }

  /// Adds 1 to the strobe, which counts where it is wider than a bit.
  mutating func happen(_ numbers: VCDSignals.Numbers?, _ occurrence: Waveform.Occurrence) {
    guard let numbers else { return }
    set(numbers.strobe, values[numbers.strobe] + 1)
    strobes.append(numbers.strobe)
    set(numbers.packet, occurrence.packet)
  }

  /// Writes what differs from what was written last, by number of the signal.
  mutating func write(_ signals: VCDSignals, to writer: inout VCDWriter) {
    touched.sort()
    for number in touched where written[number] != values[number] {
      written[number] = values[number]
      writer.value(values[number], width: signals.list[number].width, VCDSignals.identifier(number))
    }
    touched.removeAll(keepingCapacity: true)
  }
}

/// Text of a dump.
struct VCDWriter {
  private(set) var bytes: [UInt8] = []

  mutating func line(_ text: String) {
    bytes += text.utf8
    bytes.append(UInt8(ascii: "\n"))
  }

  mutating func time(_ time: UInt64) { line("#\(time)") }

  /// A scalar `1!`, a vector `b101 !`. A value wider than its signal is shown as the largest.
  mutating func value(_ value: Int, width: Int, _ identifier: String) {
    let fitted = min(value, (1 << width) - 1)
    line(width == 1 ? "\(fitted)\(identifier)" : "b\(String(fitted, radix: 2)) \(identifier)")
  }
}
