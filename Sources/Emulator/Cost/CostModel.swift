/// Processor time of ticks as a sum: Σ count of a term · its seconds.
///
/// `CostModel.measured` holds the seconds that `tools/bench scaling` fitted on one machine; another machine or another build
/// is faster or slower as a whole, which a pilot tells (`Prediction`).
public struct CostModel: Sendable, Equatable {
  /// Seconds by term.
  public var coefficients: [Double]

  /// - Parameter coefficients: one per `Work.Term`.
  public init(coefficients: [Double]) {
    precondition(coefficients.count == Work.Term.allCases.count, "a coefficient per term")
    self.coefficients = coefficients
  }

  /// Terms that are not named cost nothing.
  init(nanoseconds: [Work.Term: Double]) {
    self.init(coefficients: Work.Term.allCases.map { (nanoseconds[$0] ?? 0) * 1e-9 })
  }

  public func seconds(_ work: Work) -> Double {
    zip(coefficients, work.counts).reduce(0) { $0 + $1.0 * $1.1 }
  }
}
