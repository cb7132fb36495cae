import TestSupport

/// One bound of theory or physics: what Rheobase computes against a table that it did not make.
///
/// The test suite and `tools/bench accuracy` run the same checks, so that what is printed is what is proven.
public struct GoldenCheck: Sendable, CustomStringConvertible {
  /// What a deviation is counted in.
  public enum Measure: Sendable, Equatable {
    /// |value − golden| / |golden|; a golden 0 must be met exactly.
    case relative
    /// |value − golden| in this unit.
    case absolute(String)
    /// |value − golden| in units of the uncertainty that the table states for the row.
    case uncertainty
    /// 1 where value and golden differ, else 0.
    case differing
  }

  public var quantity: String
  /// The table, below Tests: owner/name for `owner`Tests/Golden/`name`.
  public var source: String
  public var measure: Measure
  /// Largest deviation that passes.
  public var bound: Double
  /// How many values must have been compared: a table that lost rows does not pass.
  public var count: Int
  private var compare: @Sendable ([GoldenRow], inout Comparison) throws -> Void

  init(
    _ quantity: String, _ source: String, _ measure: Measure = .relative, bound: Double, count: Int,
    compare: @escaping @Sendable (_ rows: [GoldenRow], inout Comparison) throws -> Void
  ) {
    self.quantity = quantity
    self.source = source
    self.measure = measure
    self.bound = bound
    self.count = count
    self.compare = compare
  }

  public var description: String { quantity }

  /// Every check, in the order of the report.
  public static var all: [GoldenCheck] {
    passage + meanField + noise + closedForms + integers + parasitics + family
  }

  public struct Outcome: Sendable {
    public init(compared: Int, worst: Double, worstRow: String, passes: Bool) {
      self.compared = compared
      self.worst = worst
      self.worstRow = worstRow
      self.passes = passes
    }

    public var compared: Int
    public var worst: Double
    public var worstRow: String
    public var passes: Bool
  }

  public func run() throws -> Outcome {
    let parts = source.split(separator: "/").map(String.init)
    guard parts.count == 2 else { throw GoldenTable.Problem(description: "no owner in \(source)") }
    var comparison = Comparison(measure: measure)
    try compare(try GoldenTable.rows(parts[0], parts[1]), &comparison)
    return Outcome(
      compared: comparison.compared, worst: comparison.worst, worstRow: comparison.worstRow,
      passes: comparison.compared == count && comparison.worst <= bound)
  }
}

/// Collects deviations and keeps the worst.
public struct Comparison: Sendable {
  public let measure: GoldenCheck.Measure
  public private(set) var compared = 0
  public private(set) var worst = 0.0
  public private(set) var worstRow = ""

  public init(measure: GoldenCheck.Measure) { self.measure = measure }

  /// A deviation that is no number counts as infinite.
  public mutating func add(_ row: String, deviation: Double) {
    let deviation = deviation.isNaN ? .infinity : deviation
    if compared == 0 || deviation > worst { (worst, worstRow) = (deviation, row) }
    compared += 1
  }

  /// - Parameter uncertainty: of the golden value; for that measure alone.
  public mutating func add(_ row: String, _ value: Double, golden: Double, uncertainty: Double = 1) {
    let difference = value == golden ? 0 : abs(value - golden)
    switch measure {
    case .relative: add(row, deviation: difference == 0 ? 0 : difference / abs(golden))
    case .absolute: add(row, deviation: difference)
    case .uncertainty: add(row, deviation: difference / uncertainty)
    case .differing: add(row, deviation: difference == 0 ? 0 : 1)
    }
  }

  public mutating func add(_ row: String, same: Bool) { add(row, deviation: same ? 0 : 1) }
}

extension GoldenRow {
  /// "mu_mV 15, sigma_mV 5": what tells a row from the others.
  func name(_ columns: String...) -> String {
    columns.map { "\($0) \(self[$0] ?? "?")" }.joined(separator: ", ")
  }
}
