import Foundation
import TestSupport
import Testing

/// ODIN and tinyODIN against their published RTL: every spike, every potential, every cycle.
///
/// Golden/odin holds what the RTL did with some cases. tools/validate/odin runs the RTL itself, on as many as are asked for.
@Suite struct OdinRTLTests {
  struct Source: Sendable, CustomTestStringConvertible {
    var chip: String
    var isClosed: Bool
    var seed: UInt64
    var testDescription: String { name }
    var name: String { "\(chip)-\(isClosed ? "closed" : "open")-\(seed)" }
    var path: String { Repository.path("Tests/EmulatorTests/Golden/odin/\(name).txt") }
  }

  static let frozen = ["odin", "tinyodin"].flatMap { chip in
    [false, true].flatMap { closed in (0..<2).map { Source(chip: chip, isClosed: closed, seed: $0) } }
  }

  private func compare(_ source: Source, _ text: String) throws -> OdinCase.Result {
    let own = try OdinCase(chip: source.chip, isClosed: source.isClosed, seed: source.seed)
    let emulated = try own.emulated()
    let chip = own.result(of: text, expected: emulated)
    #expect(emulated.spikes == chip.spikes, "\(source.name): spikes, the emulator's left")
    #expect(emulated.potentials == chip.potentials, "\(source.name): potentials, the emulator's left")
    #expect(emulated.cycles == chip.cycles, "\(source.name): cycles, the emulator's left")
    return chip
  }

  @Test(arguments: frozen)
  func emulatorDoesWhatTheRTLDid(source: Source) throws {
    let chip = try compare(source, try String(contentsOfFile: source.path, encoding: .utf8))
    #expect(chip.spikes.joined().count > 12)
    #expect(chip.cycles.allSatisfy { $0 >= 0 })
  }

  // MARK: - The RTL itself

  private static let environment = ProcessInfo.processInfo.environment
  /// Checkouts of the two repositories.
  private static let checkouts = ["odin": environment["ODIN_RTL"], "tinyodin": environment["TINYODIN_RTL"]]
    .compactMapValues { $0 }

  @Test(
    .enabled(
      if: !checkouts.isEmpty, "neither ODIN_RTL nor TINYODIN_RTL names a checkout (tools/validate/odin)"))
  func emulatorDoesWhatTheRTLDoes() throws {
    let networks = UInt64(Self.environment["ODIN_NETWORKS"] ?? "") ?? 20
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (chip, checkout) in Self.checkouts.sorted(by: { $0.key < $1.key }) {
      let bench = try Self.build(chip, checkout, in: folder)
      var spikes = 0
      var cycles = 0
      for isClosed in [false, true] {
        for seed in 0..<networks {
          let source = Source(chip: chip, isClosed: isClosed, seed: seed)
          let text = try Self.simulate(source, bench, in: folder)
          let result = try compare(source, text)
          spikes += result.spikes.joined().count
          cycles += result.cycles.reduce(0, +)
          guard Self.frozen.contains(where: { $0.name == source.name }) else { continue }
          if Self.environment["ODIN_FREEZE"] != nil {
            try text.write(toFile: source.path, atomically: true, encoding: .utf8)
          }
          #expect(
            try String(contentsOfFile: source.path, encoding: .utf8) == text, "\(source.name) is not golden")
        }
      }
      print("\(chip): \(2 * networks) networks, \(spikes) spikes, \(cycles) cycles of the RTL")
    }
  }

  private static func build(_ chip: String, _ checkout: String, in folder: URL) throws -> URL {
    let bench = folder.appending(path: "\(chip).vvp")
    let top = URL(filePath: checkout)
    let files = FileManager.default.enumerator(at: top, includingPropertiesForKeys: nil)?.compactMap {
      $0 as? URL
    }
    let sources = (files ?? []).filter { $0.pathExtension == "v" }.map { $0.path() }.sorted()
    try run(
      "iverilog",
      ["-g2005", "-s", "bench", "-o", bench.path()] + (chip == "tinyodin" ? ["-DTINY"] : [])
        + [Repository.path("tools/validate/odin_bench.v")] + sources)
    return bench
  }

  private static func simulate(_ source: Source, _ bench: URL, in folder: URL) throws -> String {
    let own = try OdinCase(chip: source.chip, isClosed: source.isClosed, seed: source.seed)
    let commands = folder.appending(path: "case.txt")
    let result = folder.appending(path: "result.txt")
    try own.commands.write(to: commands, atomically: true, encoding: .utf8)
    try run("vvp", [bench.path(), "+case=\(commands.path())", "+out=\(result.path())"])
    return try String(contentsOf: result, encoding: .utf8)
  }

  private static func run(_ program: String, _ arguments: [String]) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [program] + arguments
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "\(program) exits with \(process.terminationStatus)")
  }
}
