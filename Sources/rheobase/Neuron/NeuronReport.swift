import Diagnostics
import ReferenceModel

/// The document of `neuron`: docs/neurons.md. Numbers are in the units that it names.
struct NeuronReport: Encodable, Sendable {
  struct Units: Encodable, Sendable {
    var time: String
    var current: String
    /// Hz where time is in ms, else spikes per unit of time.
    var rate: String
  }
  struct Parameter: Encodable, Sendable {
    var name: String
    var value: Double
    var unit: String
    var meaning: String
  }
  struct Variable: Encodable, Sendable {
    var name: String
    var unit: String
    /// At the times of the trace.
    var values: [Double]
  }
  struct Trace: Encodable, Sendable {
    var current: Double
    var duration: Double
    var spikeTimes: [Double]
    var times: [Double]
    var variables: [Variable]
    /// Only for rate models: the rate at these times.
    var rates: [Double]?
  }
  struct Rate: Encodable, Sendable {
    var current: Double
    var spikes: Int
    var firstSpike: Double?
    var firstInterval: Double?
    var lastInterval: Double?
    /// 1 / the mean interval; 0 where it does not fire any more in the last third of the step.
    var rate: Double
  }
  struct Point: Encodable, Sendable {
    struct Value: Encodable, Sendable {
      var real: Double
      var imaginary: Double
    }
    var state: [Double]
    var kind: Equilibrium.Kind
    var eigenvalues: [Value]
  }
  struct Turn: Encodable, Sendable {
    var kind: Bifurcation.Kind
    var current: Double
    var potential: Double
    var endsRest: Bool
  }
  struct LeastCurrent: Encodable, Sendable {
    var current: Double
    var isExact: Bool
  }
  struct Pulse: Encodable, Sendable {
    var duration: Double
    var current: Double
  }
  struct Nullclines: Encodable, Sendable {
    var potentials: [Double]
    var potentialNullcline: [Double?]
    var recoveryNullcline: [Double]
  }

  var model: String
  var title: String
  var equations: [String]
  var source: String
  var preset: String
  var presetSource: String
  /// Names of the parameters that were set.
  var changed: [String]
  var parameters: [Parameter]
  var units: Units
  var trace: Trace
  /// Only for the Izhikevich model: milliseconds in which the 2003 paper's 1 ms script spikes.
  var scriptSpikes: [Int]?
  /// How long each current of the f-I curve, of the rheobase and of the repetitive onset lasts.
  var stepDuration: Double
  var rates: [Rate]
  /// Only for noisy models: rates with the noise; `rates` are without.
  var noisyRates: [NoisyPoint]?
  /// Only for models without spikes: the mean rate over the second half of a step.
  var outputRates: [OutputRate]?
  var equilibriaAtRest: [Point]
  var equilibria: [Point]
  var bifurcations: [Turn]
  var rheobase: LeastCurrent?
  var repetitiveOnset: Double?
  var chronaxie: Double?
  var strengthDuration: [Pulse]
  var excitabilityClass: ExcitabilityClass?
  var response: NeuronResponse?
  var nullclines: Nullclines?
  var diagnostics: [Diagnostic] = []

  /// Samples of the trace.
  static let samples = 2000
  /// Steps of the integrator that one current of the analysis may take.
  static let mostSteps = 300_000

