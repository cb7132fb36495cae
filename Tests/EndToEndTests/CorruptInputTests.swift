import Foundation
import TestSupport
import Testing

/// Damaged files: refused with a sentence, or, where a changed network or chip file still means something, a normal
/// run. Never a signal, a hang, or half an output.
@Suite struct CorruptInputTests {
  static let mutantsPerKind = 160

  /// Network files: `.nir` has no check sum, so a changed weight is another network.
  @Test func nirFiles() throws {
    try damage(file: Digits.network, named: "net.nir", seed: 1, acceptsChanges: true) { mutant, output in
      ["compile", mutant, "-o", output]
    }
  }

  @Test func physicalNetworks() throws {
    try withScratch { scratch in
      let network = scratch.path("network.json5")
      try Self.network.write(toFile: network, atomically: true, encoding: .utf8)
      try damage(file: network, named: "net.json5", seed: 2, acceptsChanges: true) { mutant, output in
        ["compile", mutant, "-o", output]
      }
    }
  }

  @Test func chipFiles() throws {
    try damage(
      file: Repository.path("chips/tessera/tessera.json5"), named: "chip.json5", seed: 3, acceptsChanges: true
    ) { mutant, output in
      ["compile", Digits.network, "--chip", mutant, "-o", output]
    }
  }

  @Test func programImages() throws {
    try withScratch { scratch in
      let program = scratch.path("digits.rbx")
      try #require(try CommandLineProgram.run(["compile", Digits.network, "-o", program]).status == 0)
      try damage(file: program, named: "program.rbx", seed: 4, acceptsChanges: false) { mutant, output in
        ["run", mutant, "--input", Digits.spikes, "--samples", "1", "-o", output]
      }
    }
  }

  @Test func spikeArchives() throws {
    try withScratch { scratch in
      let program = scratch.path("digits.rbx")
      try #require(try CommandLineProgram.run(["compile", Digits.network, "-o", program]).status == 0)
      try damage(file: Digits.spikes, named: "spikes.npz", seed: 5, acceptsChanges: false) {
        mutant, output in
        ["run", program, "--input", mutant, "--samples", "1", "-o", output]
      }
    }
  }

  /// NIRGraphData has no check sum, so a changed spike is other input.
  @Test func nirGraphData() throws {
    try withScratch { scratch in
      let program = scratch.path("digits.rbx")
      try #require(try CommandLineProgram.run(["compile", Digits.network, "-o", program]).status == 0)
      try damage(
        file: CompareTests.nirData, named: "spikes.h5", seed: 6, acceptsChanges: true, outputKind: "h5"
      ) { mutant, output in
        ["run", program, "--input", mutant, "-o", output]
      }
    }
  }

  @Test func runRecords() throws {
    try withScratch { scratch in
      let (program, record) = (scratch.path("digits.rbx"), scratch.path("digits.h5"))
      try #require(try CommandLineProgram.run(["compile", Digits.network, "-o", program]).status == 0)
      let run = ["run", program, "--input", Digits.spikes, "--samples", "1", "-o", record]
      try #require(try CommandLineProgram.run(run).status == 0)
      let original = [UInt8](try Data(contentsOf: URL(filePath: record)))
      var mutants = Mutants(of: original, seed: 7)
      for number in 0..<Self.mutantsPerKind {
        let (bytes, change) = mutants.next()
        try Data(bytes).write(to: URL(filePath: scratch.path("mutant.h5")))
        let result = try CommandLineProgram.run(["compare", record, scratch.path("mutant.h5")])
        #expect(result.status == 65, "mutant \(number): \(change): \(result.errors)")
        #expect(result.errors.contains("error: ") && result.output.isEmpty, "mutant \(number): \(change)")
      }
    }
  }

