import Diagnostics
import HDF5Files

/// What a node reader sees of its node: the group's datasets, fetched with checks that report problems.
struct NIRNodeContext {
  enum Rule: Equatable {
    case any
    case positive
    /// The parameter may be missing and then has this value.
    case orDefault(Double)
  }

  let file: String
  let name: String
  let type: String
  /// Where the node stands in the file.
  let place: String
  let group: HDF5Group
  /// Whether an error was reported.
  private(set) var failed = false
  private(set) var diagnostics: [Diagnostic] = []
  /// Optional parameters that the file leaves out.
  private(set) var missing: Set<String> = []
  /// Shape of the parameters that hold one value per neuron; nil while none was read.
  private(set) var commonShape: [Int]?
  private var commonShapeFrom = ""
  private var used: Set<String> = ["type", "input_type"]

  /// Elements of a shape beyond which a file is taken to be damaged: more neurons than any chip holds.
  static let largestSize = 1 << 22

  init(file: String, name: String, type: String, place: String, group: HDF5Group) {
    self.file = file
    self.name = name
    self.type = type
    self.place = place
    self.group = group
  }

  mutating func report(
    _ id: String, parameter: String, problem: String, found: String? = nil, expected: String? = nil,
    remedy: String? = nil
  ) {
    failed = true
    diagnostics.append(
      Diagnostic(
        id, subject: "node \(name) (\(type))", place: "\(file): \(place)/\(parameter)",
        problem: problem, found: found, expected: expected, remedy: remedy))
  }

  /// The dataset's numbers and shape; reports a missing dataset, another type, and NaN or infinity.
  mutating func numbers(_ parameter: String) -> (values: [Double], shape: [Int])? {
    used.insert(parameter)
    guard let dataset = group.datasets[parameter] else {
      report("nir.missingParameter", parameter: parameter, problem: "the parameter is missing")
      return nil
    }
    guard let values = dataset.doubles else {
      report("nir.parameterType", parameter: parameter, problem: "the parameter is not numeric")
      return nil
    }
    guard !values.isEmpty else {
      report(
        "nir.emptyParameter", parameter: parameter, problem: "the parameter has no values",
        found: "shape \(dataset.shape)")
      return nil
    }
    if let index = values.firstIndex(where: { !$0.isFinite }) {
      report(
        "nir.notFinite", parameter: parameter, problem: "a value is not finite",
        found: "\(values[index]) at \(index)", expected: "finite numbers")
      return nil
    }
    return (values, dataset.shape)
  }

  /// A scalar, `[1]` or full parameter of a neuron; full ones must agree in shape.
  mutating func parameter(_ parameter: String, rule: Rule = .any) -> NIRNeuron.Parameter? {
    if case .orDefault(let value) = rule, group.datasets[parameter] == nil {
      missing.insert(parameter)
      return NIRNeuron.Parameter(values: [value])
    }
    guard let (values, shape) = numbers(parameter) else { return nil }
    if rule == .positive, let index = values.firstIndex(where: { $0 <= 0 }) {
      report(
        "nir.timeConstant", parameter: parameter, problem: "a time constant is not positive",
        found: "\(values[index]) at \(index)", expected: "more than 0",
        remedy: "A negative or zero time constant has no decaying solution; check the exporter")
      return nil
    }
    if values.count > 1 {
      if let commonShape, commonShape != shape {
        report(
          "nir.parameterShapes", parameter: parameter, problem: "parameters differ in shape",
          found: "\(shape)", expected: "\(commonShape) like \(commonShapeFrom), or a single value")
        return nil
      }
      commonShape = shape
      commonShapeFrom = parameter
    }
    return NIRNeuron.Parameter(values: values)
  }

  /// The shape of an Input or Output node.
  mutating func shape(_ parameter: String) -> [Int]? {
    guard let (values, shape) = numbers(parameter) else { return nil }
    guard shape.count <= 1, let sizes = Self.sizes(values) else {
      report(
        "nir.shape", parameter: parameter, problem: "not a usable shape", found: "\(values)",
        expected: "positive integers with a product of at most \(Self.largestSize)")
      return nil
    }
    return sizes
  }

  /// `values` as positive integers whose product is at most `largestSize`.
  private static func sizes(_ values: [Double]) -> [Int]? {
    var product = 1.0
    var sizes: [Int] = []
    for value in values {
      product *= value
      guard value >= 1, value == value.rounded(), product <= Double(largestSize) else { return nil }
      sizes.append(Int(value))
    }
    return sizes
  }

  /// A single integer (a scalar or shape `[1]`).
  mutating func integer(_ parameter: String) -> Int? {
    guard let (values, shape) = numbers(parameter) else { return nil }
    guard values.count == 1, let value = Int(exactly: values[0]) else {
      report(
        "nir.integer", parameter: parameter, problem: "not a single integer",
        found: "\(values.prefix(4)), shape \(shape)")
      return nil
    }
    return value
  }

  /// One integer per spatial axis: a scalar or `[1]` serves all, and each must be at least `minimum`.
  ///
  /// - Parameter fallback: what a missing parameter means; nil when it must be there.
  mutating func integers(_ parameter: String, axes: Int, minimum: Int, fallback: [Int]? = nil) -> [Int]? {
    if let fallback, group.datasets[parameter] == nil {
      missing.insert(parameter)
      return fallback
    }
    guard let (values, shape) = numbers(parameter) else { return nil }
    let integers = values.compactMap(Int.init(exactly:))
    guard integers.count == values.count, values.count == 1 || values.count == axes,
      integers.allSatisfy({ $0 >= minimum && $0 <= Self.largestSize })
    else {
      report(
        "nir.window", parameter: parameter,
        problem: "not usable for a window over \(axes == 1 ? "one axis" : "two axes")",
        found: "\(values.prefix(4)), shape \(shape)", expected: "1 or \(axes) integers of at least \(minimum)"
      )
      return nil
    }
    return integers.count == axes ? integers : [Int](repeating: integers[0], count: axes)
  }

  /// The string of a dataset, or nil when it is not a single string.
  mutating func string(_ parameter: String) -> String? {
    guard let strings = group.datasets[parameter]?.strings, strings.count == 1 else { return nil }
    used.insert(parameter)
    return strings[0]
  }

  /// Notes that an optional parameter is not in the file; true when it is missing.
  mutating func isMissing(_ parameter: String) -> Bool {
    if group.datasets[parameter] != nil { return false }
    missing.insert(parameter)
    return true
  }

  /// Passes over a parameter that repeats what the edges say.
  mutating func ignore(_ parameter: String) { used.insert(parameter) }

  /// Warns of datasets that no reader asked for.
  mutating func warnOfUnused() {
    for parameter in group.datasets.keys.sorted()
    where !used.contains(parameter) {
      diagnostics.append(
        Diagnostic(
          "nir.unknownParameter", severity: .warning, subject: "node \(name) (\(type))",
          place: "\(file): \(place)/\(parameter)",
          problem: "NIR's \(type) has no such parameter; it is ignored"))
    }
  }
}