  init<Model: NeuronModel>(_ neuron: Model, _ request: NeuronRequest) throws(Failure) {
    let (form, preset) = (Model.form, request.preset)
    model = form.name
    title = form.title
    equations = form.equations
    source = form.source
    self.preset = preset.name
    presetSource = preset.source
    changed = request.changed
    parameters = neuron.parameterValues.map {
      Parameter(name: $0.name, value: $0.value, unit: $0.unit, meaning: $0.meaning)
    }
    let units = Units(
      time: form.timeUnit, current: form.currentUnit, rate: form.timeUnit == "ms" ? "Hz" : "1/time")
    self.units = units
    let run = Self.traceRun(neuron, preset)
    try Self.check(run, form)
    let stepDuration = 5 * preset.duration
    self.stepDuration = stepDuration
    // The analysis makes hundreds of steps: what one of them costs decides whether it can be done at all.
    for current in [0, preset.current, preset.currents.lowerBound, preset.currents.upperBound] {
      var integration = NeuronIntegration(duration: stepDuration, tolerance: 1e-9)
      integration.mostSteps = Self.mostSteps
      try Self.check(neuron.run(from: neuron.start, current: .constant(current), integration), form)
    }
    trace = Trace(
      current: preset.current, duration: preset.duration, spikeTimes: run.spikeTimes, times: run.sampleTimes,
      variables: form.variables.enumerated().map { lane, variable in
        Variable(name: variable.name, unit: variable.unit, values: run.samples.map { $0[lane] })
      }, rates: (neuron as? any RateModel).map { model in run.samples.map { model.rate($0) } })
    noisyRates = try Self.noisyRates(neuron, request)
    outputRates = Self.outputRates(neuron, request, stepDuration)
    let hasSpikes = outputRates == nil
    if let izhikevich = neuron as? Izhikevich {
      scriptSpikes = IzhikevichScript.spikes2003(
        izhikevich, current: preset.current, steps: Int(preset.duration.rounded()))
    }
    equilibriaAtRest = neuron.equilibria(at: 0).compactMap { Point($0, of: form) }
    equilibria = neuron.equilibria(at: preset.current).compactMap { Point($0, of: form) }
    bifurcations = neuron.bifurcations.filter { $0.current.isFinite }.map {
      Turn(kind: $0.kind, current: $0.current, potential: $0.potential, endsRest: $0.endsRest)
    }
    let excitability = Excitability(
      neuron, duration: stepDuration, largest: max(preset.currents.upperBound, preset.current))
    rates =
      !hasSpikes
      ? []
      : request.currents.map { Rate(excitability.rate(at: $0), units: units, stepDuration: stepDuration) }
    let rheobase = !hasSpikes ? nil : excitability.rheobase.flatMap { $0.current.isFinite ? $0 : nil }
    self.rheobase = rheobase.map { LeastCurrent(current: $0.current, isExact: $0.isExact) }
    repetitiveOnset = hasSpikes ? excitability.repetitiveOnset : nil
    let chronaxie = rheobase.flatMap { excitability.chronaxie(rheobase: $0.current) }
    self.chronaxie = chronaxie
    strengthDuration = rheobase.map { Self.pulses(excitability, $0.current, chronaxie) } ?? []
    excitabilityClass = !hasSpikes ? nil : excitability.excitabilityClass(repetitiveOnset: repetitiveOnset)
    response = hasSpikes ? excitability.response : nil
    let potentials = run.samples.map { $0[0] }
    if let low = potentials.min(), let high = potentials.max(), low < high {
      nullclines = PhasePortrait(of: neuron, current: preset.current, over: low...high).map {
        Nullclines(
          potentials: $0.potentials, potentialNullcline: $0.potentialNullcline,
          recoveryNullcline: $0.recoveryNullcline)
      }
    }
  }

  static func check(_ run: NeuronRun, _ form: NeuronForm) throws(Failure) {
    let time: String
    switch run.end {
    case .complete: return
    case .diverged(let at): time = "the state leaves the range of numbers at \(at) \(form.timeUnit)"
    case .spikeLimit, .stepLimit: time = "too many spikes, or a time constant far below the duration"
    }
    throw Failure(
      .badInput,
      Diagnostic(
        "neuron.notIntegrable", subject: form.name,
        problem: "cannot be integrated to the end of the trace or of the steps",
        found: time, remedy: "Look at the parameters and the current, or shorten --duration"))
  }

  /// Pulses from a tenth to ten times the chronaxie, or a hundredth of the steps where there is none.
  private static func pulses<Model>(
    _ excitability: Excitability<Model>, _ rheobase: Double, _ chronaxie: Double?
  ) -> [Pulse] {
    let unit = chronaxie ?? excitability.duration / 100
    return [0.1, 0.2, 0.5, 1, 2, 5, 10].compactMap { share in
      excitability.threshold(forPulse: unit * share, rheobase: rheobase).map {
        Pulse(duration: unit * share, current: $0)
      }
    }
  }
}

extension NeuronReport.Rate {
  init(_ point: RatePoint, units: NeuronReport.Units, stepDuration: Double) {
    let last = point.meanInterval.flatMap { interval in
      point.firstSpike.map { $0 + interval * Double(point.spikes - 1) }
    }
    let isLasting = (last ?? 0) > stepDuration * 2 / 3
    self.init(
      current: point.current, spikes: point.spikes, firstSpike: point.firstSpike,
      firstInterval: point.firstInterval, lastInterval: point.lastInterval,
      rate: isLasting ? point.meanInterval.map { (units.rate == "Hz" ? 1000 : 1) / $0 } ?? 0 : 0)
  }
}

extension NeuronReport.Point {
  /// Nil where a number is not finite.
  init?(_ point: Equilibrium, of form: NeuronForm) {
    // What a search around 0 leaves of the smallest numbers is 0.
    state = form.variables.enumerated().map { lane, variable in
      point.state[lane].magnitude < 1e-12 * variable.scale ? 0 : point.state[lane]
    }
    kind = point.kind
    eigenvalues = point.eigenvalues.map { Value(real: $0.real, imaginary: $0.imaginary) }
    guard state.allSatisfy(\.isFinite), point.eigenvalues.allSatisfy({ $0.squaredMagnitude.isFinite }) else {
      return nil
    }
  }
}
