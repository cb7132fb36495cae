import Documents

/// A population of infinitely many quadratic integrate-and-fire neurons, coupled all to all, as a density
/// (`model: "qifPopulation"`): `rheobase rates` solves its mean field, and nothing else takes it.
///
/// ```
/// τ V' = V² + η + J τ r      η Lorentz-distributed over the neurons, centre `eta`, half width `delta`; r the population's rate
/// ```
/// **Source:** Montbrió, Pazó and Roxin 2015.
public struct PopulationDensity: Sendable, Equatable {
  public static let model = "qifPopulation"

  public var name: String
  /// Seconds.
  public var timeConstant: Double
  public var eta: Double
  /// Positive.
  public var delta: Double
  /// J.
  public var coupling: Double

  static func isMeant(by cursor: Cursor) -> Bool {
    if case .string(let name)? = cursor.optionalAny("model")?.value { name == model } else { false }
  }

  /// Nil after the problem has been reported.
  init?(_ cursor: Cursor, names: inout PhysicalNames, isTaken: Bool) {
    _ = cursor.string("model")
    let name = cursor.string("name")
    let isNew = name.map { names.addSolved($0, at: cursor) } ?? false
    let timeConstant = cursor.quantity("timeConstant", .seconds, in: 1e-9...1e3)
    let eta = cursor.number("eta", in: -1e6...1e6)
    let delta = cursor.number("delta", in: 1e-6...1e6)
    let coupling = cursor.number("coupling", in: -1e6...1e6)
    guard isTaken else {
      SolvedPopulations.refuse(
        Self.model, problem: "a population density has no neurons that a chip could run", at: cursor)
      return nil
    }
    guard let name, isNew, let timeConstant, let eta, let delta, let coupling else { return nil }
    self.name = name
    self.timeConstant = timeConstant
    self.eta = eta
    self.delta = delta
    self.coupling = coupling
  }
}
