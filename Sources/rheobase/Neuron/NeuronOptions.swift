import Diagnostics
import Documents
import Foundation
import Quantities
import ReferenceModel

/// The options of `neuron`, whose units depend on the model.
enum NeuronOptions {
  static let preset = Option.text(
    "preset", argument: "NAME", help: "parameter set (default: the model's first)")
  static let set = Option.text(
    "set", argument: "NAME=VALUE", help: "change a parameter; may be given several times", repeats: true)
  static let current = Option.text(
    "current", argument: "X",
    help: "steady current of the trace, in the model's unit or with a unit (default: the preset's)")
  static let duration = Option.text(
    "duration", argument: "T",
    help: "length of the trace, in the model's unit or with a unit; currents of the f-I curve and of the "
      + "rheobase last five times as long (default: the preset's)")
  static let currents = Option.text(
    "currents", argument: "FROM:TO:N", help: "N currents of the f-I curve (default: 11 in the preset's range)"
  )
  static let svg = Option.text(
    "svg", argument: "FILE", help: "draw trace, f-I curve and phase portrait into an SVG file")

  static let declarations = [
    preset.declaration, set.declaration, current.declaration, duration.declaration, currents.declaration,
    svg.declaration, DocumentTarget.option.declaration,
  ]

  /// Numbers beyond this are refused, so that no formula of a model leaves the range of numbers.
  static let largestValue = 1e6
  /// In units of time of the model.
  static let longest = 10_000.0
  static let mostCurrents = 200

  /// A number in `unit`: plain, with this very unit, or in any unit of the same dimension. Nil if it is none or too large.
  static func number(_ text: String, unit: String) -> Double? {
    let word = text.trimmingCharacters(in: .whitespaces)
    var value = Double(word)
    if value == nil, !unit.isEmpty, word.hasSuffix(unit) {
      value = Double(word.dropLast(unit.count).trimmingCharacters(in: .whitespaces))
    }
    if value == nil, let quantity = try? Quantity.parse(word), let one = try? Quantity.parse("1 \(unit)"),
      quantity.dimension == one.dimension
    {
      value = quantity.value / one.value
    }
    guard let value, value.magnitude <= largestValue else { return nil }
    return value
  }
}

/// What the command line asks of a neuron, read in the units of its model.
struct NeuronRequest {
  var preset: AnyNeuronPreset
  var changed: [String] = []
  var currents: [Double]

  /// - Throws: exit code 64, with all problems.
  init(_ name: String, _ arguments: Arguments) throws(Failure) {
    var problems = DiagnosticCollector()
    guard let type = NeuronCatalogue.model(named: name) else {
      throw Failure(.usage, Self.unknown("model", name, among: NeuronCatalogue.models.map { $0.form.name }))
    }
    let presets = type.anyPresets
    let wanted = arguments[NeuronOptions.preset]
    guard let chosen = wanted.map({ name in presets.first { $0.name == name } }) ?? presets.first else {
      throw Failure(.usage, Self.unknown("preset", wanted ?? "", among: presets.map(\.name)))
    }
    preset = chosen
    currents = Self.spread(chosen.currents, 11)
    for text in arguments.all(NeuronOptions.set).compactMap({ $0 }) { set(text, &problems) }
    if !problems.hasErrors {
      for rule in preset.model.brokenRules {
        problems.add(
          Diagnostic(
            "neuron.badParameter", subject: "parameter \(rule.parameter)",
            problem: "the neuron cannot run with it", found: value(of: rule.parameter),
            expected: rule.expected))
      }
    }
    readStimulus(arguments, type.form, &problems)
    try problems.throwIfErrors(.usage)
  }

  private static func spread(_ range: ClosedRange<Double>, _ count: Int) -> [Double] {
    (0..<count).map {
      range.lowerBound + (range.upperBound - range.lowerBound) * Double($0) / Double(count - 1)
    }
  }

  private static func unknown(_ kind: String, _ name: String, among names: [String]) -> Diagnostic {
    Diagnostic(
      "neuron.unknown\(kind.prefix(1).uppercased() + kind.dropFirst())", problem: "unknown \(kind)",
      found: "\"\(name)\"", expected: "one of \(names.joined(separator: ", "))",
      remedy: nearestName(to: name, among: names).map { "Did you mean \($0)" })
  }

  private func value(of parameter: String) -> String? {
    preset.model.parameterValues.first { $0.name == parameter }.map { "\($0.value) \($0.unit)" }
  }

  private mutating func set(_ text: String, _ problems: inout DiagnosticCollector) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2 else {
      problems.add(
        Diagnostic(
          "neuron.badSetting", subject: "--set", problem: "is not a setting", found: "\"\(text)\"",
          expected: "NAME=VALUE"))
      return
    }
    let parameters = preset.model.parameterValues
    guard let parameter = parameters.first(where: { $0.name == parts[0] }) else {
      problems.add(Self.unknown("parameter", parts[0], among: parameters.map(\.name)))
      return
    }
    guard let value = NeuronOptions.number(parts[1], unit: parameter.unit),
      let model = preset.model.setting(parameter.name, to: value)
    else {
      problems.add(badValue("--set \(parameter.name)", parts[1], unit: parameter.unit))
      return
    }
    preset.model = model
    changed.append(parameter.name)
  }

  private func badValue(_ subject: String, _ text: String, unit: String) -> Diagnostic {
    Diagnostic(
      "neuron.badValue", subject: subject, problem: "bad value", found: "\"\(text)\"",
      expected: "a number" + (unit.isEmpty ? "" : " in \(unit)") + ", at most 1e6 in size")
  }

  private mutating func readStimulus(
    _ arguments: Arguments, _ form: NeuronForm, _ problems: inout DiagnosticCollector
  ) {
    if let text = arguments[NeuronOptions.current] {
      if let value = NeuronOptions.number(text, unit: form.currentUnit) {
        preset.current = value
      } else {
        problems.add(badValue("--current", text, unit: form.currentUnit))
      }
    }
    if let text = arguments[NeuronOptions.duration] {
      let value = NeuronOptions.number(text, unit: form.timeUnit)
      if let value, value > 0, value <= NeuronOptions.longest {
        preset.duration = value
      } else {
        problems.add(
          Diagnostic(
            "neuron.badValue", subject: "--duration", problem: "bad value", found: "\"\(text)\"",
            expected: "a positive time" + (form.timeUnit.isEmpty ? "" : " in \(form.timeUnit)")
              + ", at most \(Int(NeuronOptions.longest))"))
      }
    }
    if let text = arguments[NeuronOptions.currents] {
      if let range = Self.range(text, unit: form.currentUnit) {
        currents = Self.spread(range.0, range.1)
        preset.currents = range.0
      } else {
        problems.add(
          Diagnostic(
            "neuron.badValue", subject: "--currents", problem: "bad value", found: "\"\(text)\"",
            expected: "FROM:TO:N with FROM below TO and N from 2 to \(NeuronOptions.mostCurrents)"))
      }
    }
  }

  private static func range(_ text: String, unit: String) -> (ClosedRange<Double>, Int)? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 3, let low = NeuronOptions.number(parts[0], unit: unit),
      let high = NeuronOptions.number(parts[1], unit: unit), low < high, let count = Int(parts[2]),
      (2...NeuronOptions.mostCurrents).contains(count)
    else { return nil }
    return (low...high, count)
  }
}
