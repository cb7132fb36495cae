import NetworkFormats
import RateTheory
import Reports

/// The fixed points of a population density, as `rheobase rates` lists them.
struct DensityReport: Encodable, Sendable {
  var name: String
  var model = PopulationDensity.model
  /// All of them, by ascending rate.
  var fixedPoints: [FixedPoint]

  struct FixedPoint: Encodable, Sendable {
    var hertz: Double
    /// Mean potential, without unit.
    var potential: Double
    var isStable: Bool
    /// `stableNode`, `stableFocus` or `saddle`.
    var type: String
    /// Of the damped oscillation around a focus; left out elsewhere.
    var oscillationHz: Double?
  }

  init(_ density: PopulationDensity) {
    name = density.name
    let field = QuadraticMeanField(eta: density.eta, coupling: density.coupling, width: density.delta)
    fixedPoints = field.fixedPoints.map { point in
      FixedPoint(
        hertz: point.rate / density.timeConstant, potential: point.potential,
        isStable: point.stability != .saddle, type: point.stability.rawValue,
        oscillationHz: point.angularFrequency > 0
          ? point.angularFrequency / (2 * Double.pi * density.timeConstant) : nil)
    }
  }

  static func table(_ reports: [DensityReport]) -> String {
    var table = TextTable([
      ("population density", .left), ("fixed point Hz", .right), ("mean potential", .right), ("", .left),
      ("type", .left), ("oscillation Hz", .right),
    ])
    for report in reports {
      for point in report.fixedPoints {
        table.add([
          report.name, decimal(point.hertz, places: 3), decimal(point.potential, places: 4),
          point.isStable ? "stable" : "unstable", point.type,
          point.oscillationHz.map { decimal($0, places: 3) } ?? "",
        ])
      }
    }
    return table.text
  }
}
