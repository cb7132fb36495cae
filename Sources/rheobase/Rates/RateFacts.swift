import ProgramImage
import RateTheory
import Reports

/// What is known about one population beyond its rates: why columns differ, and where they do not hold.
struct RateFacts {
  let predictor: RatePredictor
  let population: Int
  let author: MeanFieldReading?
  let chip: MeanFieldReading?
  let authorSolution: MeanField.Solution?
  let chipSolution: MeanField.Solution?
  let stationary: Result<StationaryRate, NoisyIntegerNeuron.Refusal>?
  /// Of the author's network, or else of the codes; the first is the one whose rates are shown.
  let fixedPoints: [MeanField.FixedPoint]

  /// Below one spike in 100 s a population counts as silent.
  private static let silence = 0.01
  /// Share of the largest possible rate from which a population counts as saturated.
  private static let saturation = 0.99
  /// Skewness of the membrane beyond which its noise is not Gaussian, and step relative to the swing beyond which the
  /// threshold is not reached by diffusion.
  private static let mostSkewness = 0.2
  private static let largestStep = 0.1
  /// Spread of the neurons of a population beyond which one typical neuron does not stand for them.
  private static let mostSpread = 0.05

  private var reading: MeanFieldReading? { author ?? chip }
  private var solution: MeanField.Solution? { authorSolution ?? chipSolution }

  // MARK: - Validity

  func flags(_ result: PopulationPrediction) -> [PopulationPrediction.Flag] {
    var flags: [PopulationPrediction.Flag] = []
    func add(_ id: PopulationPrediction.Flag.Kind, _ text: String) { flags.append(.init(id: id, text: text)) }
    guard let reading, let solution else { return flags }
    let own = reading.field.populations[population]
    let predicted =
      result.quantizedHz ?? result.meanFieldOnChipHz ?? result.withParasiticsHz
      ?? result.meanFieldHz ?? result.closedFormHz
    if let predicted, predicted < Self.silence { add(.silent, "less than one spike in 100 s") }
    if !reading.isStochastic[population], !reading.hasInput[population] {
      if reading.driveEnd(population) == .atThreshold {
        add(
          .atRheobase,
          "the constant drive ends at the threshold: the neuron fires above it, and not at it")
      } else if let drive = reading.constantDrive(population) {
        if drive <= 1 {
          add(
            .belowRheobase, "the constant drive ends at \(percent(drive)) of the way from reset to threshold")
        }
      } else if own.drift <= 0 {
        add(.belowRheobase, "no constant drive lifts the membrane")
      }
    }
    if let most = largestRate, let predicted, predicted >= Self.saturation * most {
      add(.saturated, "a spike in every tick that is not refractory: \(hertz(most))")
    }
    if result.meanFieldHz != nil || result.meanFieldOnChipHz != nil {
      let input = reading.field.inputs(solution.rates)[population]
      if abs(input.skewness) > Self.mostSkewness {
        add(
          .fewInputs,
          "the membrane's skewness is \(decimal(input.skewness, places: 2)): too few inputs per time constant for diffusion"
        )
      }
      if let noise = predictor.network?.populations[population].noise, noise.threshold > 0 {
        add(
          .noisyThreshold, "the mean field takes the threshold's mean; its noise makes the neuron fire more")
      }
      let step = largestStep
      if step > Self.largestStep {
        add(
          .strongInputs,
          "one input moves the membrane by \(percent(step)) of the swing: too strong for diffusion")
      }
      if reading.spread[population] > Self.mostSpread {
        add(
          .heterogeneous,
          "its neurons lie \(percent(reading.spread[population])) of the swing apart; the mean field takes their mean"
        )
      }
    }
    if reading.isStochastic[population], let point = fixedPoints.first, !point.isStable {
      add(
        .unstable,
        "the self-consistent rates are unstable: deviations grow by e in \(decimal(1 / point.growth, places: 2)) relaxation times"
      )
    }
    if reading.isStochastic[population], fixedPoints.count > 1 {
      let others = fixedPoints.dropFirst().map { point in
        "\(hertz(point.rates[population])), \(point.isStable ? "stable" : "unstable")"
      }
      add(.bistable, "high rates lead to another state: \(others.joined(separator: "; "))")
    }
    if reading.isStochastic[population], !solution.isConverged {
      add(.notConverged, "the self-consistent rates did not settle")
    }
    if reading.hasInput[population] { add(.silentInputs, "spike inputs lead here and are taken for silent") }
    if let problem = predictor.outsideDAC[result.name] {
      add(.outsideDAC, problem.problem + (problem.found.map { ": \($0)" } ?? ""))
    }
    switch stationary {
    case .failure(let refusal)?: add(.noStationaryRate, refusal.text)
    case .success(let rate)?:
      if let error = rate.estimatedError {
        add(
          .stationaryGrid,
          "synaptic current and membrane on a grid of codes: estimated error of the rate \(percent(error))")
      }
    case nil: break
    }
    return flags
  }

  /// Hertz.
  private var largestRate: Double? {
    let dt = predictor.image?.dt ?? predictor.network?.dynamics.dt
    guard let dt, let own = reading?.field.populations[population] else { return nil }
    return 1 / (((own.refractory / dt).rounded() + 1) * dt)
  }

  /// Step of the mean input event, relative to the swing: Σ|J|³r/ΣJ²r of each kind of input, the largest of them.
  private var largestStep: Double {
    guard let field = reading?.field else { return 0 }
    let own = field.populations[population]
    var step = own.power > 0 ? abs(own.third) / own.power : 0
    for coupling in field.couplings where coupling.target == population {
      step = max(step, abs(coupling.cubes) / coupling.squares)
    }
    return step / max(abs(own.threshold - own.reset), .leastNonzeroMagnitude)
  }

