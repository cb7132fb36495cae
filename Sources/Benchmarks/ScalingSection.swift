import Diagnostics
import Emulator
import Foundation

/// The section on scaling: what was measured, what the model makes of it, and the model.
struct ScalingSection {
  private let curves: [(curve: ScalingCurve, points: [ScalingPoint])]
  private let crossover: Crossover
  /// Of all points.
  private let model: CostModel
  /// [points] the model's seconds by a fit without the point, divided by what was measured, less 1.
  private let errors: [Double]

  init() throws(Failure) {
    var curves: [(curve: ScalingCurve, points: [ScalingPoint])] = []
    for curve in ScalingCurve.allCases { curves.append((curve, try curve.measured())) }
    self.curves = curves
    crossover = try Crossover()
    let points = curves.flatMap(\.points)
    let rows = points.map(\.row)
    model = CostModel(coefficients: NonNegativeFit(rows).solution)
    errors = points.indices.map { left in
      let others = rows.indices.filter { $0 != left }.map { rows[$0] }
      let model = CostModel(coefficients: NonNegativeFit(others).solution)
      return model.seconds(points[left].work) / points[left].seconds - 1
    }
  }

  var text: String {
    var lines: [String] = []
    var place = 0
    for (curve, points) in curves {
      for point in points {
        lines.append(row(curve, point, error: errors[place]))
        place += 1
      }
    }
    let sizes = errors.map(abs).sorted()
    return """
      Machine: \(machine).

      | varied | network | mesh | neurons | synapses | µs per tick | ns per neuron | model | error |
      |---|---|---|---|---|---|---|---|---|
      \(lines.joined(separator: "\n"))

      Error of the model, each point by a fit without it, \(sizes.count) points: median \(percent(sizes[sizes.count / 2])), \
      largest \(percent(sizes[sizes.count - 1])); of the fit to all points, largest \(percent(largestFitError)).

      The model, ns:

      ```swift
      \(coefficients)
      ```

      | density | lists, µs per tick | full rows, µs per tick |
      |---|---|---|
      \(crossoverRows)

      \(crossoverSentence)
      """
  }

  private func row(_ curve: ScalingCurve, _ point: ScalingPoint, error: Double) -> String {
    let nanoseconds = point.seconds * 1e9 / Double(point.network.neurons)
    let cells = [
      curve.rawValue, point.name, point.mesh.rawValue, "\(point.network.neurons)", "\(point.synapses)",
      digits(point.seconds * 1e6), digits(nanoseconds), digits(point.seconds * (1 + error) * 1e6),
      percent(error, signed: true),
    ]
    return "| " + cells.joined(separator: " | ") + " |"
  }

  private var largestFitError: Double {
    curves.flatMap(\.points).map { abs(model.seconds($0.work) / $0.seconds - 1) }.max() ?? 0
  }

  /// As Sources/Emulator/Cost/CostModel+Measured.swift holds them.
  private var coefficients: String {
    Work.Term.allCases.map { term in
      let value = (model.coefficients[term.rawValue] * 1e12).rounded() / 1000
      return "    .\(term): \(value),"
    }.joined(separator: "\n")
  }

  private var crossoverRows: String {
    crossover.densities.indices.map { i in
      "| \(percent(crossover.densities[i])) | \(digits(crossover.lists[i] * 1e6)) "
        + "| \(digits(crossover.rows[i] * 1e6)) |"
    }.joined(separator: "\n")
  }

  private var crossoverSentence: String {
    let used = percent(1 / Emulator.crosspointsPerSynapse)
    guard let density = crossover.density else {
      return "Lists were faster at all of these densities; cores that are more than \(used) full use rows."
    }
    return "Rows are faster from \(percent(density)) on; cores that are more than \(used) full use them."
  }

  private func digits(_ value: Double) -> String {
    String(format: value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%.0f", value)
  }

  private func percent(_ value: Double, signed: Bool = false) -> String {
    String(format: signed ? "%+.0f %%" : "%.0f %%", value * 100)
  }
}
