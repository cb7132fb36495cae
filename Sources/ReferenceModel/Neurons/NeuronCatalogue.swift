/// All neuron models, by the name of their form.
public enum NeuronCatalogue {
  /// In the order of the documentation: integrate-and-fire models, then conductance models, then rate units.
  public static let models: [any NeuronModel.Type] = [
    PerfectIntegrator.self, LeakyIntegrateAndFire.self, NoisyLeakyIntegrateAndFire.self,
    ExponentialIntegrateAndFire.self,
    QuadraticIntegrateAndFire.self, AdaptiveExponential.self, GeneralizedIntegrateAndFire.self,
    Izhikevich.self, ConductanceIntegrateAndFire.self, FitzHughNagumo.self, PersistentSodium.self,
    PersistentSodiumPotassium.self, HodgkinHuxley.self, ThresholdLinearRate.self, WilsonCowan.self,
  ]

  /// The model of a name, nil if there is none.
  public static func model(named name: String) -> (any NeuronModel.Type)? {
    models.first { $0.form.name == name }
  }
}

/// A parameter set of any model.
public struct AnyNeuronPreset: Sendable {
  public var name: String
  public var model: any NeuronModel
  public var source: String
  public var current: Double
  public var duration: Double
  public var currents: ClosedRange<Double>
}

extension NeuronModel {
  /// The parameter sets without the type of their model.
  public static var anyPresets: [AnyNeuronPreset] {
    presets.map {
      AnyNeuronPreset(
        name: $0.name, model: $0.model, source: $0.source, current: $0.current, duration: $0.duration,
        currents: $0.currents)
    }
  }
}
