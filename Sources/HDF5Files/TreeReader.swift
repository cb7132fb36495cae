import CHDF5
import Diagnostics

/// Walks an open HDF5 file and sends what it finds. Runs in the reader process only.
struct TreeReader {
  let path: String
  let limits: ReaderLimits
  var encoder: WireEncoder
  /// Bytes decoded so far, of `limits.totalBytes`.
  var decoded = 0
  /// Addresses of the groups entered: each is entered once, so that no cycle of hard links runs on for ever.
  private var entered: Set<UInt64> = []

  init(path: String, limits: ReaderLimits, encoder: WireEncoder) {
    self.path = path
    self.limits = limits
    self.encoder = encoder
  }

  /// Where the reader stands: the group's path in the file, its depth, and whether a group named `metadata` is
  /// on the way, below which things without a counterpart are left out instead of refused.
  struct Position {
    var name = "/"
    var depth = 0
    var isMetadata = false

    func below(_ child: String) -> Position {
      Position(
        name: name == "/" ? "/\(child)" : "\(name)/\(child)", depth: depth + 1,
        isMetadata: isMetadata || child == "metadata")
    }
  }

  mutating func read() throws(Failure) {
    guard let file = Handle(H5Fopen(path, chdf5_read_only(), chdf5_default()), H5Fclose),
      let root = Handle(H5Gopen2(file.id, "/", chdf5_default()), H5Gclose)
    else {
      throw Failure(
        .badInput,
        Diagnostic(
          "hdf5.damaged", place: path, problem: "damaged: HDF5 cannot open it",
          remedy: "Fetch or write the file again"))
    }
    group(root.id, Position())
  }

  /// Sends a problem, unless the position allows to leave things out.
  mutating func report(
    _ id: String, at position: Position, _ problem: String, found: String? = nil, expected: String? = nil,
    remedy: String? = nil, always: Bool = false
  ) {
    if position.isMetadata && !always { return }
    encoder.problem(
      Diagnostic(
        id, place: "\(path): \(position.name)", problem: problem, found: found, expected: expected,
        remedy: remedy))
  }

  mutating func damaged(_ position: Position, _ what: String) {
    report(
      "hdf5.damaged", at: position, "damaged: \(what) cannot be read",
      remedy: "Fetch or write the file again",
      always: true)
  }

  private mutating func group(_ group: hid_t, _ position: Position) {
    var kind: Int32 = 0
    var address: UInt64 = 0
    guard chdf5_object(group, &kind, &address) >= 0 else { return damaged(position, "the group") }
    guard entered.insert(address).inserted else {
      return report("hdf5.cycle", at: position, "a group that is linked from two places", always: true)
    }
    guard position.depth < WireFormat.depth else {
      return report(
        "hdf5.depth", at: position, "groups are nested too deeply",
        expected: "at most \(WireFormat.depth) levels",
        always: true)
    }
    attributes(group, position)
    guard let links = links(of: group) else { return damaged(position, "the list of its members") }
    for (name, kind) in links { member(group, name, kind, position.below(name)) }
  }

  private mutating func member(_ group: hid_t, _ name: String, _ kind: Int32, _ position: Position) {
    guard kind == H5L_TYPE_HARD.rawValue else {
      let found = kind == H5L_TYPE_SOFT.rawValue ? "a soft link" : "an external or user-defined link"
      return report(
        "hdf5.link", at: position, "links are not followed", found: found,
        remedy: "Write the file with the data in place of the link")
    }
    guard let object = Handle(H5Oopen(group, name, chdf5_default()), H5Oclose) else {
      return damaged(position, "the object")
    }
    switch H5Iget_type(object.id) {
    case H5I_GROUP:
      encoder.item(.group)
      encoder.text(name)
      self.group(object.id, position)
      encoder.item(.end)
    case H5I_DATASET:
      dataset(object.id, name, position)
    default:
      report("hdf5.object", at: position, "neither a group nor a dataset")
    }
  }

  /// Names and kinds (`H5L_type_t`) of a group's links, ascending; nil if the library cannot list them.
  private func links(of group: hid_t) -> [(name: String, kind: Int32)]? {
    var links: [(name: String, kind: Int32)] = []
    let status = withUnsafeMutablePointer(to: &links) { list in
      chdf5_links(
        group,
        { name, kind, list in
          guard let name, let list else { return -1 }
          list.assumingMemoryBound(to: [(name: String, kind: Int32)].self).pointee
            .append((String(cString: name), kind))
          return 0
        }, list)
    }
    return status >= 0 ? links : nil
  }

  private mutating func attributes(_ object: hid_t, _ position: Position) {
    var names: [String] = []
    let status = withUnsafeMutablePointer(to: &names) { list in
      H5Aiterate2(
        object, H5_INDEX_NAME, H5_ITER_INC, nil,
        { _, name, _, list in
          guard let name, let list else { return -1 }
          list.assumingMemoryBound(to: [String].self).pointee.append(String(cString: name))
          return 0
        }, list)
    }
    guard status >= 0 else { return damaged(position, "the list of its attributes") }
    for name in names {
      var place = position
      place.name += " attribute \(name)"
      guard let attribute = Handle(H5Aopen(object, name, chdf5_default()), H5Aclose) else {
        damaged(place, "the attribute")
        continue
      }
      self.attribute(attribute.id, name, place)
    }
  }
}
