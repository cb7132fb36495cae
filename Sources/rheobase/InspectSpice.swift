import Diagnostics
import Foundation
import NetworkIR
import ProgramImage
import Quantities
import RateTheory

/// The options of `rheobase inspect` that write the circuit of one neuron.
enum SpiceOptions {
  static let spice = Option.text(
    "spice", argument: "POPULATION[:I]",
    help:
      "print the circuit of a neuron (default: the first) as a netlist for ngspice -b, which measures its rate"
  )
  static let current = Option<Double?>(
    "current", argument: "CURRENT", help: "with --spice: constant current besides the network's own",
    expected: "a current such as \"20pA\"", fallback: nil,
    read: { text in
      guard let quantity = try? Quantity.parse(text), quantity.dimension == .amperes else { return nil }
      return .some(quantity.value)
    })

  /// Refuses a circuit of something that has none, and a current without a circuit.
  static func check(_ arguments: Arguments, path: String) throws(Failure) {
    if arguments.isGiven(spice), !path.hasSuffix(".rbx") {
      throw Failure(
        .usage,
        Diagnostic(
          "usage.spice", subject: "--spice", problem: "needs a program", found: path, expected: "a .rbx file")
      )
    }
    if arguments.isGiven(current), !arguments.isGiven(spice) {
      throw Failure(
        .usage,
        Diagnostic(
          "usage.spice", subject: "--current", problem: "needs --spice", expected: "--spice POPULATION"))
    }
  }
}

/// The circuit of one neuron, as the document of `inspect --spice --json`.
struct SpiceReport: Encodable, Sendable {
  var program: String
  var population: String
  var neuron: Int
  var capacitanceFarads: Double
  /// Left out without a leak.
  var timeConstantSeconds: Double?
  var thresholdVolts: Double
  var resetVolts: Double
  var currentAmperes: Double
  /// Rate of the circuit in closed form.
  var closedFormHz: Double
  var deck: String
  var diagnostics: [Diagnostic] = []

  /// - Parameter selection: `POPULATION` or `POPULATION:I`.
  init(_ image: ProgramImage, path: String, selection: String, current: Double?) throws(Failure) {
    let rows = try ProbeSelection([selection], image: image, option: "--spice").rows
    guard let first = rows.first,
      rows.count == 1 || image.populations.contains(where: { $0.name == selection })
    else {
      throw Failure(
        .usage,
        Diagnostic(
          "usage.spice", subject: "--spice \(selection)", problem: "names \(rows.count) neurons",
          expected: "one, as POPULATION:I"))
    }
    let row = Int(first)
    let index = Int(image.neurons.population[row])
    population = image.populations[index].name
    neuron = Int(image.neurons.index[row])
    let subject = "\(population)[\(neuron)]"
    guard let stored = StoredPhysics(image.networkText), stored.populations.indices.contains(index) else {
      throw Failure(
        .badInput,
        Diagnostic(
          "spice.network", subject: path, problem: "does not say how its network was read",
          expected: "a program that rheobase compile wrote"))
    }
    let circuit = try SpiceNeuron(
      image, row: row, integrator: stored.dynamics.integrator,
      voltsPerUnit: stored.populations[index].voltsPerUnit ?? 1, added: current ?? 0, subject: subject)
    program = path
    capacitanceFarads = circuit.capacitance.total
    timeConstantSeconds = circuit.leakConductance > 0 ? circuit.timeConstant : nil
    thresholdVolts = circuit.threshold
    resetVolts = circuit.reset
    currentAmperes = circuit.current
    closedFormHz = circuit.rate
    deck = circuit.deck(title: "\(subject) of \(path) on \(image.chip.name)")
  }
}

/// The part of the program's network description that a circuit needs.
private struct StoredPhysics: Decodable {
  struct Population: Decodable { var voltsPerUnit: Double? }
  var dynamics: Dynamics
  var populations: [Population]

  init?(_ text: String) {
    guard let stored = try? JSONDecoder().decode(Self.self, from: Data(text.utf8)) else { return nil }
    self = stored
  }
}
