import ChipModel
import Diagnostics
import Foundation
import NetworkIR

/// Gives every population the membrane that it will have on the chip: total capacitance, the leak that its DAC can
/// set, the part of a step that arrives, kicks, what a reset leaves behind, and the voltage floor.
///
/// Closed forms (docs/architecture.md, "Parasitics"), with ρ = C_membrane / C_total:
/// ```
/// leak            λ' = C_leak/C_total (euler), 1 − e^(−C_leak/C_total) (exponential); C_leak = g_L·dt, a DAC code
/// drive, leak     c' = c · λ'/λ: V∞ does not move; ρ·c without leak
/// step            charge packet ρ; held current ρ (euler), (1 − e^(−ρ·dt/τ))/(1 − e^(−dt/τ)) (exponential)
/// kick            ΔV · C_coupling/C_total
/// reset           V_r + (V_θ − V_r)·e^(−t/(R_on·C_total)), taken at V_θ: an approximation for a membrane above it;
///                 of an axon hillock V_θ − ρ·(V_θ − V_r), at once
/// ```
/// `compensate` asks the DAC for C_leak = λ·C_total instead of λ·C_membrane, keeps c, and leaves `gain` for the
/// quantizer to cancel; kick and reset residue stay. A population without memory gets the strongest leak that there is,
/// up to all of C_total, whatever is asked for. The swing of an axon hillock shrinks as its steps do, so nothing makes up
/// for either.
///
/// Does not: choose codes other than the leak DAC's.
func applyPhysics(
  _ legal: LegalNetwork, chip: Chip, options: CompileOptions, parasitics: Parasitics,
  problems: inout DiagnosticCollector
) -> PhysicalNetwork {
  var membranes: [Membrane] = []
  for (p, population) in legal.populations.enumerated() {
    if population.equations != nil, chip.microcode == nil {
      problems.add(needsMicrocode(population, chip: chip))
      membranes.append(Membrane(digital: population))
      continue
    }
    guard let electrical = chip.electrical else {
      membranes.append(Membrane(digital: population))
      continue
    }
    let scale = VoltageScale(
      population: population, electrical: electrical,
      drive: DriveBounds(population: p, legal: legal, countMaximum: chip.core.axonCountMaximum))
    problems.add(scale.problems(population: population, electrical: electrical))
    membranes.append(
      Membrane(
        population, electrical: electrical, dac: LeakDAC(electrical.leak, bits: options.leakBits),
        rows: chip.core.axons, parasitics: parasitics, integrator: legal.network.dynamics.integrator,
        scale: scale, problems: &problems))
  }
  return PhysicalNetwork(
    legal: legal, parasitics: parasitics, circuit: chip.electrical?.circuit ?? .comparator,
    membranes: membranes)
}

private func needsMicrocode(_ population: LegalPopulation, chip: Chip) -> Diagnostic {
  Diagnostic(
    "limit.microcode", subject: "population \(population.name)",
    problem: "the model \(population.model) needs a program, and this chip's neurons have none",
    found: "chip \(chip.name), datapath \(chip.datapathKind)", expected: "datapath.kind \"microcode\"",
    remedy: "Use --chip tessera-d, or another chip with microcode")
}

extension Membrane {
  /// A digital chip computes what the network says.
  fileprivate init(digital population: LegalPopulation) {
    self.init(
      capacitance: nil, decay: population.decay, decayWanted: population.decay,
      decayUncoded: population.decay, constant: population.constant,
      initialCurrent: population.initialCurrent,
      gain: [Double](repeating: 1, count: population.size), compensatesGain: false,
      reset: population.firing?.reset ?? [Double](repeating: 0, count: population.size),
      kick: [Double](repeating: 0, count: population.size), floor: nil, voltsPerUnit: nil)
  }

