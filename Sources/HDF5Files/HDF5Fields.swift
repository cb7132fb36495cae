import Diagnostics

/// Takes the datasets and attributes that a layout requires out of a file and collects what is missing or of
/// another type or shape, so that all of it is reported at once.
public struct HDF5Fields: Sendable {
  private let root: HDF5Group
  private let path: String
  public private(set) var problems: [Diagnostic] = []

  /// - Parameter path: the file, named in diagnostics.
  public init(_ root: HDF5Group, path: String) {
    self.root = root
    self.path = path
  }

  /// The one-dimensional dataset at `place`; empty, with a problem noted, if there is no such dataset.
  public mutating func array<Element: HDF5Element>(
    _ place: String, of type: Element.Type = Element.self
  ) -> [Element] {
    guard let dataset = root.dataset(at: place) else {
      note("/\(place)", found: nil, expected: "\(Element.hdf5Name) [n]")
      return []
    }
    guard dataset.shape.count == 1, let array = dataset.array(of: type) else {
      note("/\(place)", found: dataset, expected: "\(Element.hdf5Name) [n]")
      return []
    }
    return array
  }

  /// The one-dimensional dataset at `place`; empty if there is no such dataset.
  public mutating func optionalArray<Element: HDF5Element>(_ place: String) -> [Element] {
    root.dataset(at: place) == nil ? [] : array(place)
  }

  /// The dataset at `place` with two or more dimensions, flat in row-major order, if it has exactly this shape.
  public mutating func array<Element: HDF5Element>(
    _ place: String, shape: [Int], of type: Element.Type = Element.self
  ) -> [Element] {
    let dataset = root.dataset(at: place)
    guard let dataset, dataset.shape == shape, let array = dataset.array(of: type) else {
      note("/\(place)", found: dataset, expected: "\(Element.hdf5Name) \(shape)")
      return []
    }
    return array
  }

  /// The scalar dataset at `place`.
  public mutating func value<Element: HDF5Element>(
    _ place: String, of type: Element.Type = Element.self
  ) -> Element? {
    scalar(root.dataset(at: place), "/\(place)")
  }

  /// The scalar attribute `name` of the group at `place` (empty for the root).
  public mutating func attribute<Element: HDF5Element>(
    _ place: String, _ name: String, of type: Element.Type = Element.self
  ) -> Element? {
    scalar(root.group(at: place)?.attributes[name], "/\(place) attribute \(name)")
  }

  /// Notes that the content at `place` (a path in the file) is wrong.
  public mutating func wrong(
    _ id: String, at place: String, _ problem: String, found: String? = nil, expected: String? = nil
  ) {
    problems.append(
      Diagnostic(id, place: "\(path): \(place)", problem: problem, found: found, expected: expected))
  }

  /// The required value of a scalar text attribute.
  public mutating func require(_ name: String, _ expected: String, id: String) {
    guard let found: String = attribute("", name), found != expected else { return }
    wrong(id, at: "/ attribute \(name)", "is not what this release reads", found: found, expected: expected)
  }

  /// The required value of the attribute `version`.
  public mutating func requireVersion(_ expected: UInt32, id: String) {
    guard let found: UInt32 = attribute("", "version"), found != expected else { return }
    wrong(
      id, at: "/ attribute version", "is not what this release reads", found: "\(found)",
      expected: "\(expected)")
  }

  /// Throws the problems noted, if there are any.
  public func throwIfProblems() throws(Failure) {
    if !problems.isEmpty { throw Failure(.badInput, problems) }
  }

  private mutating func scalar<Element: HDF5Element>(_ dataset: HDF5Dataset?, _ place: String) -> Element? {
    guard let dataset, dataset.shape.isEmpty, let value = dataset.array(of: Element.self)?.first else {
      note(place, found: dataset, expected: "one \(Element.hdf5Name)")
      return nil
    }
    return value
  }

  private mutating func note(_ place: String, found: HDF5Dataset?, expected: String) {
    problems.append(
      Diagnostic(
        "hdf5.field", place: "\(path): \(place)",
        problem: found == nil ? "is missing" : "has another type or shape",
        found: found.map { "\($0.typeName) \($0.shape)" }, expected: expected))
  }
}
