extension CostModel {
  /// AMD EPYC (family 25, model 17), plain release build, 2026-11-26: what `tools/bench scaling` prints.
  public static let measured = CostModel(nanoseconds: [
    .tick: 35.17,
    .coreTick: 152.8,
    .axonWord: 0.8236,
    .neuronUpdate: 3.352,
    .spike: 70.59,
    .inputEvent: 0,
    .rowRead: 0,
    .rowCrosspoint: 0.1129,
    .listRead: 7.019,
    .listSynapse: 0.6648,
    .packet: 198.8,
    .delivery: 80.73,
    .hop: 48.28,
    .treeHop: 94.27,
    .meshCycle: 5.678,
    .straightAxon: 2.524,
    .straightSynapse: 0,
    .ringDelivery: 70.38,
    .farLine: 10.67,
    .farState: 0.5801,
    .farSum: 2.089,
  ])
}
