import Foundation
import ReferenceModel
import Testing

/// A CSV table from Golden/: the cells of each row but the header. The first row names the columns.
func goldenTable(_ name: String) throws -> [[String: String]] {
  let folder = try #require(Bundle.module.url(forResource: "Golden", withExtension: nil))
  let text = try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
  let lines = text.split(whereSeparator: \.isNewline).map {
    $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
  }
  let header = try #require(lines.first)
  return lines.dropFirst().map { Dictionary(zip(header, $0)) { first, _ in first } }
}

extension [String: String] {
  func number(_ column: String) throws -> Double {
    let text = try #require(self[column])
    return try #require(Double(text), "\(column): \(text)")
  }
}

/// The presets that the tables of the independent integrator (Dormand–Prince 5(4) in long double, Hénon's events) name.
enum GoldenNeurons {
  private static let named: [String: (model: String, preset: String)] = [
    "LIF_neuro": ("lif", "standard"), "LIF_silicon_500fF_mVpAfF": ("lif", "silicon"),
    "EIF_FourcaudTrocme2003": ("eif", "standard"), "AdEx_BG2005": ("adex", "brette-gerstner"),
    "QIF_tau10": ("qif", "standard"), "FHN": ("fhn", "standard"), "HH_squid": ("hh", "squid"),
    "INapIK_high_threshold": ("inap-ik", "high-threshold"),
    "INapIK_low_threshold": ("inap-ik", "low-threshold"), "INap_1D": ("inap", "standard"),
  ]
  static let all =
    named.keys.filter { $0 != "INap_1D" }
    + ["RS", "IB", "CH", "FS", "TC", "RZ", "LTS"].map { "Izh2003_\($0)" }
    + [
      "tonic", "adaptation", "initial_burst", "regular_bursting", "delayed_accelerating",
      "delayed_regular_bursting", "transient", "irregular",
    ].map { "AdEx_Naud_\($0)" }

  static func model(_ name: String) throws -> any NeuronModel {
    var (model, preset) = named[name] ?? ("", "")
    if name.hasPrefix("AdEx_Naud_") {
      (model, preset) = ("adex", name.dropFirst(10).replacingOccurrences(of: "_", with: "-"))
    } else if name.hasPrefix("Izh2003_") {
      (model, preset) = ("izhikevich", String(name.dropFirst(8)))
    }
    let type = try #require(NeuronCatalogue.model(named: model), "\(name)")
    return try #require(type.anyPresets.first { $0.name == preset }?.model, "\(name)")
  }

  /// The preset of a model by name, with its type.
  static func preset<Model: NeuronModel>(_ type: Model.Type, _ name: String) throws -> Model {
    try #require(type.presets.first { $0.name == name }?.model)
  }
}
