/// Rates of one population side by side, in hertz; what does not apply is nil and left out of the document.
///
/// Columns in the order in which causes come in: the equation, the equation with parasitics (or the mean field of the
/// author's network, then of the program's codes), the codes on their ticks, the emulated chip.
struct PopulationPrediction: Encodable, Sendable {
  var name: String
  var model: String
  var neurons: Int
  /// The best that is known: emulated, else the last column before.
  var meanHz: Double?
  var closedFormHz: Double?
  /// Of a model that is given as equations: counted in float64.
  var modelHz: Double?
  var withParasiticsHz: Double?
  var meanFieldHz: Double?
  /// The mean field's input as shot noise instead of diffusion; only where diffusion does not hold.
  var shotNoiseHz: Double?
  /// Mean field of the codes: with parasitics, and with what rounding the codes costs.
  var meanFieldOnChipHz: Double?
  var quantizedHz: Double?
  var emulatedHz: Double?
  var emulatedStandardErrorHz: Double?
  /// Balanced state to leading order, where the network has one.
  var balancedHz: Double?
  /// Whether the mean field's rates are linearly stable.
  var isMeanFieldStable: Bool?
  /// Coefficient of variation of the intervals that the mean field, or better the stationary distribution, gives.
  var intervalVariation: Double?
  var deviations: [Deviation] = []
  var flags: [Flag] = []

  enum Column: String, CaseIterable, Encodable, Sendable {
    case closedFormHz, withParasiticsHz, meanFieldHz, meanFieldOnChipHz, modelHz, quantizedHz, emulatedHz

    /// For people.
    var title: String {
      switch self {
      case .closedFormHz: "closed form"
      case .modelHz: "model"
      case .withParasiticsHz: "with parasitics"
      case .meanFieldHz: "mean field"
      case .meanFieldOnChipHz: "on chip"
      case .quantizedHz: "quantized"
      case .emulatedHz: "emulated"
      }
    }
  }

  subscript(_ column: Column) -> Double? {
    switch column {
    case .closedFormHz: closedFormHz
    case .modelHz: modelHz
    case .withParasiticsHz: withParasiticsHz
    case .meanFieldHz: meanFieldHz
    case .meanFieldOnChipHz: meanFieldOnChipHz
    case .quantizedHz: quantizedHz
    case .emulatedHz: emulatedHz
    }
  }

  /// Columns that apply.
  var known: [Column] { Column.allCases.filter { self[$0] != nil } }

  /// From one column to the next one that applies.
  struct Deviation: Encodable, Sendable {
    var from: Column
    var to: Column
    var hertz: Double
    /// Of the column before; left out where that is 0.
    var relative: Double?
    var cause: String
  }

  /// What limits the prediction's validity, or the population's activity.
  struct Flag: Encodable, Sendable {
    enum Kind: String, Encodable, Sendable {
      case silent, belowRheobase, saturated, fewInputs, strongInputs, outsideDAC, heterogeneous, silentInputs
      case notConverged, unstable, bistable, atRheobase, noStationaryRate, stationaryGrid, noisyThreshold
    }
    var id: Kind
    var text: String
  }

  init(name: String, model: String, neurons: Int) {
    self.name = name
    self.model = model
    self.neurons = neurons
  }
}
