import Observations

/// A packet that missed its tick in period mode, and where it waited longest: docs/emulator-semantics.md §6.
public struct LatePacket: Sendable, Equatable, Codable {
  public var sample: Int32
  /// Tick in which it arrived.
  public var tick: Int32
  /// Population and neuron in it, or for an input packet of the edge its channel.
  public var population: String?
  public var neuron: Int32?
  public var channel: Int32?
  /// Destination core.
  public var coreX: Int32
  public var coreY: Int32
  /// Where it waited longest.
  public var place: MeshPlace
  public var waitedCycles: UInt32
  public var ticksLate: Int32

  /// "lif1[5]", "channel 3".
  var source: String {
    if let channel { return "input channel \(channel)" }
    return "\(population ?? "?")[\(neuron ?? 0)]"
  }
}

/// An output of a router, `+x`, `-x`, `+y`, `-y`, `local`; or `queue`: the injection queue of the router's core.
public struct MeshPlace: Sendable, Hashable, Codable {
  public var x: Int
  public var y: Int
  public var port: String

  static let ports = ["+x", "-x", "+y", "-y", "local", "queue"]

  init(router: Int, port: Int, width: Int) {
    x = router % max(width, 1)
    y = router / max(width, 1)
    self.port = Self.ports.indices.contains(port) ? Self.ports[port] : "?"
  }

  var text: String { "(\(x),\(y)) \(port)" }
}

/// Late packets that waited longest at the same place.
public struct LatePlace: Sendable, Equatable, Codable {
  public var place: MeshPlace
  public var packets: Int
  public var longestWaitCycles: UInt32
  public var mostTicksLate: Int32
}

/// Late packets of a run by cause.
public struct LateReport: Sendable, Equatable {
  /// Those that the record keeps; longest wait first, then in the record's order.
  public var packets: [LatePacket]
  /// By place; most packets first, then by router and output.
  public var places: [LatePlace]

  /// Nil without late packets.
  public init?(_ record: RunRecord) {
    guard !record.lateDeliveries.isEmpty else { return nil }
    let layout = record.layout
    packets = record.lateDeliveries.enumerated().sorted {
      ($1.element.waitedCycles, $0.offset) < ($0.element.waitedCycles, $1.offset)
    }.map { _, late in
      let row = Int(late.source)
      let isNeuron = layout.population.indices.contains(row)
      let core = Int(late.core)
      return LatePacket(
        sample: late.sample, tick: late.tick,
        population: isNeuron ? layout.populations[Int(layout.population[row])].name : nil,
        neuron: isNeuron ? layout.index[row] : nil, channel: row < 0 ? -1 - late.source : nil,
        coreX: layout.coreX.indices.contains(core) ? layout.coreX[core] : -1,
        coreY: layout.coreY.indices.contains(core) ? layout.coreY[core] : -1,
        place: MeshPlace(
          router: Int(late.router), port: Int(late.output), width: record.meshWidth),
        waitedCycles: late.waitedCycles, ticksLate: late.ticksLate)
    }
    var byPlace: [MeshPlace: LatePlace] = [:]
    for packet in packets {
      var place =
        byPlace[packet.place]
        ?? LatePlace(place: packet.place, packets: 0, longestWaitCycles: 0, mostTicksLate: 0)
      place.packets += 1
      place.longestWaitCycles = max(place.longestWaitCycles, packet.waitedCycles)
      place.mostTicksLate = max(place.mostTicksLate, packet.ticksLate)
      byPlace[packet.place] = place
    }
    func order(_ place: MeshPlace) -> (Int, Int, Int) {
      (place.y, place.x, MeshPlace.ports.firstIndex(of: place.port) ?? 0)
    }
    places = byPlace.values.sorted {
      $0.packets != $1.packets ? $0.packets > $1.packets : order($0.place) < order($1.place)
    }
  }
}

extension MeshReport {
  /// Lines that a table of late packets has at most.
  static let lateLines = 10

  /// Where late packets waited, and the ones that waited longest; empty without late packets.
  var lateText: String {
    guard let late, let latePlaces, let latePackets else { return "" }
    var text = "late packets by the place where they waited longest"
    if UInt64(late.count) < latePackets { text += ", the first \(late.count) of \(latePackets)" }
    var places = TextTable([
      ("place", .left), ("packets", .right), ("longest wait", .right), ("ticks late", .right),
    ])
    for place in latePlaces.prefix(Self.lateLines) {
      places.add([
        place.place.text, "\(place.packets)", "\(place.longestWaitCycles) cycles", "\(place.mostTicksLate)",
      ])
    }
    text += "\n" + places.text + Self.more(latePlaces.count, "places")
    var packets = TextTable([
      ("source", .left), ("to core", .left), ("waited", .right), ("at", .left), ("ticks late", .right),
      ("sample", .right), ("tick", .right),
    ])
    for packet in late.prefix(Self.lateLines) {
      packets.add([
        packet.source, "(\(packet.coreX),\(packet.coreY))", "\(packet.waitedCycles) cycles",
        packet.place.text, "\(packet.ticksLate)", "\(packet.sample)", "\(packet.tick)",
      ])
    }
    return text + "\n" + packets.text + Self.more(late.count, "packets")
  }

  private static func more(_ count: Int, _ what: String) -> String {
    count > lateLines ? "and \(count - lateLines) more \(what)\n" : ""
  }
}
