import ChipModel
import FixedPoint
import NetworkIR

extension MicroReport {
  /// Puts the parts of the error together. With h the length of a pass, e₀ what rounding moves the potential by in one,
  /// and g = ∂y₀'/∂I,
  /// ```
  /// current error = e₀ / (h g)          the constant current that moves it as much: a bound
  /// rate error = r'(I) / r(I) · current error      at the highest current: an estimate
  /// ```
  init(
    _ request: MicroRequest, choice: SchemeChoice, cutOff: CutOff?, ranges: [ClosedRange<Double>],
    written: MicroProgramBuilder, allocation: MicroAllocation, program: MicroProgram,
    currents: ClosedRange<Double>, chip: Chip
  ) {
    let system = choice.system
    let equations = request.equations
    scheme = system.scheme
    registerBits = program.registerBits
    variables = equations.variables.indices.map { lane in
      Variable(
        name: equations.variables[lane].name, unit: equations.variables[lane].unit,
        fractionBits: written.fractions[lane], lowest: ranges[lane].lowerBound,
        highest: ranges[lane].upperBound,
        roundingPerTick: written.errors[lane] * Double(system.scheme.passes))
    }
    tables = written.builder.tableReports
    currentUnit = equations.currentUnit
    lowestCurrent = currents.lowerBound
    highestCurrent = currents.upperBound
    cutOffMillivolts = system.cutOff
    earlyMilliseconds = system.cutOff.flatMap { cutOff?.time(from: $0) }
    lastStretchMillivolts = cutOff?.lastStretch
    let error = written.errors[0] / (system.h * abs(equations.gain))
    currentError = error
    rateErrorOfRounding = Self.rateError(
      equations, current: currents.upperBound, error: error, duration: RangeAnalysis.duration(dt: request.dt))
    rateErrorOfSteps = choice.error
    instructions = program.prologue.count + program.body.count
    constants = program.constants.count
    registers = allocation.registers
    instructionsPerTick = program.prologue.count + program.body.count * program.passes
    let cost = chip.microcode.map { $0.cost(of: program) }
    cyclesPerTick = cost?.cycles ?? 0
    energyPerTick = cost.flatMap { $0.energy(chip) }
  }

  /// The rate's relative change with the current, measured over 2 % of it, times the error.
  private static func rateError(
    _ equations: NeuronEquations, current: Double, error: Double, duration: Double
  ) -> Double? {
    let step = max(0.02 * abs(current), 4 * error)
    let runs = RangeAnalysis(equations, currents: [current, current + step], duration: duration).runs
    func rate(_ spikes: [Double]) -> Double? {
      guard let first = spikes.first, let last = spikes.last, last > first else { return nil }
      return Double(spikes.count - 1) / (last - first)
    }
    guard let before = rate(runs[0].spikes), let after = rate(runs[1].spikes), step > 0 else { return nil }
    return abs(after / before - 1) / step * error
  }
}

extension MicroCost {
  /// Joule per tick; nil where the chip does not say what an operation costs.
  func energy(_ chip: Chip) -> Double? {
    var sum = 0.0
    for component in Chip.Energy.Component.allCases {
      guard let unit = component.unit, operations[unit] > 0 else { continue }
      guard let each = chip.energy.value(component) else { return nil }
      sum += each * Double(operations[unit])
    }
    return sum
  }
}