  /// Makes the mutants of a file and runs the program on each.
  func damage(
    file: String, named name: String, seed: UInt64, acceptsChanges: Bool, outputKind: String = "rbx",
    arguments: (_ mutant: String, _ output: String) -> [String]
  ) throws {
    let original = [UInt8](try Data(contentsOf: URL(filePath: file)))
    var mutants = Mutants(of: original, seed: seed)
    var accepted = 0
    var refused = 0
    try withScratch { scratch in
      let (mutant, output) = (scratch.path(name), scratch.path("output"))
      try Data(original).write(to: URL(filePath: mutant))
      let sound = try CommandLineProgram.run(arguments(mutant, output))
      try #require(sound.status == 0, "the undamaged file is refused: \(sound.errors)")
      try FileManager.default.removeItem(atPath: output)
      for number in 0..<Self.mutantsPerKind {
        let (bytes, change) = mutants.next()
        let what = "\(name), mutant \(number): \(change)"
        try Data(bytes).write(to: URL(filePath: mutant))
        let result = try CommandLineProgram.run(arguments(mutant, output))
        switch result.status {
        case 0 where acceptsChanges:
          accepted += 1
          #expect(FileManager.default.fileExists(atPath: output), "\(what): no output")
          #expect(
            try CommandLineProgram.run(["inspect", try linked(output, outputKind, scratch)]).status == 0,
            "\(what)")
        case 65:
          refused += 1
          #expect(result.errors.contains("error: "), "\(what): no diagnostic")
          #expect(try scratch.names() == [name], "\(what): something was written")
        default:
          Issue.record("\(what): status \(result.status.map(String.init) ?? "none"), \(result.errors)")
        }
        for leftover in try scratch.names() where leftover != name {
          try FileManager.default.removeItem(atPath: scratch.path(leftover))
        }
      }
    }
    print("\(name): \(Self.mutantsPerKind) mutants, \(accepted) accepted, \(refused) refused")
    #expect(accepted + refused == Self.mutantsPerKind)
    #expect(refused > 0)
  }

  /// The output under the name that `inspect` wants.
  private func linked(_ output: String, _ kind: String, _ scratch: Scratch) throws -> String {
    let name = scratch.path("output.\(kind)")
    try FileManager.default.moveItem(atPath: output, toPath: name)
    return name
  }

  static let network = """
    // Two populations, every kind of drive.
    {
      format: "rheobase-network", version: 1, seed: 3,
      populations: [
        { name: "exc", size: 20, model: "lif", capacitance: "500 fF", leakConductance: "25 pS",
          leakReversal: "0.9 V", threshold: "1.2 V", reset: "0.9 V", refractory: "1 ms" },
        { name: "inh", size: 5, model: "lif", capacitance: "500 fF", leakConductance: "50 pS",
          leakReversal: "0.9 V", threshold: "1.2 V", reset: "0.9 V" },
      ],
      projections: [
        { from: "exc", to: "inh", connectivity: { kind: "fixedProbability", probability: 0.5 },
          weight: "30 mV", delay: "1 ms" },
        { from: "inh", to: "exc", connectivity: { kind: "allToAll" }, weight: "-10 mV", delay: "1 ms" },
      ],
      stimuli: [
        { into: "exc", current: "10 pA" },
        { into: "inh", poisson: { sources: 100, rate: "20 Hz" }, weight: "5 mV" },
      ],
      outputs: ["exc"],
    }
    """
}

/// Damaged copies of a file, from a seeded generator: cut short, with single bytes changed, or with a range
/// overwritten. Never the original.
struct Mutants {
  private let original: [UInt8]
  private var generator: SeededGenerator

  init(of original: [UInt8], seed: UInt64) {
    self.original = original
    generator = SeededGenerator(state: seed)
  }

  mutating func next() -> (bytes: [UInt8], change: String) {
    while true {
      var bytes = original
      let change: String
      switch draw(3) {
      case 0:
        let length = draw(original.count)
        bytes.removeLast(original.count - length)
        change = "cut to \(length) bytes"
      case 1:
        let count = 1 + draw(4)
        var places: [Int] = []
        for _ in 0..<count {
          let place = draw(original.count)
          bytes[place] ^= UInt8(1 + draw(255))
          places.append(place)
        }
        change = "bytes \(places) changed"
      default:
        let begin = draw(original.count)
        let length = min(1 + draw(256), original.count - begin)
        for place in begin..<begin + length { bytes[place] = UInt8(draw(256)) }
        change = "\(length) bytes from \(begin) overwritten"
      }
      if bytes != original { return (bytes, change) }
    }
  }

  /// 0 ..< bound.
  private mutating func draw(_ bound: Int) -> Int { generator.int(0...bound - 1) }
}
