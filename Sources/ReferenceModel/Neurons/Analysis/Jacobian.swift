/// A complex number, as an eigenvalue has it.
public struct Eigenvalue: Sendable, Equatable {
  public var real: Double
  public var imaginary: Double

  public var squaredMagnitude: Double { real * real + imaginary * imaginary }

  static func + (a: Self, b: Self) -> Self {
    Self(real: a.real + b.real, imaginary: a.imaginary + b.imaginary)
  }
  static func - (a: Self, b: Self) -> Self {
    Self(real: a.real - b.real, imaginary: a.imaginary - b.imaginary)
  }
  static func * (a: Self, b: Self) -> Self {
    Self(
      real: a.real * b.real - a.imaginary * b.imaginary,
      imaginary: a.real * b.imaginary + a.imaginary * b.real)
  }
  static func / (a: Self, b: Self) -> Self {
    let scale = 1 / b.squaredMagnitude
    return Self(
      real: (a.real * b.real + a.imaginary * b.imaginary) * scale,
      imaginary: (a.imaginary * b.real - a.real * b.imaginary) * scale)
  }
}

/// Derivatives of a neuron's equation by its variables, in one state: up to 4 × 4, row by row.
struct Jacobian {
  let dimension: Int
  var rows: [NeuronState]

  /// By central differences of order 6 with steps of a hundredth of each variable's scale: the error is about
  /// 1e-12 of the rates for the models here.
  init<Model: NeuronModel>(of model: Model, at state: NeuronState, current: Double) {
    dimension = model.dimension
    var columns: [NeuronState] = []
    for lane in 0..<dimension {
      let step = 0.01 * Model.form.variables[lane].scale
      func slope(_ steps: Double) -> NeuronState {
        var moved = state
        moved[lane] += steps * step
        return model.derivative(of: moved, current: current)
      }
      let near = 45 * (slope(1) - slope(-1))
      let middle = 9 * (slope(2) - slope(-2))
      let far = slope(3) - slope(-3)
      columns.append((near - middle + far) / (60 * step))
    }
    rows = (0..<dimension).map { row in
      var values = NeuronState.zero
      for lane in 0..<columns.count { values[lane] = columns[lane][row] }
      return values
    }
  }

  /// Coefficients c of λⁿ + c[n−1] λⁿ⁻¹ + … + c[0], by Faddeev and LeVerrier's recursion.
  var characteristicPolynomial: [Double] {
    var coefficients = [Double](repeating: 0, count: dimension)
    var product = (0..<dimension).map { row in
      var unit = NeuronState.zero
      unit[row] = 1
      return unit
    }
    for k in 1...dimension {
      product = rows.map { row in
        var sum = NeuronState.zero
        for inner in 0..<dimension { sum += row[inner] * product[inner] }
        return sum
      }
      let trace = (0..<dimension).reduce(0) { $0 + product[$1][$1] }
      let coefficient = -trace / Double(k)
      coefficients[dimension - k] = coefficient
      for row in 0..<dimension { product[row][row] += coefficient }
    }
    return coefficients
  }

  /// In descending order of their real parts; a pair has its positive imaginary part first.
  var eigenvalues: [Eigenvalue] {
    let coefficients = characteristicPolynomial
    guard coefficients.allSatisfy(\.isFinite) else { return [] }
    let roots = dimension == 1 ? [Eigenvalue(real: -coefficients[0], imaginary: 0)] : Self.roots(coefficients)
    return roots.sorted {
      $0.real == $1.real ? $0.imaginary > $1.imaginary : $0.real > $1.real
    }
  }

  /// Roots by quadratics where there are two, else by Durand and Kerner's simultaneous iteration.
  private static func roots(_ c: [Double]) -> [Eigenvalue] {
    if c.count == 2 {
      let half = -c[1] / 2
      let discriminant = half * half - c[0]
      if discriminant < 0 {
        let imaginary = (-discriminant).squareRoot()
        return [
          Eigenvalue(real: half, imaginary: imaginary), Eigenvalue(real: half, imaginary: -imaginary),
        ]
      }
      // The larger root first, the other one from the product, so that nothing cancels.
      let large = half + (half < 0 ? -discriminant.squareRoot() : discriminant.squareRoot())
      let small = large == 0 ? 0 : c[0] / large
      return [Eigenvalue(real: large, imaginary: 0), Eigenvalue(real: small, imaginary: 0)]
    }
    let radius = 1 + (c.map(\.magnitude).max() ?? 0)
    let seed = Eigenvalue(real: 0.4, imaginary: 0.9)
    var roots: [Eigenvalue] = []
    var power = Eigenvalue(real: 1, imaginary: 0)
    for _ in c {
      roots.append(Eigenvalue(real: power.real * min(radius, 10), imaginary: power.imaginary))
      power = power * seed
    }
    for _ in 0..<500 {
      var largest = 0.0
      for index in roots.indices {
        let here = roots[index]
        var value = Eigenvalue(real: 1, imaginary: 0)
        for coefficient in c.reversed() { value = value * here + Eigenvalue(real: coefficient, imaginary: 0) }
        for other in roots.indices where other != index { value = value / (here - roots[other]) }
        guard value.squaredMagnitude.isFinite else { continue }
        roots[index] = here - value
        largest = max(largest, value.squaredMagnitude / (1e-30 + here.squaredMagnitude))
      }
      if largest < 1e-30 { break }
    }
    // A real root carries a rest of the iteration in its imaginary part.
    return roots.map {
      $0.imaginary.magnitude < 1e-9 * (1e-9 + $0.real.magnitude)
        ? Eigenvalue(real: $0.real, imaginary: 0) : $0
    }
  }
}
