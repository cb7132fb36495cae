extension CostModel {
  /// AMD EPYC (family 25, model 17), plain release build, 2026-11-26: what `tools/bench scaling` prints.
  public static let measured = CostModel(nanoseconds: [
    .tick: 191,
    .coreTick: 128,
    .axonWord: 0,
    .neuronUpdate: 3.76,
    .spike: 19.1,
    .inputEvent: 0,
    .rowRead: 0,
    .rowCrosspoint: 0.12,
    .listRead: 21.5,
    .listSynapse: 0.65,
    .packet: 180,
    .delivery: 66.6,
    .hop: 50.6,
    .treeHop: 87.2,
    .meshCycle: 13.3,
    .straightAxon: 5.95,
    .straightSynapse: 0,
    .ringDelivery: 74.7,
    .farLine: 10.5,
    .farState: 0.11,
    .farSum: 1.63,
  ])
}
