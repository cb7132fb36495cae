import FixedPoint

extension Chip {
  /// What the datapath `microcode` has beside the leaky unit: registers, memory for programs, and how long an
  /// operation takes. docs/emulator-semantics.md §3.5.
  public struct Microcode: Sendable, Equatable {
    /// Width of a register, a constant, a parameter and an entry of a table, 8 … 32.
    public var registerBits: Int
    /// Most registers of a neuron that keep their values between ticks.
    public var stateWords: Int
    /// Most values that are a neuron's own.
    public var parameters: Int
    /// Most constants of a program.
    public var constants: Int
    /// Longest program, prologue and body together.
    public var instructions: Int
    /// Most tables of a program, and most entries of all of them together.
    public var tables: Int
    public var tableEntries: Int
    /// Most passes through the body in one tick.
    public var passes: Int
    public var cycles: Cycles

    /// Cycles of one instruction, by the unit that does it.
    public struct Cycles: Sendable, Equatable {
      public var add: Int
      public var multiply: Int
      public var compare: Int
      public var lookUp: Int

      public init(add: Int, multiply: Int, compare: Int, lookUp: Int) {
        self.add = add
        self.multiply = multiply
        self.compare = compare
        self.lookUp = lookUp
      }

      public subscript(unit: MicroUnit) -> Int {
        switch unit {
        case .add: add
        case .multiply: multiply
        case .compare: compare
        case .lookUp: lookUp
        }
      }
    }

    public init(
      registerBits: Int, stateWords: Int, parameters: Int, constants: Int, instructions: Int, tables: Int,
      tableEntries: Int, passes: Int, cycles: Cycles
    ) {
      self.registerBits = registerBits
      self.stateWords = stateWords
      self.parameters = parameters
      self.constants = constants
      self.instructions = instructions
      self.tables = tables
      self.tableEntries = tableEntries
      self.passes = passes
      self.cycles = cycles
    }

    /// What one tick of a program costs; the same in every tick, because nothing is ever jumped over.
    ///
    /// An instruction that is left out (`whenFired`) takes its cycles and its energy all the same: it is fetched,
    /// and its slot passes.
    public func cost(of program: MicroProgram) -> MicroCost {
      var cost = MicroCost()
      for instruction in program.prologue { cost.add(1, instruction.operation, cycles) }
      for instruction in program.body { cost.add(program.passes, instruction.operation, cycles) }
      return cost
    }
  }
}

/// The unit of the datapath `microcode` that does an operation.
public enum MicroUnit: String, Sendable, CaseIterable {
  /// `add`, `subtract`
  case add
  /// `multiply`
  case multiply
  /// `scale`, `minimum`, `maximum`, `select`, `fire`
  case compare
  /// `lookUp`: two reads, and a multiplication between them.
  case lookUp

  public init(_ operation: MicroInstruction.Operation) {
    switch operation {
    case .add, .subtract: self = .add
    case .multiply: self = .multiply
    case .scale, .minimum, .maximum, .select, .fire: self = .compare
    case .lookUp: self = .lookUp
    }
  }
}

/// Cycles of one tick of a program, and its operations by unit.
public struct MicroCost: Sendable, Equatable {
  public var cycles = 0
  public var operations = Chip.Energy.Operations()

  public init() {}

  mutating func add(_ times: Int, _ operation: MicroInstruction.Operation, _ each: Chip.Microcode.Cycles) {
    let unit = MicroUnit(operation)
    cycles += times * each[unit]
    operations[unit] += UInt64(times)
  }
}

extension Chip.Energy {
  /// Instructions of microcode that were done, by unit.
  public struct Operations: Sendable, Equatable {
    public var adds: UInt64 = 0
    public var multiplies: UInt64 = 0
    public var compares: UInt64 = 0
    public var lookUps: UInt64 = 0

    public init() {}

    public subscript(unit: MicroUnit) -> UInt64 {
      get {
        switch unit {
        case .add: adds
        case .multiply: multiplies
        case .compare: compares
        case .lookUp: lookUps
        }
      }
      set {
        switch unit {
        case .add: adds = newValue
        case .multiply: multiplies = newValue
        case .compare: compares = newValue
        case .lookUp: lookUps = newValue
        }
      }
    }
  }
}
