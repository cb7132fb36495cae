extension CostModel {
  /// AMD EPYC (family 25, model 17), plain release build, 2026-11-26: what `tools/bench scaling` prints.
  public static let measured = CostModel(nanoseconds: [
    .tick: 190.6,
    .coreTick: 140.8,
    .flatCoreTick: 129.6,
    .axonWord: 4.042,
    .neuronUpdate: 2.176,
    .spike: 30.13,
    .inputEvent: 20.44,
    .rowRead: 0,
    .rowCrosspoint: 0.03652,
    .listRead: 0,
    .listSynapse: 0.501,
    .packet: 75.65,
    .delivery: 23.34,
    .hop: 8.45,
    .treeHop: 24.38,
    .meshCycle: 38.8,
    .straightAxon: 0.2426,
    .straightSynapse: 0.07897,
    .ringDelivery: 93.02,
    .farLine: 1.969,
    .farHop: 3.256,
    .farState: 0.9359,
    .farSum: 0.01584,
  ])
}
