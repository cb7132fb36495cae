/// A state in which nothing changes, with what its eigenvalues say about it.
public struct Equilibrium: Sendable {
  public enum Kind: String, Sendable, Codable {
    case stableNode = "stable node"
    case stableFocus = "stable focus"
    case unstableNode = "unstable node"
    case unstableFocus = "unstable focus"
    case saddle
    /// Some directions lead in and some out, with a rotation.
    case saddleFocus = "saddle-focus"
    /// An eigenvalue is 0 or a pair is imaginary, as far as numbers tell.
    case degenerate
  }

  public var state: NeuronState
  public var current: Double
  public var eigenvalues: [Eigenvalue]

  public var kind: Kind {
    let rotates = eigenvalues.contains { $0.imaginary != 0 }
    let largest = eigenvalues.map(\.squaredMagnitude).max()?.squareRoot() ?? 0
    if eigenvalues.isEmpty || eigenvalues.contains(where: { $0.real.magnitude <= 1e-9 * largest }) {
      return .degenerate
    }
    if eigenvalues.allSatisfy({ $0.real < 0 }) { return rotates ? .stableFocus : .stableNode }
    if eigenvalues.allSatisfy({ $0.real > 0 }) { return rotates ? .unstableFocus : .unstableNode }
    return rotates ? .saddleFocus : .saddle
  }

  public var isStable: Bool { kind == .stableNode || kind == .stableFocus }
}

/// Where the number or the stability of equilibria changes with the current.
public struct Bifurcation: Sendable {
  public enum Kind: String, Sendable, Codable {
    /// Two equilibria meet: an eigenvalue is 0.
    case saddleNode = "saddle-node"
    /// A pair of eigenvalues crosses the imaginary axis.
    case hopf = "Hopf"
    /// The equilibrium reaches the threshold at which the neuron resets.
    case threshold
  }
  public var kind: Kind
  public var current: Double
  public var potential: Double
  /// Whether the equilibrium below it (in potential) is stable, so that rest ends here.
  public var endsRest: Bool
}

extension NeuronModel {
  /// The current that makes the steady state at this potential an equilibrium. It is unique, because the current
  /// enters V' linearly: `I∞(V) = −V'(V, I = 0) / (V'(V, I = 1) − V'(V, I = 0))`.
  public func holdingCurrent(at potential: Double) -> Double {
    let state = steadyState(at: potential)
    let none = derivative(of: state, current: 0)[0]
    return (0 - none) / (derivative(of: state, current: 1)[0] - none)
  }

  func equilibrium(at potential: Double) -> Equilibrium {
    let current = holdingCurrent(at: potential)
    let state = steadyState(at: potential)
    return Equilibrium(
      state: state, current: current,
      eigenvalues: Jacobian(of: self, at: state, current: current).eigenvalues)
  }

  /// Equilibria under a current, in ascending order of their potentials: the roots of `I∞(V) = I` in
  /// `potentialRange`, below the threshold where the model resets.
  public func equilibria(at current: Double) -> [Equilibrium] {
    let grid = potentials
    func excess(_ potential: Double) -> Double { holdingCurrent(at: potential) - current }
    let places = signChanges(of: grid.map(excess)).map { low, high in
      high - low == 1 ? root(between: grid[low], grid[high], excess) : grid[low + 1]
    }
    return places.map { potential in
      var point = equilibrium(at: potential)
      point.current = current
      return point
    }.filter { !Self.form.resets || distanceToThreshold($0.state) < 0 }
  }

  /// The lowest stable equilibrium without current; the convention's start where there is none.
  public var restingState: NeuronState? {
    equilibria(at: 0).first { $0.isStable }?.state
  }

  /// Where the trace starts: by convention, else at rest, else at the lower end of the range.
  public var start: NeuronState {
    startingState ?? restingState ?? steadyState(at: potentialRange.lowerBound)
  }

