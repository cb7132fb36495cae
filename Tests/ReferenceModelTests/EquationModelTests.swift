import NetworkIR
import ReferenceModel
import Testing

/// The models that are given as equations, against the neuron family's own code.
@Suite struct EquationModelTests {
  /// Numbers of the family's set that the equations count in another unit: the EIF's are per cm², ours of 10⁻⁴ cm².
  private static func factor(_ model: EquationModel, _ symbol: String) -> Double {
    model.name == "eif" && ["C", "g_L"].contains(symbol) ? 100 : 1
  }

  @Test("Parameters and presets are the family's", arguments: EquationModel.all.map(\.name))
  func presets(name: String) throws {
    let model = try #require(EquationModel.all.first { $0.name == name })
    let family = try #require(NeuronCatalogue.model(named: name))
    #expect(model.presets.map(\.name) == family.anyPresets.map(\.name))
    for (ours, theirs) in zip(model.presets, family.anyPresets) {
      let values = Dictionary(uniqueKeysWithValues: theirs.model.parameterValues.map { ($0.name, $0.value) })
      #expect(values.count == model.parameters.count)
      for parameter in model.parameters {
        let value = try #require(values[parameter.symbol], "\(parameter.symbol)")
        #expect(
          model.value(parameter.symbol, ours.values) == value * Self.factor(model, parameter.symbol),
          "\(ours.name) \(parameter.symbol)")
      }
    }
  }

  @Test("Derivatives, thresholds and resets are the family's", arguments: EquationModel.all.map(\.name))
  func derivatives(name: String) throws {
    let model = try #require(EquationModel.all.first { $0.name == name })
    let family = try #require(NeuronCatalogue.model(named: name))
    var random = Draws()
    for (ours, theirs) in zip(model.presets, family.anyPresets) {
      let equations = model.equations(ours.values)
      #expect(equations.refractory == theirs.model.refractoryPeriod)
      let start = try #require(theirs.model.startingState)
      for lane in equations.variables.indices {
        #expect(abs(equations.initial[lane] - start[lane]) < 1e-9)
      }
      let derivatives = ExpressionProgram(equations.derivatives)
      let reset = ExpressionProgram(equations.reset)
      let excess = ExpressionProgram([equations.excess])
      var scratch: [Double] = []
      for _ in 0..<200 {
        var y = NeuronVariables.zero
        for lane in equations.variables.indices {
          y[lane] = Double.random(in: lane == 0 ? -90 ... -20 : -50...50, using: &random)
        }
        let current = Double.random(in: -5...20, using: &random)
        let expected = theirs.model.derivative(of: y, current: current)
        let found = derivatives.value(
          y, current: current * (name == "eif" ? 100 : 1), scratch: &scratch)
        for lane in equations.variables.indices {
          #expect(abs(found[lane] - expected[lane]) <= 1e-11 * max(1e3, abs(expected[lane])))
        }
        let after = theirs.model.reset(y)
        let ourAfter = reset.value(y, current: 0, scratch: &scratch)
        for lane in equations.variables.indices { #expect(abs(ourAfter[lane] - after[lane]) < 1e-12) }
        let distance = excess.value(y, current: 0, scratch: &scratch)[0]
        #expect(abs(distance - theirs.model.distanceToThreshold(y)) < 1e-12)
      }
    }
  }

  @Test("Spike times are the family's", arguments: EquationModel.all.map(\.name))
  func spikeTimes(name: String) throws {
    let model = try #require(EquationModel.all.first { $0.name == name })
    let family = try #require(NeuronCatalogue.model(named: name))
    let (ours, theirs) = (model.presets[0], try #require(family.anyPresets.first))
    let equations = model.equations(ours.values)
    let current = theirs.current
    let start = try #require(theirs.model.startingState)
    let run = theirs.model.run(from: start, current: .constant(current), NeuronIntegration(duration: 300))
    var integrator = NeuronIntegrator(equations)
    var state = NeuronIntegrator.State(equations.initial)
    var times: [Double] = []
    // In ticks, as a network has them.
    for tick in 0..<3000 {
      integrator.advance(&state, by: 0.1, current: current * (name == "eif" ? 100 : 1)) { _, time, isSpike in
        if isSpike { times.append(0.1 * Double(tick) + time) }
      }
    }
    #expect(times.count > 3)
    #expect(times.count == run.spikeTimes.count)
    for (a, b) in zip(times, run.spikeTimes) { #expect(abs(a - b) < 1e-3) }
  }

  @Test("Intervals contain every value")
  func intervals() throws {
    var random = Draws()
    for model in EquationModel.all {
      let equations = model.equations(model.presets[0].values)
      let program = ExpressionProgram(equations.derivatives)
      let ranges: [ClosedRange<Double>] = [-80 ... -40, -60 ... -10, -3...3, -1...2]
      let bounds = program.bounds(ranges, current: -2...9)
      var values = [Double](repeating: 0, count: program.operations.count)
      for _ in 0..<500 {
        var y = NeuronVariables.zero
        for lane in equations.variables.indices { y[lane] = Double.random(in: ranges[lane], using: &random) }
        program.evaluate(y, current: Double.random(in: -2...9, using: &random), into: &values)
        for (value, range) in zip(values, bounds) {
          let room = 1e-12 * max(abs(range.lowerBound), abs(range.upperBound))
          #expect(value >= range.lowerBound - room && value <= range.upperBound + room)
        }
      }
    }
  }
}

/// SplitMix64, always the same.
private struct Draws: RandomNumberGenerator {
  private var state: UInt64 = 1
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
