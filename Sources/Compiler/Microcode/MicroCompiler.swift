import ChipModel
import Diagnostics
import FixedPoint
import Foundation
import NetworkIR

/// The program of one population, and what it starts from.
struct MicroCode: Sendable, Equatable {
  var program: MicroProgram
  /// State words at the start of a sample, the same for every neuron.
  var state: [Int32]
  /// Codes per mV of the potential.
  var scale: Double
  var report: MicroReport
}

/// What a population asks for.
struct MicroRequest: Sendable {
  /// For diagnostics.
  var subject: String
  var equations: NeuronEquations
  /// In the equations' unit.
  var current: Double
  /// Most that arrives in the mean besides, up and down, as a current.
  var arriving: ClosedRange<Double>
  /// Most that arrives in one tick, up and down, mV; nil where nothing does.
  var steps: ClosedRange<Double>?
  /// mV per unit of the tick's input x.
  var inputStep: Double
  /// ms
  var dt: Double
}

/// From equations to a program: ranges, scheme, formats, code, registers, bound.
///
/// - Returns: nil where a problem that was reported leaves nothing to go on with.
func microcode(
  _ request: MicroRequest, chip: Chip, problems: inout DiagnosticCollector
) -> MicroCode? {
  guard let limits = chip.microcode else {
    problems.add([Limits.microcode(subject: request.subject, chip: chip)].compactMap { $0 })
    return nil
  }
  let equations = request.equations
  let currents = analysedCurrents(request)
  let span = (currents.min() ?? 0)...(currents.max() ?? 0)
  let analysis = RangeAnalysis(
    equations, currents: currents, duration: RangeAnalysis.duration(dt: request.dt))
  if analysis.isLost {
    problems.add(
      Diagnostic(
        "microcode.stiff", subject: request.subject,
        problem:
          "the equations cannot be integrated: a time constant is too short, or the variables run away",
        remedy: "Check the units of the parameters and currents"))
    return nil
  }
  let cutOff = CutOff(equations, ranges: analysis.ranges.map { $0.widened(by: 0.25) }, currents: span)
  let choice = SchemeChoice(
    equations, current: request.current, analysis: analysis, cutOff: cutOff, dt: request.dt,
    passes: limits.passes)
  guard choice.low.sum().isFinite, choice.high.sum().isFinite else {
    problems.add(
      Diagnostic(
        "microcode.diverges", subject: request.subject,
        problem: "no scheme that the chip has time for can integrate the equations",
        found: "at most \(limits.passes) passes in a tick of \(request.dt) ms",
        remedy: "Choose a smaller --dt"))
    return nil
  }

  // What the registers must hold: the ranges, what arrives in a tick, and room for states that no run came to.
  var ranges = equations.variables.indices.map { lane in
    min(
      analysis.ranges[lane].lowerBound, choice.low[lane])...max(
        min(analysis.ranges[lane].upperBound, choice.system.cutOffOr(equations)), choice.high[lane])
  }
  if let steps = request.steps {
    let most = 2 * (ranges[0].upperBound - ranges[0].lowerBound)
    ranges[0] =
      ranges[0].lowerBound + max(steps.lowerBound, -most)...ranges[0].upperBound + min(steps.upperBound, most)
  }
  let roomy = ranges.map { $0.widened(by: 0.25) }
  var fractions = roomy.map { MicroFormat.fraction(for: $0, registerBits: limits.registerBits) }
  // Variables that the threshold compares have their binary points at one place.
  let compared = equations.excess.variables
  if compared.count > 1, let least = compared.map({ fractions[$0] }).min() {
    for lane in compared { fractions[lane] = least }
  }
  if let lane = fractions.firstIndex(where: { $0 < -30 || !ranges[0].magnitude.isFinite }) {
    problems.add(
      Diagnostic(
        "network.range", subject: request.subject,
        problem: "\(equations.variables[lane].name) takes values that are too large to be scaled",
        found: "\(ranges[lane].magnitude)"))
    return nil
  }

  // Errors count below the last stretch, which takes a known time at most.
  var counted = ranges
  if let certain = cutOff?.lastStretch, certain > counted[0].lowerBound {
    counted[0] = counted[0].lowerBound...min(counted[0].upperBound, certain)
  }
  let written = MicroProgramBuilder(
    choice.system, fractions: fractions, expected: counted,
    inputStep: request.steps == nil ? nil : request.inputStep, registerBits: limits.registerBits,
    tableEntries: limits.tableEntries)
  guard written.fits else {
    problems.add(
      Diagnostic(
        "network.range", subject: request.subject,
        problem: "its terms lie too far apart to be added in registers of \(limits.registerBits) bits",
        remedy: "Check the units of the parameters, or use wider registers"))
    return nil
  }
  let allocation = MicroAllocation(
    states: written.stateCount, prologue: written.prologue, body: written.body)
  let program = MicroProgram(
    registerBits: limits.registerBits, stateCount: written.stateCount, constants: allocation.constants,
    tables: written.builder.tables, prologue: allocation.prologue, body: allocation.body,
    passes: choice.system.scheme.passes)
  problems.add(brokenLimits(program, allocation, request, chip: chip))

  var state = equations.variables.indices.map {
    MicroFormat.code(
      equations.variables[$0].initial, fraction: fractions[$0], registerBits: limits.registerBits
    ).code
  }
  if written.stateCount > state.count { state.append(0) }
  return MicroCode(
    program: program, state: state, scale: exp2(Double(fractions[0])),
    report: MicroReport(
      request, choice: choice, cutOff: cutOff, ranges: counted, written: written, allocation: allocation,
      program: program, currents: span, chip: chip))
}

