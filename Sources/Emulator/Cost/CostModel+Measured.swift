extension CostModel {
  /// AMD EPYC (family 25, model 17), plain release build, 2026-11-26: what `tools/bench scaling` prints.
  public static let measured = CostModel(nanoseconds: [
    .tick: 172,
    .coreTick: 127.3,
    .flatCoreTick: 124.8,
    .axonWord: 3.939,
    .neuronUpdate: 2.118,
    .spike: 36.36,
    .inputEvent: 21.05,
    .rowRead: 0,
    .rowCrosspoint: 0.03619,
    .listRead: 0,
    .listSynapse: 0.487,
    .packet: 69.53,
    .delivery: 24.04,
    .hop: 9.343,
    .treeHop: 23.2,
    .meshCycle: 45.17,
    .straightAxon: 0.1782,
    .straightSynapse: 0.06073,
    .ringDelivery: 47.88,
    .farLine: 1.409,
    .farHop: 2.9,
    .farState: 1.071,
    .farSum: 0.1193,
  ])
}
