import Compiler
import NetworkFormats
import NetworkIR
import Observations
import ReferenceModel
import TestSupport
import Testing

/// Trained networks on Tessera, against the float reference (which is checked against the trainer's own spikes).
@Suite struct DigitsTests {
  static let cases = [Bundled.digits, Bundled.recurrent, Bundled.convolutional]

  @Test("Compensated, the chip keeps accuracy and output spikes", arguments: cases)
  func compensated(_ bundled: Bundled.Case) throws {
    let imported = try bundled.imported()
    let input = try bundled.input()
    let reference = FloatNetwork(imported.network, seed: 0).run(
      input, ticks: nil, samples: nil, seed: 0)
    #expect(Bundled.correct(reference, input) == bundled.referenceCorrect)
    let compilation = try Pipeline.compile(
      imported.network, manifest: imported.manifest, chip: try Bundled.tessera(),
      options: CompileOptions(parasitics: .compensate))
    let (record, activity) = try Bundled.run(compilation, input)
    #expect(Bundled.correct(activity, input) >= bundled.requiredCorrect)
    let deviation = activity.outputTotal / reference.outputTotal - 1
    #expect(abs(deviation) < 0.01)
    #expect(record.counters.stateOverflows == 0)
    #expect(record.counters.accumulatorSaturations == 0)
    #expect(record.counters.axonSaturations == 0)
    print(
      "\(bundled.name): chip \(Bundled.correct(activity, input)), output spikes \(activity.outputTotal) "
        + "of \(reference.outputTotal), rate error \(activity.rateError(against: reference))")
  }

  @Test("Cores, mesh and pipeline change no spike of the codes", arguments: cases)
  func equalsPlainIntegerNetwork(_ bundled: Bundled.Case) throws {
    let imported = try bundled.imported()
    let input = try bundled.input()
    let compilation = try Pipeline.compile(
      imported.network, manifest: imported.manifest, chip: try Bundled.tessera(),
      options: CompileOptions(parasitics: .compensate))
    let (record, _) = try Bundled.run(compilation, input)
    let chip = Bundled.alignedSpikes(record)
    let plain = PlainIntegerNetwork(compilation.image).run(input)
    #expect(plain.count > 10_000)
    #expect(chip == plain)
  }

  @Test("The chosen codes err no more than plain nearest rounding", arguments: cases)
  func rateRounding(_ bundled: Bundled.Case) throws {
    let imported = try bundled.imported()
    let input = try bundled.input()
    let reference = FloatNetwork(imported.network, seed: 0).run(
      input, ticks: nil, samples: nil, seed: 0)
    func error(_ rounding: WeightRounding, _ bits: Int) throws -> Double {
      let compilation = try Pipeline.compile(
        imported.network, manifest: imported.manifest, chip: try Bundled.tessera(),
        options: CompileOptions(parasitics: .compensate, rounding: rounding, weightBits: bits))
      return try Bundled.run(compilation, input).1.rateError(against: reference)
    }
    for bits in [8, 6, 5, 4, 3] {
      let chosen = try error(.rate, bits)
      let nearest = try error(.nearest, bits)
      print("\(bundled.name), \(bits) bits: rate error chosen \(chosen), nearest \(nearest)")
      if bits == 8 { #expect(chosen <= nearest) }
    }
  }

  @Test("So they do on the network in physical units, whose Poisson weights share the scale")
  func rateRoundingOfStimuli() throws {
    let imported = try NetworkFile.read(
      Repository.path("docs/examples/balanced/balanced.json5"), options: ImportOptions())
    let silence = SpikeTrains(samples: 1, ticks: 20_000, channels: 0, events: [])
    let reference = FloatNetwork(imported.network, seed: 3).run(
      silence, ticks: nil, samples: nil, seed: 3)
    func error(_ rounding: WeightRounding) throws -> Double {
      let compilation = try Pipeline.compile(
        imported.network, manifest: imported.manifest, chip: try Bundled.tessera(),
        options: CompileOptions(parasitics: .compensate, rounding: rounding, seed: 3))
      return try Bundled.run(compilation, silence).1.rateError(against: reference)
    }
    let chosen = try error(.rate)
    let nearest = try error(.nearest)
    print("balanced: rate error chosen \(chosen), nearest \(nearest)")
    #expect(reference.spikes.total > 3000)
    #expect(chosen <= nearest)
    #expect(chosen < 0.03)
  }

  @Test("Parasitics slow the membrane and lower the rates; compensation brings them back")
  func parasiticsShiftRates() throws {
    let imported = try Bundled.digits.imported()
    let input = try Bundled.digits.input()
    func rates(_ parasitics: Parasitics) throws -> ([Double], [PopulationCodes]) {
      let compilation = try Pipeline.compile(
        imported.network, manifest: imported.manifest, chip: try Bundled.tessera(),
        options: CompileOptions(parasitics: parasitics))
      return try (Bundled.run(compilation, input).1.meanRates(), compilation.populations)
    }
    let (ideal, _) = try rates(.ignore)
    let (modelled, modelCodes) = try rates(.model)
    let (compensated, codes) = try rates(.compensate)
    for p in 0..<2 {
      let membrane = try #require(modelCodes[p].membraneCapacitance)
      let total = try #require(modelCodes[p].totalCapacitance)
      // τ = C/g: the leak per tick falls by C_membrane/C_total, to the rounding of the codes.
      let leak = try #require(modelCodes[p].leakError)
      #expect(abs(leak - (membrane / total - 1)) < 1e-3)
      #expect(abs(try #require(codes[p].leakError)) < 1e-3)
      #expect(modelled[p] < 0.97 * ideal[p])
      #expect(abs(compensated[p] / ideal[p] - 1) < 0.01)
    }
  }
}