/// Every limit of the chip that the program breaks.
private func brokenLimits(
  _ program: MicroProgram, _ allocation: MicroAllocation, _ request: MicroRequest, chip: Chip
) -> [Diagnostic] {
  let subject = request.subject
  var problems = [
    Limits.instructions(
      used: program.prologue.count + program.body.count, subject: subject, chip: chip),
    Limits.passes(program.passes, subject: subject, chip: chip),
    Limits.stateWords(used: program.stateCount, subject: subject, chip: chip),
    Limits.constants(used: program.constants.count, subject: subject, chip: chip),
    Limits.tables(used: program.tables.count, subject: subject, chip: chip),
    Limits.tableEntries(
      used: program.tables.reduce(0) { $0 + $1.entries.count }, subject: subject, chip: chip),
  ].compactMap { $0 }
  if !allocation.fits {
    problems.append(
      Diagnostic(
        "limit.registers", subject: subject, problem: "needs more registers or constants than there are",
        expected: "at most 32 registers and 128 constants", remedy: "Use a simpler model"))
  }
  return problems
}

/// Currents at which a population is analysed: its own, what arrives added, and half-way between; where none of them
/// makes it fire, more until one does, so that the spike itself has been looked at.
private func analysedCurrents(_ request: MicroRequest) -> [Double] {
  let own = request.current
  let ends = [own, own + request.arriving.lowerBound, own + request.arriving.upperBound]
  var currents = ends + [(ends[1] + ends[2]) / 2]
  currents = Array(Set(currents)).sorted()
  if currents.count == 1, !fires(request, at: own) {
    // In units of the current that moves the potential by its scale in 10 ms.
    var more = max(abs(own), 0.1 * request.equations.variables[0].scale / abs(request.equations.gain))
    for _ in 0..<24 {
      if fires(request, at: own + more) { break }
      more *= 1.5
    }
    currents.append(own + more)
  }
  return currents
}

private func fires(_ request: MicroRequest, at current: Double) -> Bool {
  let analysis = RangeAnalysis(
    request.equations, currents: [current], duration: RangeAnalysis.duration(dt: request.dt))
  return analysis.isLost || !analysis.runs[0].spikes.isEmpty
}

extension ClosedRange<Double> {
  /// The range with this share of its length added at both ends.
  fileprivate func widened(by share: Double) -> ClosedRange<Double> {
    let room = (upperBound - lowerBound) * share
    return lowerBound - room...upperBound + room
  }
}

extension MicroSystem {
  /// The highest potential before a spike.
  fileprivate func cutOffOr(_ equations: NeuronEquations) -> Double {
    cutOff ?? equations.fixedPeak ?? .infinity
  }
}
