import ChipModel
import Compiler
import Diagnostics
import Emulator
import Foundation
import NetworkFormats
import NetworkIR
import Observations
import ProgramImage
import ReferenceModel
import TestSupport
import Testing

@testable import rheobase

/// Models that are given as equations, compiled to programs of Tessera-D.
@Suite struct MicrocodeTests {
  /// A golden count of the independent integrator (Dormand–Prince 5(4) in long double).
  private struct Row {
    var name: String
    var model: EquationModel
    var values: [Double]
    /// In the equations' unit.
    var current: Double
    var count: Int

    /// Within 2 %, and within one spike where there are fewer than 50.
    func agrees(_ found: Int) -> Bool {
      count < 50 ? abs(found - count) <= 1 : Double(abs(found - count)) <= 0.02 * Double(count)
    }
  }

  private static func rows() throws -> [Row] {
    let lines = try Repository.text("Tests/ReferenceModelTests/Golden/fI.csv").split(
      whereSeparator: \.isNewline)
    return try lines.dropFirst().compactMap { line -> Row? in
      let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      let name = cells[0]
      let found: (EquationModel, String)? =
        if name == "AdEx_BG2005" {
          (.adaptiveExponential, "brette-gerstner")
        } else if name == "QIF_tau10" {
          (.quadratic, "standard")
        } else if name == "EIF_FourcaudTrocme2003" {
          (.exponential, "standard")
        } else if name.hasPrefix("Izh2003_") {
          (.izhikevich, String(name.dropFirst(8)))
        } else if name.hasPrefix("AdEx_Naud_") {
          (.adaptiveExponential, name.dropFirst(10).replacingOccurrences(of: "_", with: "-"))
        } else {
          nil
        }
      guard let (model, presetName) = found else { return nil }
      let preset = try #require(model.presets.first { $0.name == presetName }, "\(name)")
      let current = try #require(Double(cells[1]))
      return Row(
        name: "\(name) \(cells[1])", model: model, values: preset.values,
        // Per cm² in the table, of 10⁻⁴ cm² here.
        current: model.name == "eif" ? 100 * current : current, count: try #require(Int(cells[4])))
    }
  }

  /// One neuron per row, each a population of its own.
  private static func network(_ rows: [Row], dt: Double = 1e-4) -> Network {
    var network = Network(
      name: "golden", dynamics: Dynamics(dt: dt), inputs: [], populations: [], projections: [], outputs: [])
    for (p, row) in rows.enumerated() {
      let equations = row.model.equations(row.values)
      network.populations.append(
        Population(
          name: row.name, shape: [1], model: row.model.title, tau: nil, r: [dt], leak: [0],
          firing: .init(threshold: [0], reset: [-0.1], refractory: [1e-3 * equations.refractory]),
          initial: [1e-3 * equations.variables[0].initial], physical: .init(capacitance: 1),
          equations: equations))
      network.stimuli.append(Stimulus(target: p, kind: .current(row.current * equations.gain)))
      network.outputs.append(OutputPort(name: row.name, population: p))
    }
    return network
  }

  private static func tesseraD() throws -> Chip {
    try Chip.load("tessera-d", directories: [Repository.path("chips")])
  }

  @Test("Spike counts on the golden f-I currents: the program alone, and on the emulated chip")
  func goldenCounts() throws {
    var rows = try Self.rows()
    #expect(rows.count == 180)
    #if DEBUG
      // The interpreter is some fifty times slower without the optimiser: a sample there, all rows in release.
      rows = rows.enumerated().filter { $0.offset % 15 == 7 }.map(\.element)
    #endif
    var worst = (name: "", count: 0, found: 0, share: -1.0)
    for start in stride(from: 0, to: rows.count, by: 60) {
      let part = Array(rows[start..<min(start + 60, rows.count)])
      let image = try Pipeline.compile(
        Self.network(part), manifest: FidelityManifest(), chip: try Self.tesseraD(), options: CompileOptions()
      ).image
      let record = try Emulator(image).run(
        SpikeTrains(samples: 1, ticks: 20_000, channels: 0, events: []),
        options: RunOptions(samples: 1, ticks: 20_000, threads: 2))
      var counts = [Int](repeating: 0, count: part.count)
      for event in record.spikes.events {
        counts[Int(image.neurons.population[Int(event.channel)])] += 1
      }
      var window = RateWindow(dt: image.dt)
      window.warmUp = 0
      let alone = programRates(
        image, driven: [Bool](repeating: false, count: image.neurons.count), window: window)
      for (p, row) in part.enumerated() {
        #expect(row.agrees(counts[p]), "\(row.name): \(counts[p]) spikes, golden \(row.count)")
        let rate = try #require(alone[row.name])
        #expect(Int((rate * 2).rounded()) == counts[p], "\(row.name): the program alone")
        let share = Double(abs(counts[p] - row.count)) / Double(max(row.count, 50))
        if share > worst.share { worst = (row.name, row.count, counts[p], share) }
      }
      #expect(record.counters.lostSpikes == 0)
      #expect(record.counters.registerSaturations == 0)
    }
    print("worst golden row: \(worst.name), \(worst.found) spikes, golden \(worst.count)")
  }

  @Test(
    "The adaptive LIF keeps the float64 model's count",
    arguments: ["tonic", "adaptation", "phasic", "bursting"])
  func adaptiveThreshold(preset: String) throws {
    let model = EquationModel.generalized
    let values = try #require(model.presets.first { $0.name == preset }?.values)
    let rows = [1.2, 1.5, 2, 3, 4].map { current -> Row in
      var integrator = NeuronIntegrator(model.equations(values))
      var state = NeuronIntegrator.State(model.equations(values).initial)
      var count = 0
      integrator.advance(&state, by: 2000, current: current) { _, _, isSpike in if isSpike { count += 1 } }
      return Row(name: "\(preset) \(current)", model: model, values: values, current: current, count: count)
    }
    let image = try Pipeline.compile(
      Self.network(rows), manifest: FidelityManifest(), chip: try Self.tesseraD(), options: CompileOptions()
    ).image
    var window = RateWindow(dt: image.dt)
    window.warmUp = 0
    let rates = programRates(
      image, driven: [Bool](repeating: false, count: image.neurons.count), window: window)
    for row in rows {
      let found = Int((try #require(rates[row.name]) * 2).rounded())
      #expect(row.agrees(found), "\(row.name): \(found) spikes, model \(row.count)")
    }
  }

  @Test("Fewer register bits cost what the report says")
  func bound() throws {
    let model = EquationModel.izhikevich
    let rows = [
      Row(name: "rs", model: model, values: model.presets[0].values, current: 10, count: 46),
      Row(
        name: "adex", model: .adaptiveExponential,
        values: EquationModel.adaptiveExponential.presets[1].values,
        current: 500, count: 208),
    ]
    var errors: [[Double]] = []
    for bits in [16, 20, 24, 32] {
      var chip = try Self.tesseraD()
      chip.microcode?.registerBits = bits
      let codes = try Pipeline.compile(
        Self.network(rows), manifest: FidelityManifest(), chip: chip, options: CompileOptions()
      ).populations
      errors.append(codes.map { $0.microcode?.currentError ?? .infinity })
    }
    for (coarse, fine) in zip(errors, errors.dropFirst()) {
      for (a, b) in zip(coarse, fine) { #expect(b <= a) }
    }
    // Four bits fewer are sixteen times the rounding where no table limits the error.
    #expect((10...20).contains(errors[0][0] / errors[1][0]))
  }

  @Test("A chip without programs is refused, by population, with a chip that has them")
  func refusal() throws {
    let rows = Array(try Self.rows().prefix(2))
    let chip = try Bundled.tessera()
    do throws(Failure) {
      _ = try Pipeline.compile(
        Self.network(rows), manifest: FidelityManifest(), chip: chip, options: CompileOptions())
      Issue.record("compiled")
    } catch {
      #expect(error.diagnostics.map(\.id) == ["limit.microcode", "limit.microcode"])
      #expect(error.diagnostics.allSatisfy { $0.remedy?.contains("tessera-d") ?? false })
    }
  }

  @Test("Every limit of the program is reported at once")
  func limits() throws {
    var chip = try Self.tesseraD()
    chip.microcode?.instructions = 3
    chip.microcode?.constants = 1
    chip.microcode?.stateWords = 1
    let rows = try Self.rows().filter { $0.name == "AdEx_Naud_tonic 500" }
    do throws(Failure) {
      _ = try Pipeline.compile(
        Self.network(rows), manifest: FidelityManifest(), chip: chip, options: CompileOptions())
      Issue.record("compiled")
    } catch {
      #expect(
        Set(error.diagnostics.map(\.id)) == ["limit.instructions", "limit.constants", "limit.stateWords"])
    }
  }

  @Test("Weights, Poisson trains and delays reach a program as they reach the float64 network")
  func network() throws {
    let text = """
      { format: "rheobase-network", version: 1, dt: "0.1 ms", inputs: [],
        populations: [
          { name: "a", size: 40, model: "adex", preset: "tonic", adaptation: "0 nS" },
          { name: "b", size: 40, model: "adex", preset: "tonic", adaptation: "0 nS" },
        ],
        projections: [ { from: "a", to: "b", connectivity: { kind: "fixedIndegree", degree: 4 }, weight: "-1 mV",
          delay: "1.5 ms" } ],
        stimuli: [
          { into: "a", poisson: { sources: 100, rate: "30 Hz" }, weight: "100 fC" },
          { into: "b", poisson: { sources: 100, rate: "30 Hz" }, weight: "100 fC" },
        ], outputs: ["a", "b"] }
      """
    let file = FileManager.default.temporaryDirectory.appending(path: "micro-\(UUID().uuidString).json5")
    try text.write(to: file, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(at: file) }
    let imported = try NetworkFile.read(file.path, options: ImportOptions())
    let compilation = try Pipeline.compile(
      imported.network, manifest: imported.manifest, chip: try Self.tesseraD(), options: CompileOptions())
    let nothing = SpikeTrains(samples: 1, ticks: 10_000, channels: 0, events: [])
    let (_, chip) = try Bundled.run(compilation, nothing)
    let float = FloatNetwork(imported.network, seed: compilation.image.seed).run(
      nothing, startTicks: compilation.image.startTicks)
    for (found, expected) in zip(chip.meanRates(), float.meanRates()) {
      #expect(expected > 20)
      #expect(abs(found / expected - 1) < 0.02, "\(found) Hz, \(expected) Hz")
    }
  }
}