  // MARK: - Causes

  func deviations(_ result: PopulationPrediction) -> [PopulationPrediction.Deviation] {
    let columns = result.known
    return zip(columns, columns.dropFirst()).compactMap { from, to in
      guard let before = result[from], let after = result[to] else { return nil }
      return PopulationPrediction.Deviation(
        from: from, to: to, hertz: after - before, relative: before > 0 ? after / before - 1 : nil,
        cause: after == before ? "none" : cause(from, to, result))
    }
  }

  private typealias Column = PopulationPrediction.Column

  private func cause(_ from: Column, _ to: Column, _ result: PopulationPrediction) -> String {
    switch (from, to) {
    case (_, .withParasiticsHz): return "parasitics: \(capacitance)"
    case (_, .meanFieldOnChipHz):
      return predictor.slowness == nil
        ? "codes of leak, weights and threshold" : "parasitics and codes: \(capacitance)"
    case (.meanFieldOnChipHz, .quantizedHz), (.meanFieldHz, .quantizedHz):
      if let noise = predictor.network?.populations[population].noise, noise.threshold > 0 {
        return "the threshold's noise, which the mean field leaves out, and ticks"
      }
      return "ticks and finite steps: the threshold is tested once per tick, inputs come whole"
    case (_, .quantizedHz): return constantCause(result)
    case (_, .emulatedHz): return emulationCause(from, result)
    default: return "another form of the same rate"
    }
  }

  private var capacitance: String {
    guard let slowness = predictor.slowness else { return "the column's capacitance" }
    if predictor.swing < 1 {
      return "the column has \(decimal(slowness, places: 3)) times the drawn capacitance, "
        + "and the axon hillock's swing is as much smaller"
    }
    return predictor.parasitics == .compensate
      ? "the column has \(decimal(slowness, places: 3)) times the drawn capacitance; the codes make up for it"
      : "the column has \(decimal(slowness, places: 3)) times the drawn capacitance"
  }

  /// Between the closed form and the codes' orbit stand: the codes taken as exact numbers in continuous time, the same on
  /// ticks, and rounding in every tick. The largest of the three steps is the cause.
  private func constantCause(_ result: PopulationPrediction) -> String {
    let before = result.withParasiticsHz ?? result.closedFormHz
    guard let before, let after = result.quantizedHz, let continuous = chip?.ownRate(population),
      let ticked = tickedRate
    else { return "codes, ticks and rounding" }
    let parts = [
      (
        predictor.parasitics == .compensate
          ? "codes, which make up for the capacitance" : "codes of leak, drive and threshold",
        continuous - before
      ),
      ("ticks: the threshold is tested once per tick", ticked - continuous),
      ("rounding in every tick", after - ticked),
    ]
    let main = parts.max { abs($0.1) < abs($1.1) }
    guard let main, main.1 != 0 else { return "none" }
    return "\(main.0) (\(main.1 > 0 ? "+" : "")\(decimal(main.1, places: 3)) Hz)"
  }

  /// The codes as real numbers on ticks, of the population's first neuron; reset to a value only.
  private var tickedRate: Double? {
    guard let image = predictor.image else { return nil }
    let codes = image.neurons
    guard
      let row = (0..<codes.count).first(where: {
        codes.isMain($0) && Int(codes.population[$0]) == population
      }), codes.decay[row] > 0, codes.resetMode[row] == ProgramImage.ResetMode.toValue.rawValue
    else { return nil }
    let unit = Double(Int64(1) << Int64(codes.decayExponent[row]))
    let decay = Double(codes.decay[row])
    let map = RealMap(
      retained: 1 - decay / unit, vInfinity: Double(codes.bias[row]) * unit / decay,
      threshold: Double(codes.threshold[row]))
    return map.ratePerTick(reset: Double(codes.reset[row]), refractory: Int(codes.refractory[row])) / image.dt
  }

  private func emulationCause(_ from: Column, _ result: PopulationPrediction) -> String {
    guard let before = result[from], let emulated = result.emulatedHz,
      let error = result.emulatedStandardErrorHz
    else { return "none" }
    if abs(emulated - before) <= 2 * error { return "none: within two standard errors" }
    let kicks = hasKicks ? "; kicks of neighbouring columns" : ""
    switch from {
    case .quantizedHz:
      if case .success(let rate)? = stationary, rate.codesPerState > 1 {
        return "the grid of the stationary distribution, \(rate.codesPerState) codes per state\(kicks)"
      }
      return "the ends of the stretches that are counted\(kicks)"
    default: return "ticks, correlated inputs and the finite size of the network\(kicks)"
    }
  }

  private var hasKicks: Bool {
    guard let codes = predictor.image?.neurons else { return false }
    return codes.kick.indices.contains { Int(codes.population[$0]) == population && codes.kick[$0] != 0 }
  }
}

extension NoisyIntegerNeuron.Refusal {
  /// For people.
  var text: String {
    switch self {
    case .notSettled:
      "no stationary rate of the codes: the states after spikes, or the grid of codes, do not settle on one"
    case .registerOverflow: "no stationary rate of the codes: a register may overflow"
    case .additive: "no stationary rate of the codes: a neuron of the datapath additive"
    case .stochasticRounding: "no stationary rate of the codes: the leak is rounded at random"
    case .noiseBesideCurrent:
      "no stationary rate of the codes: noise of membrane or threshold beside a synaptic current"
    case .inputBeforeDecay:
      "no stationary rate of the codes: input decays with the synaptic current that it joins"
    case .severalSpikes: "no stationary rate of the codes: more than one spike per tick"
    case .tooManyStates: "no stationary rate of the codes: too many states"
    case .resetAboveThreshold: "no stationary rate of the codes: the reset lies above the threshold"
    }
  }
}
