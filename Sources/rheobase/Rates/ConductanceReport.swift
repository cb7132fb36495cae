import NetworkFormats
import Quantities
import RateTheory
import Reports

/// The rate of a population with conductance synapses, as `rheobase rates` gives it.
struct ConductanceReport: Encodable, Sendable {
  var name: String
  var model = ConductancePopulation.model
  /// By the effective time constant.
  var meanFieldHz: Double
  /// C/g, with all conductances at their means; `membraneTimeConstantSeconds` without inputs.
  var effectiveTimeConstantSeconds: Double
  var membraneTimeConstantSeconds: Double
  /// Of the membrane without threshold.
  var meanVolts: Double
  var deviationVolts: Double
  /// What the reduction leaves out is of the order of this: standard deviation over mean of all conductance.
  var conductanceFluctuation: Double

  init(_ population: ConductancePopulation) {
    name = population.name
    let drive = ConductanceDrive(
      capacitance: population.capacitance, leakConductance: population.leakConductance,
      leakReversal: population.leakReversal, current: population.current,
      inputs: population.inputs.map {
        ConductanceDrive.Input(
          rate: Double($0.sources) * $0.rate, jump: $0.jump, timeConstant: $0.timeConstant,
          reversal: $0.reversal)
      })
    meanFieldHz = drive.rate(
      threshold: population.threshold, reset: population.reset, refractory: population.refractory)
    effectiveTimeConstantSeconds = drive.timeConstant
    membraneTimeConstantSeconds = population.capacitance / population.leakConductance
    meanVolts = drive.mean
    deviationVolts = drive.deviation
    // Shot noise of jumps G at rate r that decay with τ has variance G² r τ/2.
    let variance = drive.inputs.reduce(0) { $0 + $1.jump * $1.jump * $1.rate * $1.timeConstant / 2 }
    conductanceFluctuation = variance.squareRoot() / drive.conductance
  }

  static func table(_ reports: [ConductanceReport]) -> String {
    var table = TextTable([
      ("conductance synapses", .left), ("mean field Hz", .right), ("time constant", .right),
      ("without inputs", .right), ("mean", .right), ("deviation", .right), ("fluctuation of g", .right),
    ])
    for report in reports {
      table.add([
        report.name, decimal(report.meanFieldHz, places: 3),
        formatQuantity(report.effectiveTimeConstantSeconds, unit: "s"),
        formatQuantity(report.membraneTimeConstantSeconds, unit: "s"),
        formatQuantity(report.meanVolts, unit: "V"),
        formatQuantity(report.deviationVolts, unit: "V"), percent(report.conductanceFluctuation),
      ])
    }
    return table.text
  }
}
