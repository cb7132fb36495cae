import Diagnostics
import HDF5Files
import Observations

/// A file of NIR's `NIRGraphData`: what nodes of a network sent, as `nir.write_data` writes it.
///
/// ```
/// / attribute __type__                      "NIRGraphData"
/// /nodes/<node> attribute __type__          "NIRNodeData", or "NIRGraphData" for a graph within the graph
/// /nodes/<node>/observables/<observable>    attribute __type__ and datasets, see `NIRObservable`
/// ```
/// A node of a graph within the graph is named `graph/node`. Of a node's observables the one named `spikes` is read, or
/// the only one.
///
/// **Source:** NIR 1.0.8, `nir/serialization.py` and `nir/data_ir`.
public struct NIRGraphData: Sendable {
  private let path: String
  /// By node; a group of type NIRNodeData and its place in the file.
  private var groups: [String: (group: HDF5Group, place: String)] = [:]

  /// Reads the file and finds its nodes; what they hold is checked when it is asked for.
  public static func read(_ path: String) throws(Failure) -> NIRGraphData {
    try NIRGraphData(try HDF5File.read(path), path: path)
  }

  init(_ root: HDF5Group, path: String) throws(Failure) {
    self.path = path
    let type = Self.type(of: root)
    guard type == "NIRGraphData" else {
      let isNetwork = root.groups["node"] != nil
      throw Failure(
        .badInput,
        Diagnostic(
          "nirData.type", place: "\(path): / attribute __type__", problem: "not a file of NIRGraphData",
          found: type ?? (isNetwork ? "a NIR network" : "no such attribute"), expected: "NIRGraphData",
          remedy: "nir.write_data(path, data) writes such a file"))
    }
    var problems = DiagnosticCollector()
    collect(root, name: "", place: "", problems: &problems)
    try problems.throwIfErrors()
  }

  /// Names of all nodes, ascending.
  public var nodes: [String] { groups.keys.sorted() }

  private mutating func collect(
    _ graph: HDF5Group, name: String, place: String, problems: inout DiagnosticCollector
  ) {
    for (child, group) in (graph.groups["nodes"]?.groups ?? [:]).sorted(by: { $0.key < $1.key }) {
      let childName = name.isEmpty ? child : "\(name)/\(child)"
      let childPlace = "\(place)/nodes/\(child)"
      switch Self.type(of: group) {
      case "NIRNodeData": groups[childName] = (group, childPlace)
      case "NIRGraphData": collect(group, name: childName, place: childPlace, problems: &problems)
      case let other:
        problems.add(
          Diagnostic(
            "nirData.type", place: "\(path): \(childPlace) attribute __type__", problem: "not a kind of node",
            found: other ?? "no such attribute", expected: "NIRNodeData or NIRGraphData"))
      }
    }
  }

  static func type(of group: HDF5Group) -> String? { group.attributes["__type__"]?.strings?.first }

  /// The nodes that stand for `wanted`: those of these names if the file has all of them, else its only node.
  ///
  /// - Parameter remedy: what the user can do where neither is so.
  public func choose(_ wanted: [String], remedy: String) throws(Failure) -> [String] {
    if !wanted.isEmpty, wanted.allSatisfy({ groups[$0] != nil }) { return wanted }
    let all = nodes
    if all.count == 1 { return all }
    throw Failure(
      .badInput,
      Diagnostic(
        "nirData.node", place: "\(path): /nodes",
        problem: all.isEmpty ? "the file has no node" : "it is not clear which node is meant",
        found: all.isEmpty ? nil : all.joined(separator: ", "),
        expected: wanted.isEmpty ? "a single node" : "\(wanted.joined(separator: " and ")), or a single node",
        remedy: all.isEmpty ? nil : remedy))
  }

  /// Seconds per tick that the file gives for a node; nil where it gives times of events, or nothing that can be read.
  public func dt(of node: String) -> Double? {
    guard let observable = try? observable(of: node) else { return nil }
    return observable.dt
  }

  /// The spikes of some nodes, channels one node after the other.
  ///
  /// - Parameter dt: seconds per tick; a file that gives another one is refused.
  public func spikes(of nodes: [String], dt: Double) throws(Failure) -> SpikeTrains {
    var joined: SpikeTrains?
    for node in nodes {
      let trains = try observable(of: node).spikes(dt: dt)
      guard let before = joined else {
        joined = trains
        continue
      }
      guard trains.samples == before.samples, trains.ticks == before.ticks,
        trains.channels <= Int(Int32.max) - before.channels
      else {
        throw Failure(
          .badInput,
          Diagnostic(
            "nirData.shape", place: "\(path): /nodes", problem: "the nodes cannot be joined",
            found: "\(trains.samples) samples of \(trains.ticks) ticks of \(node)",
            expected: "\(before.samples) samples of \(before.ticks) ticks as of \(nodes[0])"))
      }
      joined?.channels += trains.channels
      joined?.events += trains.events.map {
        SpikeTrains.Event(
          sample: $0.sample, tick: $0.tick, channel: $0.channel + Int32(before.channels), count: $0.count)
      }
    }
    joined?.events.sort()
    return joined ?? SpikeTrains(samples: 0, ticks: 0, channels: 0, events: [])
  }

  private func observable(of node: String) throws(Failure) -> NIRObservable {
    guard let (group, place) = groups[node] else {
      throw Failure(
        .badInput,
        Diagnostic(
          "nirData.node", place: "\(path): /nodes", problem: "no such node", found: node,
          expected: "one of \(nodes.joined(separator: ", "))"))
    }
    let all = group.groups["observables"]?.groups ?? [:]
    let name = all["spikes"] != nil ? "spikes" : all.count == 1 ? all.keys.first : nil
    guard let name, let found = all[name] else {
      throw Failure(
        .badInput,
        Diagnostic(
          "nirData.observable", place: "\(path): \(place)/observables",
          problem: "it is not clear which observable are the spikes",
          found: all.isEmpty ? "none" : all.keys.sorted().joined(separator: ", "),
          expected: "spikes, or a single observable"))
    }
    return NIRObservable(group: found, place: "\(path): \(place)/observables/\(name)")
  }
}
