import Diagnostics
import Documents
import Foundation
import NetworkFormats
import NetworkIR
import ReferenceModel
import Testing

/// Populations of a network file whose models are given as equations.
@Suite struct EquationPopulationTests {
  private func read(_ populations: String, stimuli: String = "", projections: String = "") throws(Failure)
    -> Network
  {
    let file = FileManager.default.temporaryDirectory.appending(path: "eq-\(UUID().uuidString).json5")
    let text = """
      { format: "rheobase-network", version: 1, dt: "0.1 ms", populations: [\(populations)],
        stimuli: [\(stimuli)], projections: [\(projections)] }
      """
    _ = FileManager.default.createFile(atPath: file.path, contents: Data(text.utf8))
    defer { try? FileManager.default.removeItem(at: file) }
    return try NetworkFile.read(file.path, options: ImportOptions()).network
  }

  @Test("A preset with one parameter changed")
  func preset() throws {
    let network = try read(
      #"{ name: "a", size: 3, model: "adex", preset: "tonic", adaptation: "4 nS" }"#,
      stimuli: #"{ into: "a", current: "500 pA" }"#)
    var values = try #require(EquationModel.adaptiveExponential.presets.first { $0.name == "tonic" }?.values)
    values[5] = 4
    let population = network.populations[0]
    #expect(population.equations?.initial == EquationModel.adaptiveExponential.equations(values).initial)
    let program = { (equations: NeuronEquations?) in
      var scratch: [Double] = []
      return ExpressionProgram(equations?.derivatives ?? [])
        .value(NeuronVariables(-55, 30, 0, 0), current: 100, scratch: &scratch)
    }
    let difference =
      program(population.equations) - program(EquationModel.adaptiveExponential.equations(values))
    #expect(abs(difference[0]) < 1e-9 && abs(difference[1]) < 1e-9)
    #expect(network.verify().isEmpty)
    // 500 pA on 200 pF for a tick.
    #expect(abs(population.r[0] * 500e-12 - 0.25e-3) < 1e-12)
  }

  @Test(
    "Without a capacitance currents are volts per second; the published count comes out of the float64 network"
  )
  func voltsPerSecond() throws {
    let network = try read(
      #"{ name: "rs", size: 1, model: "izhikevich", preset: "RS" }"#,
      stimuli: #"{ into: "rs", current: "10 mV/ms" }"#)
    let activity = FloatNetwork(network).run(nil, ticks: 20_000)
    // The golden f-I table: 46 spikes in 2 s.
    #expect(activity.spikes.events.count == 46)
  }

  @Test("Every problem at once")
  func problems() throws {
    do throws(Failure) {
      _ = try read(
        #"""
        { name: "a", size: 1, model: "adex", preset: "tonik" },
        { name: "b", size: 1, model: "adex", preset: "tonic", capacitance: "3 mV" },
        { name: "c", size: 1, model: "izhikevich", a: "0.02 ms^-1", b: "0.2 ms^-1", c: "40 mV" },
        { name: "d", size: 1, model: "qif", timeConstant: "-1 ms" },
        { name: "e", size: 1, model: "eif", preset: "standard", threshold: "1 mV" }
        """#)
      Issue.record("read")
    } catch {
      let ids = error.diagnostics.map(\.id)
      #expect(ids.contains("physical.preset"))
      #expect(ids.count { $0 == "physical.parameter" } >= 1)
      #expect(error.diagnostics.contains { $0.subject.hasSuffix("d") && $0.problem.contains("missing") })
      #expect(error.diagnostics.contains { $0.formatted.contains("threshold") })
      #expect(error.diagnostics.contains { $0.formatted.contains("capacitance") })
    }
  }

  @Test("A charge needs a capacitance, and so does a current in ampere")
  func charges() throws {
    do throws(Failure) {
      _ = try read(
        #"{ name: "a", size: 2, model: "qif" }"#, stimuli: #"{ into: "a", current: "1 pA" }"#,
        projections: #"{ from: "a", to: "a", connectivity: { kind: "allToAll" }, weight: "1 fC" }"#)
      Issue.record("read")
    } catch {
      #expect(error.diagnostics.contains { $0.id == "physical.weightWithoutCapacitance" })
      #expect(error.diagnostics.contains { $0.formatted.contains("a current") })
    }
    let network = try read(
      #"{ name: "a", size: 2, model: "qif", capacitance: "1 pF" }"#,
      stimuli: #"{ into: "a", current: "1 pA" }"#,
      projections: #"{ from: "a", to: "a", connectivity: { kind: "allToAll" }, weight: "1 fC" }"#)
    #expect(network.projections[0].unit == .step)
    #expect(network.projections[0].maps[0].apply([1, 0]) == [1e-3, 1e-3])
  }

  @Test("NIR has no node for them")
  func export() throws {
    let network = try read(#"{ name: "a", size: 2, model: "gif", preset: "tonic" }"#)
    do throws(Failure) {
      _ = try NIRExport(network)
      Issue.record("exported")
    } catch {
      #expect(error.diagnostics.map(\.id) == ["export.equations"])
    }
  }
}
