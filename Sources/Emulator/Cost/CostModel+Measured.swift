extension CostModel {
  /// AMD EPYC (family 25, model 17), plain release build, 2026-11-26: the lines that `tools/bench scaling` prints.
  public static let measured = CostModel(nanoseconds: [
    .tick: 1
  ])
}
