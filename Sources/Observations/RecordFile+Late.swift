import HDF5Files

/// `/late` of a record: one entry of every dataset per late delivery.
extension RunRecord {
  func writeLate(into root: inout HDF5Group) {
    root.set(HDF5Dataset(lateDeliveries.map(\.sample)), at: "late/sample")
    root.set(HDF5Dataset(lateDeliveries.map(\.tick)), at: "late/tick")
    root.set(HDF5Dataset(lateDeliveries.map(\.source)), at: "late/source")
    root.set(HDF5Dataset(lateDeliveries.map(\.core)), at: "late/core")
    root.set(HDF5Dataset(lateDeliveries.map(\.ticksLate)), at: "late/ticks_late")
    root.set(HDF5Dataset(lateDeliveries.map(\.waitedCycles)), at: "late/waited")
    root.set(HDF5Dataset(lateDeliveries.map(\.router)), at: "late/router")
    root.set(HDF5Dataset(lateDeliveries.map(\.output)), at: "late/output")
  }

  /// The late deliveries of a file whose sizes are `record`'s; every index is checked. Empty, with a diagnostic,
  /// where one is wrong.
  static func readLate(_ fields: inout HDF5Fields, of record: RunRecord) -> [LateDelivery] {
    let sample: [Int32] = fields.array("late/sample")
    let tick: [Int32] = fields.array("late/tick")
    let source: [Int32] = fields.array("late/source")
    let core: [Int32] = fields.array("late/core")
    let ticksLate: [Int32] = fields.array("late/ticks_late")
    let waited: [UInt32] = fields.array("late/waited")
    let router: [Int32] = fields.array("late/router")
    let output: [Int8] = fields.array("late/output")
    let fits = [
      fields.sameLength("late/tick", tick.count, sample.count),
      fields.sameLength("late/source", source.count, sample.count),
      fields.sameLength("late/core", core.count, sample.count),
      fields.sameLength("late/ticks_late", ticksLate.count, sample.count),
      fields.sameLength("late/waited", waited.count, sample.count),
      fields.sameLength("late/router", router.count, sample.count),
      fields.sameLength("late/output", output.count, sample.count),
      fields.inRange("late/sample", sample, below: record.samples),
      fields.inRange("late/tick", tick, below: record.chipTicks),
      // Below 0 stand input channels, of which a record does not know how many there are.
      fields.inRange("late/source", source.map { max($0, 0) }, below: max(record.layout.kind.count, 1)),
      fields.inRange("late/core", core, below: record.layout.coreX.count),
      // What was meant for tick 1 or later arrived before tick chipTicks.
      fields.inRange("late/ticks_late", ticksLate, below: record.chipTicks),
      fields.inRange("late/router", router, below: record.meshWidth * record.meshHeight),
      fields.inRange("late/output", output, below: 6),
    ]
    if fits.contains(false) { return [] }
    if let index = ticksLate.firstIndex(of: 0) {
      fields.wrong("record.range", at: "/late/ticks_late[\(index)]", "is not late", found: "0")
    }
    if let index = sample.indices.dropFirst().first(where: {
      (sample[$0], tick[$0]) < (sample[$0 - 1], tick[$0 - 1])
    }) {
      fields.wrong("record.order", at: "/late/tick[\(index)]", "does not ascend by sample and tick")
    }
    return sample.indices.map {
      LateDelivery(
        sample: sample[$0], tick: tick[$0], source: source[$0], core: core[$0], ticksLate: ticksLate[$0],
        waitedCycles: waited[$0], router: router[$0], output: output[$0])
    }
  }
}
