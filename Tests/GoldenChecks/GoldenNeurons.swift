import ReferenceModel
import TestSupport

/// The presets that the tables of the independent integrator (Dormand–Prince 5(4) in long double, Hénon's events) name.
public enum GoldenNeurons {
  private static let named: [String: (model: String, preset: String)] = [
    "LIF_neuro": ("lif", "standard"), "LIF_silicon_500fF_mVpAfF": ("lif", "silicon"),
    "EIF_FourcaudTrocme2003": ("eif", "standard"), "AdEx_BG2005": ("adex", "brette-gerstner"),
    "QIF_tau10": ("qif", "standard"), "FHN": ("fhn", "standard"), "HH_squid": ("hh", "squid"),
    "INapIK_high_threshold": ("inap-ik", "high-threshold"),
    "INapIK_low_threshold": ("inap-ik", "low-threshold"), "INap_1D": ("inap", "standard"),
  ]
  public static let all =
    named.keys.filter { $0 != "INap_1D" }.sorted()
    + ["RS", "IB", "CH", "FS", "TC", "RZ", "LTS"].map { "Izh2003_\($0)" }
    + [
      "tonic", "adaptation", "initial_burst", "regular_bursting", "delayed_accelerating",
      "delayed_regular_bursting", "transient", "irregular",
    ].map { "AdEx_Naud_\($0)" }

  public static func model(_ name: String) throws -> any NeuronModel {
    var (model, preset) = named[name] ?? ("", "")
    if name.hasPrefix("AdEx_Naud_") {
      (model, preset) = ("adex", String(name.dropFirst(10)).replacing("_", with: "-"))
    } else if name.hasPrefix("Izh2003_") {
      (model, preset) = ("izhikevich", String(name.dropFirst(8)))
    }
    guard
      let found = NeuronCatalogue.model(named: model)?.anyPresets.first(where: { $0.name == preset })?.model
    else { throw GoldenTable.Problem(description: "no preset for \(name)") }
    return found
  }

  /// The preset of a model by name, with its type.
  public static func preset<Model: NeuronModel>(_ type: Model.Type, _ name: String) throws -> Model {
    guard let found = type.presets.first(where: { $0.name == name })?.model else {
      throw GoldenTable.Problem(description: "no preset \(name)")
    }
    return found
  }
}
