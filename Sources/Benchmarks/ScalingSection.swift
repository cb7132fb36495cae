import Diagnostics
import Emulator
import Foundation

/// The section on scaling: what was measured, what the model makes of it, and the model.
struct ScalingSection {
  private let points: [ScalingPoint]
  private let crossover: Crossover
  /// Of all points.
  private let model: CostModel
  /// [points] the model's seconds by a fit without the point, divided by what was measured, less 1.
  private let errors: [Double]

  init() throws(Failure) {
    let points = try ScalingCases.measured()
    let rows = points.map(\.row)
    self.points = points
    crossover = try Crossover()
    model = CostModel(coefficients: NonNegativeFit(rows).solution)
    errors = points.indices.map { left in
      let others = rows.indices.filter { $0 != left }.map { rows[$0] }
      let model = CostModel(coefficients: NonNegativeFit(others).solution)
      return model.seconds(points[left].work) / points[left].seconds - 1
    }
  }

  var text: String {
    let sizes = errors.map(abs).sorted()
    return """
      Machine: \(machine).

      | cores × neurons | targets | spikes per tick | mesh | µs per tick | ns per neuron | model, µs | error |
      |---|---|---|---|---|---|---|---|
      \(points.indices.map(row).joined(separator: "\n"))

      Error of the model, each of the \(sizes.count) points by a fit without it: median \(percent(sizes[sizes.count / 2])), \
      largest \(percent(sizes[sizes.count - 1])), \(sizes.count { $0 <= 0.3 }) within 30 %; of the fit to all, largest \
      \(percent(largestFitError)).

      Nanoseconds per event, as `Sources/Emulator/Cost/CostModel+Measured.swift` holds them:

      ```swift
      \(coefficients)
      ```

      | density | lists, µs per tick | full rows, µs per tick |
      |---|---|---|
      \(crossoverRows)

      \(crossoverSentence)
      """
  }

  private func row(_ place: Int) -> String {
    let point = points[place]
    let network = point.network
    let cells = [
      "\(network.side)² × \(network.perCore)", network.targets, digits(point.work[.spike]),
      network.multicast ? "cycles, multicast" : point.mesh.rawValue, digits(point.seconds * 1e6),
      digits(point.seconds * 1e9 / Double(network.neurons)),
      digits(point.seconds * (1 + errors[place]) * 1e6),
      String(format: "%+.0f %%", errors[place] * 100),
    ]
    return "| " + cells.joined(separator: " | ") + " |"
  }

  private var largestFitError: Double {
    points.map { abs(model.seconds($0.work) / $0.seconds - 1) }.max() ?? 0
  }

  private var coefficients: String {
    Work.Term.allCases.map { term in
      ".\(term): \(String(format: "%.4g", model.coefficients[term.rawValue] * 1e9)),"
    }.joined(separator: "\n")
  }

  private var crossoverRows: String {
    crossover.densities.indices.map { i in
      "| \(percent(crossover.densities[i])) | \(digits(crossover.lists[i] * 1e6)) "
        + "| \(digits(crossover.rows[i] * 1e6)) |"
    }.joined(separator: "\n")
  }

  private var crossoverSentence: String {
    let used =
      "the emulator uses rows in cores that are more than \(percent(1 / Emulator.crosspointsPerSynapse)) full, "
      + "or \(percent(1 / Emulator.crosspointsPerSynapse / Emulator.straightShare)) where spikes of neurons go straight"
    guard let density = crossover.density else {
      return "Lists are faster at all of these densities; \(used)."
    }
    return "Rows are faster from a density of \(percent(density)) on; \(used)."
  }

  private func digits(_ value: Double) -> String {
    String(format: value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%.0f", value)
  }

  private func percent(_ value: Double) -> String { String(format: "%.0f %%", value * 100) }
}

extension ScalingNetwork {
  fileprivate var targets: String {
    if channels > 0 {
      return "\(Int((density * 100).rounded())) % of \(channels) axons, \(inputRate) spikes each"
    }
    return "\(fanOut) \(reach == .around && side > 1 ? "around" : "anywhere")"
  }
}