  fileprivate init(
    _ population: LegalPopulation, electrical: Chip.Electrical, dac: LeakDAC, rows: Int,
    parasitics: Parasitics, integrator: Dynamics.Integrator, scale: VoltageScale,
    problems: inout DiagnosticCollector
  ) {
    let full = CapacitanceBudget(electrical: electrical, rows: rows)
    let budget = parasitics == .ignore ? full.withoutParasitics : full
    let ratio = budget.membrane / budget.total
    let isHillock = electrical.circuit == .axonHillock
    let swing = budget.swing(electrical.circuit)
    let nominal = parasitics == .compensate ? budget.total : budget.membrane
    let residue =
      parasitics == .ignore || isHillock
      ? 0
      : budget.resetResidue(
        onResistance: electrical.reset.onResistance, duration: electrical.reset.duration)
    // Without parasitics the budget has no coupling, so nothing kicks.
    let kickFraction = budget.kickFraction

    var decay: [Double] = []
    var uncoded: [Double] = []
    var gain: [Double] = []
    /// λ that acts when the DAC takes `packet` farad off per tick.
    func acting(_ packet: Double) -> Double {
      integrator == .euler ? min(packet / budget.total, 1) : 1 - exp(-packet / budget.total)
    }
    var known: [Double: Double] = [:]
    for wanted in population.decay {
      let packet =
        population.isMemoryless
        ? min(budget.total, dac.largest)
        : (integrator == .euler ? wanted : -log(max(1 - wanted, 1e-300))) * nominal
      uncoded.append(acting(packet))
      if let same = known[wanted] {
        decay.append(same)
      } else {
        switch dac.nearest(packet) {
        case .success(let set):
          known[wanted] = acting(set)
          decay.append(acting(set))
        case .failure(let problem):
          known[wanted] = wanted
          decay.append(wanted)
          problems.add(problem.diagnostic(population: population.name, dac: dac))
        }
      }
      if population.stepsAreCharge || parasitics == .compensate || wanted == 0
        || integrator == .euler
      {
        gain.append(ratio)
      } else {
        gain.append(min(-expm1(ratio * log1p(-wanted)) / wanted, 1))
      }
    }
    let factor = zip(decay, population.decay).map { acting, wanted in
      wanted > 0 ? acting / wanted : (parasitics == .compensate && !isHillock ? 1 : ratio)
    }
    let size = population.size
    var reset = [Double](repeating: 0, count: size)
    var kick = reset
    if let firing = population.firing {
      for i in 0..<size {
        let jump =
          firing.mode == .zero ? firing.threshold[i] - firing.reset[i] : firing.reset[i]
        reset[i] =
          switch (firing.mode, isHillock) {
          case (.zero, false): firing.reset[i] + jump * residue
          case (.subtract, false): jump * (1 - residue)
          case (.zero, true): firing.threshold[i] - jump * swing
          case (.subtract, true): jump * swing
          }
        kick[i] = jump * swing * kickFraction
      }
    } else {
      // A readout has no reset of its own; its neighbours' jump is the chip's swing.
      let jump = (electrical.swingThreshold - electrical.swingReset) / scale.voltsPerUnit
      kick = [Double](repeating: jump * swing * kickFraction, count: size)
    }
    self.init(
      capacitance: budget, decay: decay, decayWanted: population.decay, decayUncoded: uncoded,
      constant: zip(population.constant, factor).map { $0 * $1 },
      initialCurrent: zip(population.initialCurrent, factor).map { $0 * $1 }, gain: gain,
      // A relay's step and quantum belong together; what the membrane's capacitance does to one of them is the compiler's
      // to make up for, whatever is asked for the network's own neurons.
      compensatesGain: (parasitics == .compensate || population.isRelay) && !isHillock, reset: reset,
      kick: kick,
      floor: (0..<size).map { scale.unit(electrical.floor, neuron: $0) },
      voltsPerUnit: scale.voltsPerUnit)
  }
}

/// How a population's own unit is laid over the chip's voltages.
struct VoltageScale {
  var voltsPerUnit: Double
  /// Network value that sits at `zeroVolts`, per neuron.
  private var origin: [Double]
  private var originVolts: Double

  /// Volts stay volts. A unit-free population has its (largest) reset … threshold laid over the chip's swing; a
  /// unit-free readout has all that it can reach laid between floor and supply around the reset voltage.
  ///
  /// - Parameter drive: looked at for such a readout only.
  init(population: LegalPopulation, electrical: Chip.Electrical, drive: @autoclosure () -> DriveBounds) {
    let size = population.size
    if population.capacitance != nil {
      voltsPerUnit = 1
      origin = [Double](repeating: 0, count: size)
      originVolts = 0
      return
    }
    originVolts = electrical.swingReset
    if let firing = population.firing {
      origin = firing.mode == .zero ? firing.reset : [Double](repeating: 0, count: size)
      let jump = zip(firing.threshold, origin).map { $0 - $1 }.max() ?? 0
      voltsPerUnit =
        jump > 0 ? (electrical.swingThreshold - electrical.swingReset) / jump : 1
    } else {
      origin = [Double](repeating: 0, count: size)
      var low = 0.0
      var high = 0.0
      let drive = drive()
      for i in 0..<size {
        let range = drive.range(
          neuron: i, population: population, decay: population.decay[i],
          constant: population.constant[i], floor: nil)
        low = min(low, range.low)
        high = max(high, range.high)
      }
      let below = low < 0 ? (electrical.swingReset - electrical.floor) / -low : .infinity
      let above = high > 0 ? (electrical.supply - electrical.swingReset) / high : .infinity
      voltsPerUnit = min(below, above).isFinite ? min(below, above) : 1
    }
  }

  func unit(_ volts: Double, neuron i: Int) -> Double {
    (volts - originVolts) / voltsPerUnit + origin[i]
  }

  func problems(population: LegalPopulation, electrical: Chip.Electrical) -> [Diagnostic] {
    guard let firing = population.firing else { return [] }
    var problems: [Diagnostic] = []
    if zip(firing.threshold, origin).contains(where: { $0 <= $1 }), population.capacitance == nil {
      problems.append(
        Diagnostic(
          "network.thresholdBelowReset", subject: "population \(population.name)",
          problem: "a threshold is not above its reset, so there is no swing to lay over the chip's voltages",
          remedy: "Raise v_threshold or lower v_reset"))
    }
    guard population.capacitance != nil else { return problems }
    let highest = firing.threshold.max() ?? 0
    let lowest = min(firing.reset.min() ?? 0, population.initial.min() ?? 0)
    if highest > electrical.supply {
      problems.append(
        Diagnostic(
          "limit.supply", subject: "population \(population.name)",
          problem: "the threshold lies above the chip's supply", found: "\(highest) V",
          expected: "at most \(electrical.supply) V",
          remedy: "Shift the network's voltages or choose a chip with a higher supply"))
    }
    if firing.mode == .zero, lowest < electrical.floor {
      problems.append(
        Diagnostic(
          "limit.floor", subject: "population \(population.name)",
          problem: "a reset or initial voltage lies below the lowest membrane voltage",
          found: "\(lowest) V", expected: "at least \(electrical.floor) V",
          remedy: "Shift the network's voltages up"))
    }
    return problems
  }
}
