import ChipModel
import Foundation
import Observations
import ProgramImage
import TestSupport

@testable import Emulator

/// A random network on ODIN or tinyODIN, as commands for tools/validate/odin_bench.v and as a program of ours.
struct OdinCase {
  struct Neuron {
    var column: Int
    var threshold: Int
    var leak: Int
    var initial: Int
  }
  /// What a run leaves, of the chip and of the emulator: by tick, where ticks are the host's.
  struct Result: Equatable {
    /// Columns that fired, sorted within a tick.
    var spikes: [[Int]]
    /// Cycles of a tick; of the whole run where the loop is closed.
    var cycles: [Int]
    /// [ticks][neurons]; at the end of the run where the loop is closed.
    var potentials: [[Int]]
  }

  var chip: String
  /// Spikes come back through the axon of their neuron's number, and nobody sends time references.
  var isClosed: Bool
  var neurons: [Neuron]
  /// [256][neurons]; 0 is no synapse.
  var weights: [[Int]]
  /// [ticks] axons, in the order of the host.
  var events: [[Int]]

  var isTiny: Bool { chip == "tinyodin" }

  /// - Parameter isClosed: then one event starts activity that lives on by itself and dies out.
  init(chip: String, isClosed: Bool, seed: UInt64) throws {
    var random = SeededGenerator(state: seed ^ (isClosed ? 0x636c_6f73_6564 : 0x6f70_656e))
    repeat {
      self.init(chip: chip, isClosed: isClosed, &random)
    } while try isClosed && !isShortLived
  }

  private init(chip: String, isClosed: Bool, _ random: inout SeededGenerator) {
    let isTiny = chip == "tinyodin"
    self.chip = chip
    self.isClosed = isClosed
    let top = isTiny ? 2047 : 255
    let neurons = random.shuffled(Array(0..<256)).prefix(24).sorted().map { column in
      Neuron(
        column: column,
        threshold: isClosed
          ? random.int(8...60) : random.oneIn(8) ? random.pick([0, top]) : random.int(1...20),
        leak: isClosed ? 0 : random.oneIn(4) ? 127 : random.int(0...4),
        initial: isClosed
          ? random.int(0...30)
          : random.oneIn(4) ? random.int((isTiny ? -2048 : 0)...top) : random.oneIn(2) ? 0 : random.int(0...8)
      )
    }
    weights = (0..<256).map { _ in
      let inhibits = random.oneIn(4)
      return neurons.indices.map { _ in
        if isClosed ? !random.oneIn(4) : random.oneIn(2) { return 0 }
        let size = random.int(1...7)
        return (isTiny ? random.oneIn(3) : inhibits) ? -size - (isTiny && random.oneIn(7) ? 1 : 0) : size
      }
    }
    self.neurons = neurons
    events = [[random.int(0...255)]]
    if !isClosed {
      events = (0..<12).map { _ in (0..<random.int(0...8)).map { _ in random.int(0...255) } }
    }
  }

  /// Whether the activity is worth looking at, dies out, and never fills the chip's queue.
  private var isShortLived: Bool {
    get throws {
      let counts = try emulated().spikes.map(\.count)
      let queued = zip(counts, counts.dropFirst()).map { $0 + $1 }.max() ?? 0
      return counts.last == 0 && counts.reduce(0, +) > 12 && queued < 31
    }
  }

  // MARK: - Ours

  private static let closedTicks = 30

  func emulated() throws -> Result {
    let image = try image()
    let ticks = isClosed ? Self.closedTicks : events.count
    var input: [SpikeTrains.Event] = []
    for (tick, axons) in events.enumerated() {
      // A channel for every place in a tick's order, so that the host's order is the channels'.
      for (place, axon) in axons.enumerated() {
        input.append(
          SpikeTrains.Event(sample: 0, tick: Int32(tick), channel: Int32(place * 256 + axon), count: 1))
      }
    }
    let record = try Emulator(image).run(
      SpikeTrains(samples: 1, ticks: ticks, channels: image.inputs.channels, events: input),
      options: RunOptions(
        samples: 1, ticks: ticks, threads: 1, probes: neurons.indices.map { Int32($0) }), progress: nil)
    var spikes = [[Int]](repeating: [], count: ticks)
    for event in record.spikes.events { spikes[Int(event.tick)].append(neurons[Int(event.channel)].column) }
    // A tick lasts one cycle longer than the core is busy: that in which the core is found idle.
    let cycles = record.tickCycles.map { Int($0) - 1 }
    let potentials = (0..<ticks).map { tick in
      record.potentials[tick * neurons.count..<(tick + 1) * neurons.count].map { Int($0) }
    }
    return Result(
      spikes: spikes, cycles: isClosed ? [cycles.reduce(0, +)] : cycles,
      potentials: isClosed ? [potentials[ticks - 1]] : potentials)
  }

