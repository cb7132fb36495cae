import HDF5Files

extension NeuronLayout {
  /// `/layout` of a record, with every index checked.
  init(_ fields: inout HDF5Fields) {
    let names: [String] = fields.array("layout/populations/name")
    let models: [String] = fields.array("layout/populations/model")
    let sizes: [Int64] = fields.array("layout/populations/size")
    self.init(
      populations: [], population: fields.array("layout/neuron/population"),
      index: fields.array("layout/neuron/index"), kind: fields.array("layout/neuron/kind"),
      core: fields.array("layout/neuron/core"), start: fields.array("layout/neuron/start"),
      outputRow: fields.array("layout/output/neuron"), outputKind: fields.array("layout/output/kind"),
      coreX: fields.array("layout/core/x"), coreY: fields.array("layout/core/y"))
    if fields.sameLength("layout/populations/model", models.count, names.count),
      fields.sameLength("layout/populations/size", sizes.count, names.count),
      fields.inRange("layout/populations/size", sizes, below: Int(Int32.max))
    {
      populations = names.indices.map { Population(name: names[$0], model: models[$0], size: Int(sizes[$0])) }
    }
    let rows = kind.count
    // Every neuron of the network has a row of its own, so that the sizes cannot ask for more memory than the file has.
    let neurons = populations.reduce(0) { $0 + $1.size }
    if neurons > min(rows, Int(Int32.max)) {
      fields.wrong(
        "record.size", at: "/layout/populations/size", "more neurons than there are rows",
        found: "\(neurons)",
        expected: "at most \(rows), and fewer than 2^31")
    }
    let sameLengths = [
      fields.sameLength("layout/neuron/population", population.count, rows),
      fields.sameLength("layout/neuron/index", index.count, rows),
      fields.sameLength("layout/neuron/core", core.count, rows),
      fields.sameLength("layout/neuron/start", start.count, rows),
      fields.sameLength("layout/output/kind", outputKind.count, outputRow.count),
      fields.sameLength("layout/core/y", coreY.count, coreX.count),
    ]
    fields.inRange("layout/neuron/kind", kind, below: 4)
    fields.inRange("layout/neuron/core", core, below: coreX.count)
    fields.inRange("layout/neuron/start", start, below: Int(Int32.max))
    fields.inRange("layout/output/neuron", outputRow, below: rows)
    fields.inRange("layout/output/kind", outputKind, below: 2)
    guard !sameLengths.contains(false),
      fields.inRange("layout/neuron/population", population, below: names.count),
      populations.count == names.count
    else { return }
    if let row = index.indices.first(where: {
      index[$0] < 0 || Int(index[$0]) >= populations[Int(population[$0])].size
    }) {
      fields.wrong(
        "record.range", at: "/layout/neuron/index[\(row)]", "lies outside its population",
        found: "\(index[row])")
    }
  }
}

extension HDF5Fields {
  /// Notes a problem and gives false unless the dataset has as many entries as those beside it.
  @discardableResult
  mutating func sameLength(_ place: String, _ count: Int, _ expected: Int) -> Bool {
    if count == expected { return true }
    wrong(
      "record.length", at: "/\(place)", "has a wrong number of entries", found: "\(count)",
      expected: "\(expected)")
    return false
  }

  /// Notes a problem and gives false unless all values are 0 ..< end.
  @discardableResult
  mutating func inRange<Number: BinaryInteger>(_ place: String, _ values: [Number], below end: Int) -> Bool {
    guard let index = values.firstIndex(where: { $0 < 0 || $0 >= end }) else { return true }
    wrong(
      "record.range", at: "/\(place)[\(index)]", "is out of range", found: "\(values[index])",
      expected: "0 up to but not \(end)")
    return false
  }

  /// A scalar attribute that counts things; at most 2^31 − 1, so that products of two of them fit.
  mutating func size(_ place: String, _ name: String) -> Int {
    guard let value: Int64 = attribute(place, name) else { return 0 }
    if let size = Int32(exactly: value), size >= 0 { return Int(size) }
    wrong(
      "record.size", at: "/\(place) attribute \(name)", "is out of range", found: "\(value)",
      expected: "0 to 2^31 − 1")
    return 0
  }

  /// A scalar attribute that is a positive number.
  mutating func positive(_ place: String, _ name: String) -> Double {
    guard let value: Double = attribute(place, name) else { return 0 }
    if !(value.isFinite && value > 0) {
      wrong("record.number", at: "/\(place) attribute \(name)", "must be positive", found: "\(value)")
    }
    return value
  }
}
