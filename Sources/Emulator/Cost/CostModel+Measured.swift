extension CostModel {
  /// AMD EPYC (family 25, model 17), plain release build, 2026-11-26: what `tools/bench scaling` prints.
  public static let measured = CostModel(nanoseconds: [
    .tick: 177.9,
    .coreTick: 142.7,
    .flatCoreTick: 129.4,
    .axonWord: 3.586,
    .neuronUpdate: 2.202,
    .spike: 28.59,
    .inputEvent: 21.65,
    .rowRead: 0,
    .rowCrosspoint: 0.03603,
    .listRead: 0,
    .listSynapse: 0.4738,
    .packet: 74.94,
    .delivery: 25.42,
    .hop: 7.513,
    .treeHop: 21.59,
    .meshCycle: 37.49,
    .straightAxon: 0.1086,
    .straightSynapse: 0.1131,
    .ringDelivery: 97.58,
    .farLine: 1.814,
    .farHop: 3.246,
    .farState: 1.235,
    .farSum: 0.02251,
  ])
}
