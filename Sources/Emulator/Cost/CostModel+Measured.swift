extension CostModel {
  /// AMD EPYC (family 25, model 17), plain release build, 2026-11-26: what `tools/bench scaling` prints.
  public static let measured = CostModel(nanoseconds: [
    .tick: 154.2,
    .coreTick: 111.7,
    .flatCoreTick: 111.7,
    .axonWord: 2.867,
    .neuronUpdate: 2.128,
    .spike: 31.28,
    .inputEvent: 26.49,
    .rowRead: 31.07,
    .rowCrosspoint: 0.003145,
    .listRead: 0,
    .listSynapse: 0.5071,
    .packet: 103,
    .delivery: 11.33,
    .hop: 23.87,
    .treeHop: 58.13,
    .meshCycle: 11.94,
    .straightAxon: 0.2727,
    .straightSynapse: 0.1653,
    .ringDelivery: 49.23,
    .farLine: 1.319,
    .farState: 0.335,
    .farSum: 0.01848,
  ])
}
