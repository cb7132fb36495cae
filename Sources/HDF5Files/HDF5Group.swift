/// A group of an HDF5 file and everything below it.
public struct HDF5Group: Sendable, Equatable {
  public var datasets: [String: HDF5Dataset]
  public var groups: [String: HDF5Group]
  public var attributes: [String: HDF5Dataset]

  public init(
    datasets: [String: HDF5Dataset] = [:], groups: [String: HDF5Group] = [:],
    attributes: [String: HDF5Dataset] = [:]
  ) {
    self.datasets = datasets
    self.groups = groups
    self.attributes = attributes
  }

  /// The group at a path of names separated by "/"; this one for an empty path, nil where a name is missing.
  public func group(at path: String) -> HDF5Group? {
    var group = self
    for name in path.split(separator: "/") {
      guard let next = group.groups[String(name)] else { return nil }
      group = next
    }
    return group
  }

  /// The dataset at a path of names separated by "/".
  public func dataset(at path: String) -> HDF5Dataset? {
    var names = path.split(separator: "/").map(String.init)
    guard let last = names.popLast() else { return nil }
    return group(at: names.joined(separator: "/"))?.datasets[last]
  }

  /// Puts a dataset at a path of names separated by "/", making the groups on the way.
  public mutating func set(_ dataset: HDF5Dataset, at path: String) {
    var names = path.split(separator: "/").map(String.init)[...]
    guard let first = names.popFirst() else { return }
    if names.isEmpty {
      datasets[first] = dataset
    } else {
      groups[first, default: HDF5Group()].set(dataset, at: names.joined(separator: "/"))
    }
  }
}
