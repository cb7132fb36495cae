import FixedPoint
import NetworkIR
import ProgramImage

/// Over which ticks spikes are counted: `warmUp` of them are left out at the beginning.
struct RateWindow: Sendable {
  var ticks: Int
  var warmUp: Int

  /// Two seconds, 2000 to 200 000 ticks, of which the first tenth is left out.
  init(dt: Double) {
    ticks = Int(min(max(2 / dt, 2000), 200_000))
    warmUp = ticks / 10
  }

  init(_ settings: EmulationPlan.Settings) {
    ticks = settings.ticks
    warmUp = settings.warmUpTicks
  }

  func hertz(spikes: Int, dt: Double) -> Double { Double(spikes) / (Double(ticks - warmUp) * dt) }
}

/// Rates of populations whose neurons run programs and which nothing but a constant drives: the program itself, run for one
/// of the neurons, which are all alike. By population name; hertz.
func programRates(_ image: ProgramImage, driven: [Bool], window: RateWindow) -> [String: Double] {
  guard let bits = image.chip.microcode?.registerBits else { return [:] }
  var rates: [String: Double] = [:]
  var isDriven = [Bool](repeating: false, count: image.populations.count)
  for row in image.programs.neuron where driven[Int(row)] {
    isDriven[Int(image.neurons.population[Int(row)])] = true
  }
  for (entry, row) in image.programs.neuron.enumerated() {
    let p = Int(image.neurons.population[Int(row)])
    let name = image.populations[p].name
    if isDriven[p] || rates[name] != nil { continue }
    let program = image.programs.microProgram(Int(image.programs.program[entry]), registerBits: bits)
    let parameters = Array(image.programs.parameters(entry))
    var registers = MicroRegisters(state: image.programs.state(entry))
    var spikes = 0
    for tick in 0..<window.ticks {
      let outcome = program.step(&registers, input: 0, parameters: parameters)
      if outcome.firings > 0, tick >= window.warmUp { spikes += 1 }
    }
    rates[name] = window.hertz(spikes: spikes, dt: image.dt)
  }
  return rates
}

extension Network {
  /// Rate of a population with equations that nothing but a constant current drives, by its float64 equations; hertz.
  func modelRate(_ p: Int, window: RateWindow) -> Double? {
    let population = populations[p]
    guard let equations = population.equations, !projections.contains(where: { $0.target == p }) else {
      return nil
    }
    var current = 0.0
    for stimulus in stimuli where stimulus.target == p {
      guard case .current(let amplitude) = stimulus.kind else { return nil }
      current += amplitude
    }
    let dt = 1e3 * dynamics.dt
    let begin = Double(window.warmUp) * dt
    var spikes = 0
    var integrator = NeuronIntegrator(equations)
    var state = NeuronIntegrator.State(equations.initial)
    // V/s are mV/ms.
    integrator.advance(
      &state, by: Double(window.ticks) * dt, current: current * population.r[0] / dynamics.dt / equations.gain
    ) { _, time, isSpike in
      if isSpike, time > begin { spikes += 1 }
    }
    return state.isLost ? nil : window.hertz(spikes: spikes, dt: dynamics.dt)
  }
}
