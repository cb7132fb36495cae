import ChipModel
import Diagnostics
import HDF5Files

// The image as a file: docs/program-image.md.

extension ProgramImage {
  static let format = "rheobase-program"
  static let version: UInt32 = 4
  static let seal = Seal(magic: "RHEOPROG", version: version, kind: "Rheobase program image")

  /// Writes the image, whole or not at all. The bytes depend on the image only.
  public func write(to path: String) throws(Failure) {
    try HDF5File.write(fileContent, to: path, seal: Self.seal)
  }

  /// The image in the file at `path`, after its seal, its layout and every rule of `verify` have been checked,
  /// so that whatever it holds can be run.
  public static func read(from path: String) throws(Failure) -> ProgramImage {
    try HDF5File.checkSeal(path, seal)
    return try ProgramImage(fileContent: try HDF5File.read(path), path: path)
  }

  /// What stands in the file.
  var fileContent: HDF5Group {
    var root = HDF5Group(attributes: [
      "format": .scalar(Self.format), "version": .scalar(Self.version), "chip": .scalar(chip.name),
      "datapath": .scalar(chip.datapathKind), "dt": .scalar(dt), "seed": .scalar(seed),
      "drain_ticks": .scalar(Int64(drainTicks)),
    ])
    root.groups["rules"] = ProgramRules.group(chip)
    root.datasets["chip"] = .scalar(chip.resolvedText)
    root.datasets["network"] = .scalar(networkText)
    root.datasets["manifest"] = .scalar(manifestText)
    root.set(HDF5Dataset(populations.map(\.name)), at: "populations/name")
    root.set(HDF5Dataset(populations.map(\.model)), at: "populations/model")
    root.set(HDF5Dataset(populations.map { Int64($0.size) }), at: "populations/size")
    for field in Self.fields {
      if let dataset = field.get(self) { root.set(dataset, at: field.place) }
    }
    return root
  }

  /// The image that `root` holds; `path` is named in diagnostics.
  init(fileContent root: HDF5Group, path: String) throws(Failure) {
    var fields = HDF5Fields(root, path: path)
    fields.require("format", Self.format, id: "image.format")
    fields.requireVersion(Self.version, id: "image.version")
    let datapath: String? = fields.attribute("", "datapath")
    let chipName: String? = fields.attribute("", "chip")
    let dt: Double? = fields.attribute("", "dt")
    let seed: UInt64? = fields.attribute("", "seed")
    let drain: Int64? = fields.attribute("", "drain_ticks")
    let chipText: String? = fields.value("chip")
    let network: String? = fields.value("network")
    let manifest: String? = fields.value("manifest")
    let names: [String] = fields.array("populations/name")
    let models: [String] = fields.array("populations/model")
    let sizes: [Int64] = fields.array("populations/size")
    if models.count != names.count || sizes.count != names.count {
      fields.wrong("image.populations", at: "/populations", "name, model and size differ in length")
    }
    try fields.throwIfProblems()
    guard let chipText, let chipName, let datapath, let dt, let seed, let drain, let network, let manifest
    else {
      throw Failure(.badInput, fields.problems)
    }
    let chip = try Chip.parse(text: chipText, place: "\(path): /chip")
    self.init(
      chip: chip, dt: dt, seed: seed, drainTicks: Int(drain), cores: Cores(), crossbar: Crossbar(),
      neurons: Neurons(), routes: Routes(), inputs: Inputs(), poisson: Poisson(), outputs: Outputs(),
      populations: names.indices.map { Population(name: names[$0], model: models[$0], size: Int(sizes[$0])) },
      networkText: network, manifestText: manifest)
    for field in Self.fields { field.set(&self, &fields) }
    if chip.name != chipName {
      fields.wrong(
        "image.chip", at: "/ attribute chip", "differs from the chip in /chip", found: chipName,
        expected: chip.name)
    }
    if chip.datapathKind != datapath {
      fields.wrong(
        "image.datapath", at: "/ attribute datapath", "differs from the chip in /chip", found: datapath,
        expected: chip.datapathKind)
    }
    ProgramRules.compare(root.groups["rules"], chip, &fields)
    try fields.throwIfProblems()
    let problems = verify().map { problem in
      var problem = problem
      problem.place = problem.place.map { "\(path): \($0)" } ?? path
      return problem
    }
    if !problems.isEmpty { throw Failure(.badInput, problems) }
  }
}