  private func image() throws -> ProgramImage {
    let core = AdditiveCore(
      types: [Int](repeating: 0, count: 256), crossbar: [[Bool]](repeating: [], count: 256),
      neurons: neurons.map { own in
        var neuron = AdditiveCore.Neuron(weights: [])
        neuron.leak = -own.leak
        neuron.threshold = own.threshold
        neuron.negativeThreshold = isTiny ? 2048 : 0
        neuron.initial = own.initial
        neuron.saturates = true
        neuron.isReversed = isTiny
        neuron.column = own.column
        return neuron
      })
    var image = try core.image(on: try AdditiveCore.chip(chip))
    image.crossbar = ProgramImage.Crossbar()
    for row in weights {
      for (n, weight) in row.enumerated() where weight != 0 {
        image.crossbar.neuron.append(UInt16(n))
        image.crossbar.weight.append(Int16(weight))
      }
      image.crossbar.begin.append(Int64(image.crossbar.neuron.count))
    }
    let places = events.map(\.count).max() ?? 0
    image.inputs = ProgramImage.Inputs()
    for channel in 0..<places * 256 {
      image.inputs.core.append(0)
      image.inputs.axon.append(UInt16(channel % 256))
      image.inputs.delay.append(0)
      image.inputs.begin.append(Int64(channel + 1))
    }
    guard isClosed else { return image }
    image.routes = ProgramImage.Routes()
    for neuron in neurons {
      image.routes.kind.append(0)
      image.routes.core.append(0)
      image.routes.axon.append(UInt16(neuron.column))
      image.routes.delay.append(1)
      image.routes.begin.append(Int64(image.routes.kind.count))
    }
    return image
  }

  // MARK: - The chip's

  /// Commands of the bench.
  var commands: String {
    var lines: [String] = []
    for n in 0..<256 {
      let own = neurons.first { $0.column == n }
      lines.append(
        "N \(n) " + word(own ?? Neuron(column: n, threshold: isTiny ? 2047 : 255, leak: 0, initial: 0)))
    }
    for axon in 0..<256 {
      var words = [UInt32](repeating: 0, count: 32)
      for (n, weight) in weights[axon].enumerated() where weight != 0 {
        let column = neurons[n].column
        let code = isTiny ? UInt32(bitPattern: Int32(weight)) & 15 : 8 | UInt32(abs(weight))
        words[column / 8] |= code << UInt32(4 * (column % 8))
      }
      for (k, word) in words.enumerated() where word != 0 {
        lines.append("S \(axon * 32 + k) \(String(word, radix: 16))")
      }
      if !isTiny, weights[axon].contains(where: { $0 < 0 }) { lines.append("G \(axon)") }
    }
    if isTiny { lines.append("M \(neurons.last?.column ?? 255)") }
    lines.append("O \(isClosed ? 0 : 1)")
    for tick in events {
      lines += tick.map { "E 0 \($0)" }
      if !isClosed {
        if neurons.contains(where: { $0.leak > 0 }) { lines.append("E 1 0") }
        lines += neurons.map { "V \($0.column)" }
      }
    }
    if isClosed { lines += neurons.map { "V \($0.column)" } }
    return lines.joined(separator: "\n") + "\n"
  }

  /// A word of the neurons' memory, in hexadecimal.
  private func word(_ neuron: Neuron) -> String {
    if isTiny {
      let potential = UInt32(bitPattern: Int32(neuron.initial)) & 0xfff
      return String(potential | UInt32(neuron.threshold) << 12 | UInt32(neuron.leak) << 24, radix: 16)
    }
    // LIF, leak_str, leak_en, thr; core from bit 70 on.
    let low = 1 | neuron.leak << 1 | (neuron.leak > 0 ? 1 << 8 : 0) | neuron.threshold << 9
    let digits = String(low, radix: 16)
    return String(neuron.initial << 6, radix: 16) + String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// What the bench printed; the ticks of self-driven activity are those of `expected`, in whose order its spikes come.
  func result(of text: String, expected: Result) -> Result {
    var result = Result(spikes: [], cycles: [], potentials: [])
    var lines = text.split(whereSeparator: \.isNewline).map { $0.split(separator: " ") }[...]
    func number(_ line: [Substring], _ at: Int) -> Int { line.count > at ? Int(line[at]) ?? -1 : -1 }
    func take(_ name: String) -> [[Substring]] {
      let taken = lines.prefix { $0.first.map(String.init) == name }
      lines = lines.dropFirst(taken.count)
      return Array(taken)
    }
    if isClosed {
      var fired = take("F").map { number($0, 2) }[...]
      for tick in expected.spikes {
        result.spikes.append(fired.prefix(tick.count).sorted())
        fired = fired.dropFirst(tick.count)
      }
      if let last = result.spikes.indices.last { result.spikes[last] += fired }
      result.cycles = take("E").map { number($0, 1) }
      result.potentials = [take("V").map { number($0, 1) }]
      return result
    }
    let hasReference = neurons.contains { $0.leak > 0 }
    for tick in events {
      var spikes: [Int] = []
      var cycles = 0
      for _ in 0..<tick.count + (hasReference ? 1 : 0) {
        spikes += take("F").map { number($0, 2) }
        cycles += lines.first.map { number($0, 1) } ?? -1
        lines = lines.dropFirst()
      }
      result.spikes.append(spikes.sorted())
      result.cycles.append(cycles)
      result.potentials.append(take("V").prefix(neurons.count).map { number($0, 1) })
    }
    return result
  }
}