  /// All bifurcations of the equilibria with the current, in ascending order of the potential.
  ///
  /// Along `I∞(V)` a saddle-node is where its slope changes sign, a Hopf bifurcation where the product of the sums of
  /// all pairs of eigenvalues does and the pair is complex. A stable equilibrium may end before at the threshold.
  public var bifurcations: [Bifurcation] {
    var found: [Bifurcation] = []
    let grid = potentials
    let slopes = grid.map(holdingSlope)
    let sums = grid.map(pairSums)
    func endsRest(_ index: Int) -> Bool { equilibrium(at: grid[index]).isStable }
    for (low, high) in signChanges(of: slopes) {
      let potential = root(between: grid[low], grid[high], holdingSlope)
      found.append(bifurcation(.saddleNode, potential, endsRest(low)))
    }
    for (low, high) in signChanges(of: sums) {
      let potential = root(between: grid[low], grid[high], pairSums)
      if hasImaginaryPair(at: potential) { found.append(bifurcation(.hopf, potential, endsRest(low))) }
    }
    if Self.form.resets {
      let distances = grid.map { distanceToThreshold(steadyState(at: $0)) }
      for (low, high) in signChanges(of: distances) where distances[low] < 0 && endsRest(low) {
        let potential = root(between: grid[low], grid[high]) { distanceToThreshold(steadyState(at: $0)) }
        found.append(bifurcation(.threshold, potential, true))
      }
    }
    return found.sorted { $0.potential < $1.potential }
  }

  /// The bifurcation at which rest ends when the current grows; nil if it never does.
  public var restEnds: Bifurcation? { bifurcations.first { $0.endsRest } }

  private func bifurcation(_ kind: Bifurcation.Kind, _ potential: Double, _ endsRest: Bool) -> Bifurcation {
    Bifurcation(
      kind: kind, current: holdingCurrent(at: potential), potential: potential, endsRest: endsRest)
  }

  /// The grid on which signs are compared.
  private var potentials: [Double] {
    let range = potentialRange
    let count = 4000
    return (0...count).map {
      range.lowerBound + (range.upperBound - range.lowerBound) * Double($0) / Double(count)
    }
  }

  /// dI∞/dV by central differences of order 6.
  private func holdingSlope(at potential: Double) -> Double {
    let step = 0.01 * Self.form.variables[0].scale
    func value(_ steps: Double) -> Double { holdingCurrent(at: potential + steps * step) }
    let near = 45 * (value(1) - value(-1))
    let middle = 9 * (value(2) - value(-2))
    return (near - middle + (value(3) - value(-3))) / (60 * step)
  }

  /// Π (λᵢ + λⱼ) over all pairs, which is 0 at a Hopf bifurcation; 1 for a single variable.
  private func pairSums(at potential: Double) -> Double {
    let values = equilibrium(at: potential).eigenvalues
    var product = Eigenvalue(real: 1, imaginary: 0)
    for (index, first) in values.enumerated() {
      for second in values.dropFirst(index + 1) { product = product * (first + second) }
    }
    return product.real
  }

  private func hasImaginaryPair(at potential: Double) -> Bool {
    equilibrium(at: potential).eigenvalues.contains {
      $0.imaginary != 0 && $0.real.magnitude < 1e-6 * $0.imaginary.magnitude
    }
  }
}

/// Neighbours in a list of values with opposite signs, or two neighbours of a single 0. What is smaller than rounding
/// errors of the largest value counts as 0, so that a flat stretch has no signs.
private func signChanges(of values: [Double]) -> [(low: Int, high: Int)] {
  let largest = values.lazy.filter(\.isFinite).map(\.magnitude).max() ?? 0
  let signs = values.map { $0.magnitude <= 1e-14 * largest || $0.isNaN ? 0 : $0 < 0 ? -1 : 1 }
  return signs.indices.dropLast().compactMap { index in
    if signs[index] * signs[index + 1] < 0 { return (index, index + 1) }
    guard index + 2 < signs.count, signs[index + 1] == 0, signs[index] * signs[index + 2] < 0 else {
      return nil
    }
    return (index, index + 2)
  }
}

/// Where a continuous function changes its sign between two places, by bisection to the last digit.
func root(between a: Double, _ b: Double, _ function: (Double) -> Double) -> Double {
  var (low, high) = (a, b)
  let lowIsNegative = function(low) < 0
  while true {
    let middle = low + (high - low) / 2
    guard middle > low, middle < high else { return middle }
    if (function(middle) < 0) == lowIsNegative { low = middle } else { high = middle }
  }
}
