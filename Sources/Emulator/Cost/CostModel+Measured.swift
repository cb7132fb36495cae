extension CostModel {
  /// AMD EPYC (family 25, model 17), plain release build, 2026-11-26: what `tools/bench scaling` prints.
  public static let measured = CostModel(nanoseconds: [
    .tick: 326.1,
    .coreTick: 150.1,
    .axonWord: 0,
    .neuronUpdate: 3.749,
    .spike: 75.65,
    .inputEvent: 0,
    .rowRead: 0,
    .rowCrosspoint: 0.1021,
    .listRead: 0,
    .listSynapse: 0.5968,
    .packet: 171.9,
    .delivery: 119,
    .hop: 48.75,
    .treeHop: 73.38,
    .meshCycle: 3.773,
    .straightAxon: 2.284,
    .straightSynapse: 0.08492,
    .ringDelivery: 68.87,
    .farLine: 10.84,
    .farState: 0.465,
    .farSum: 2.011,
  ])
}
