import FixedPoint

/// Gives out the registers: states keep theirs, and a temporary has one from its making to its last use.
struct MicroAllocation {
  var prologue: [MicroInstruction] = []
  var body: [MicroInstruction] = []
  var constants: [Int32] = []
  /// The most registers in use at once, states included.
  var registers: Int
  /// Whether there were registers and constants enough.
  private(set) var fits = true

  private var free: [UInt8] = []

  init(states: Int, prologue: [MicroDraft], body: [MicroDraft]) {
    registers = states
    self.prologue = allocate(prologue, states: states)
    self.body = allocate(body, states: states)
  }

  private mutating func allocate(_ drafts: [MicroDraft], states: Int) -> [MicroInstruction] {
    var last: [Int: Int] = [:]
    for (index, draft) in drafts.enumerated() {
      for place in [draft.a, draft.b, draft.target] {
        if case .temporary(let number)? = place { last[number] = index }
      }
    }
    free = (UInt8(min(states, 32))..<32).reversed()
    var home: [Int: UInt8] = [:]
    var result: [MicroInstruction] = []
    for (index, draft) in drafts.enumerated() {
      let a = operand(draft.a, home)
      let b =
        draft.operation == .lookUp
        ? MicroOperand.table(UInt8(clamping: draft.table))
        : draft.b.map {
          operand($0, home)
        }
      // What is read here for the last time may be overwritten here.
      for place in [draft.a, draft.b] {
        if case .temporary(let number)? = place, last[number] == index, let register = home[number] {
          home[number] = nil
          free.append(register)
        }
      }
      var target: UInt8 = 0
      switch draft.target {
      case .state(let number)?: target = UInt8(clamping: number)
      case .temporary(let number)?:
        if let register = home[number] {
          target = register
        } else if let register = free.popLast() {
          target = register
          if last[number] == index { free.append(register) } else { home[number] = register }
          registers = max(registers, 32 - free.count)
        } else {
          fits = false
        }
      default: break
      }
      result.append(
        MicroInstruction(
          draft.operation, d: target, a: a, b: b ?? .register(0), shift: UInt8(clamping: draft.shift),
          whenFired: draft.whenFired))
    }
    return result
  }

  private mutating func operand(_ place: MicroValue.Place, _ home: [Int: UInt8]) -> MicroOperand {
    switch place {
    case .state(let number): return .register(UInt8(clamping: number))
    case .temporary(let number): return .register(home[number] ?? 0)
    case .input: return .input
    case .constant(let code):
      if let same = constants.firstIndex(of: code) { return .constant(UInt8(clamping: same)) }
      constants.append(code)
      if constants.count > 128 { fits = false }
      return .constant(UInt8(min(constants.count - 1, 127)))
    }
  }
}
