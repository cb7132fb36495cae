import ChipModel
import FixedPoint
import Observations
import ProgramImage
import Quantities
import TestSupport
import Testing

@testable import Emulator

/// The account of an emulated network in the shape of TrueNorth's published operating point, against the published figures.
///
/// 20 Hz per neuron, 128 synapses per axon, 256 neurons per core; 16 cores instead of 4096.
@Suite struct TrueNorthEnergyTests {
  private static let cores = 16
  private static let neurons = 256
  private static let ticks = 200

  /// Neurons that a leak of 1 makes fire every 50 ticks of 1 ms, each at its own time; synapses of weight 0, which count but
  /// change nothing; every neuron feeds one axon of some core.
  private static func image(on chip: Chip) -> ProgramImage {
    let rows = cores * neurons
    var image = ProgramImage(
      chip: chip, dt: 1e-3, seed: 1, drainTicks: 0, cores: ProgramImage.Cores(),
      crossbar: ProgramImage.Crossbar(), neurons: ProgramImage.Neurons(), routes: ProgramImage.Routes(),
      inputs: ProgramImage.Inputs(), poisson: ProgramImage.Poisson(), outputs: ProgramImage.Outputs(),
      populations: [ProgramImage.Population(name: "all", model: "IF", size: rows)],
      networkText: "{}", manifestText: "{}")
    image.cores.x = (0..<cores).map { Int32($0 % 4 * 21) }
    image.cores.y = (0..<cores).map { Int32($0 / 4 * 21) }
    image.cores.axonBegin = (0...cores).map { Int64($0 * 256) }
    image.cores.neuronBegin = (0...cores).map { Int64($0 * neurons) }
    for axon in 0..<cores * 256 {
      image.crossbar.neuron += (0..<128).map { UInt16(2 * $0 + axon % 2) }
      image.crossbar.weight += [Int16](repeating: 0, count: 128)
      image.crossbar.begin.append(Int64(image.crossbar.neuron.count))
    }
    image.crossbar.axonType = [UInt8](repeating: 0, count: cores * 256)
    var codes = ProgramImage.Neurons()
    func all<T>(_ value: T) -> [T] { [T](repeating: value, count: rows) }
    codes.kind = all(0)
    codes.v0 = (0..<rows).map { Int32($0 * 7 % 50) }
    codes.u0 = all(0)
    codes.decay = all(0)
    codes.decayExponent = all(0)
    codes.synapseDecay = all(1)
    codes.synapseDecayExponent = all(0)
    codes.gain = all(1)
    codes.weightExponent = all(0)
    codes.bias = all(1)
    codes.threshold = all(50)
    codes.reset = all(0)
    codes.resetMode = all(0)
    codes.refractory = all(0)
    codes.kick = all(0)
    codes.floor = all(Int32(signedRange(bits: chip.datapath.stateBits).lowerBound))
    codes.start = all(0)
    codes.stop = all(0)
    codes.column = (0..<rows).map { UInt16($0 % neurons) }
    codes.scale = all(1)
    codes.population = all(0)
    codes.index = (0..<rows).map { Int32($0) }
    codes.additive.leakMode = all(0)
    codes.additive.negativeThreshold = all(0)
    codes.additive.negativeMode = all(1)
    codes.noise.mantissa = all(0)
    codes.noise.exponent = all(0)
    codes.noise.mask = all(0)
    codes.noise.stream = all(0)
    codes.capacitance.membrane = all(0)
    codes.capacitance.node = all(0)
    codes.capacitance.crosspoint = all(0)
    codes.capacitance.wire = all(0)
    codes.capacitance.coupling = all(0)
    codes.capacitance.total = all(0)
    image.neurons = codes
    for row in 0..<rows {
      let target = row * 1237 % rows
      image.routes.kind.append(0)
      image.routes.core.append(Int32(target / 256))
      image.routes.axon.append(UInt16(target % 256))
      image.routes.delay.append(1)
      image.routes.begin.append(Int64(row + 1))
    }
    return image
  }

  @Test func operatingPoint() throws {
    let chip = try Chip.load(
      "truenorth", directories: [Repository.path("chips")],
      overrides: [("energy.hop", "{value: '2.3 pJ', source: 'Merolla 2014, supplement S5'}")])
    let image = Self.image(on: chip)
    #expect(image.verify().map(\.formatted) == [])
    let record = try Emulator(image).run(
      SpikeTrains(samples: 1, ticks: Self.ticks, channels: 0, events: []),
      options: RunOptions(samples: 1, ticks: Self.ticks, threads: 1, probes: []), progress: nil)
    func item(_ name: String) throws -> RunRecord.EnergyItem {
      try #require(record.energy.first { $0.component == name })
    }
    let operations = try item("synapticOperation")
    let hops = try item("hop")
    let seconds = Double(Self.ticks) * 1e-3
    // All spikes but those of the last tick have reached their axons.
    let rate = Double(operations.events) / 128 / Double(Self.cores * Self.neurons) / seconds
    #expect(abs(rate - 20) < 0.2)

    // E4, a calibration: the chip file's 26 pJ are the whole chip's power over its events at just this point, so what agrees is
    // the account, and the arithmetic between 26 and 26.8 pJ.
    let power = try #require(operations.joules) / seconds * 4096 / Double(Self.cores) * 20 / rate
    print("TrueNorth at 20 Hz, 128 synapses: account \(formatQuantity(power, unit: "W")), published 72 mW")
    #expect(abs(power / 72e-3 - 1) < 0.04)

    // E5: the part of 26 pJ that hops of 2.3 pJ make, for the published 42.6 hops per spike.
    let perSpike = Double(hops.events) / Double(operations.events) * 128
    let measured = try #require(hops.joules) / Double(operations.events) * 42.6 / perSpike
    print(
      "TrueNorth, hops per synaptic operation: account \(formatQuantity(measured, unit: "J")) "
        + "(from \(perSpike) hops per spike), published 0.77 pJ")
    #expect(perSpike > 20)
    #expect(abs(measured / 0.77e-12 - 1) < 0.02)
  }
}
