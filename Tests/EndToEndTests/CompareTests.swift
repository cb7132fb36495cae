import Foundation
import Observations
import TestSupport
import Testing

/// `rheobase compare` on records of the bundled example, on tables made of them, and on what snnTorch fired.
@Suite struct CompareTests {
  static let samples = 4
  /// Input and snnTorch's output spikes of the first four samples, written by nir 1.0.8.
  static let nirData = Repository.path("Tests/NetworkFormatsTests/Golden/nir_data_digits.h5")

  /// Runs the example; the record's path.
  private func record(
    _ scratch: Scratch, _ name: String, _ compiling: [String], network: String = Digits.network,
    input: String = Digits.spikes
  ) throws -> String {
    let (program, record) = (scratch.path("\(name).rbx"), scratch.path("\(name).h5"))
    let compiled = try CommandLineProgram.run(["compile", network, "-o", program] + compiling)
    try #require(compiled.status == 0, "\(compiled.errors)")
    let run = try CommandLineProgram.run([
      "run", program, "--input", input, "--samples", "\(Self.samples)", "-o", record,
    ])
    try #require(run.status == 0, "\(run.errors)")
    return record
  }

  private func compare(_ arguments: [String], _ status: Int32) throws -> [String: Any] {
    let result = try CommandLineProgram.run(["compare"] + arguments + ["--json", "-"])
    #expect(result.status == status, "\(arguments): \(result.errors)")
    return try result.json()
  }

  /// Spikes of one population as a table, in ticks of the network; `extra` is one more spike or one less.
  private func table(
    _ scratch: Scratch, _ name: String, of record: String, population: Int, extra: SpikeTrains.Event? = nil
  ) throws -> String {
    let read = try RunRecord.read(from: record)
    let layout = read.layout
    var spikes: Set<[Int32]> = []
    for event in read.spikes.events where layout.population[Int(event.channel)] == Int32(population) {
      let row = Int(event.channel)
      spikes.insert([event.sample, event.tick - layout.start[row], layout.index[row]])
    }
    if let extra {
      let key = [extra.sample, extra.tick, extra.channel]
      if spikes.remove(key) == nil { spikes.insert(key) }
    }
    let size = layout.populations[population].size
    var text = "# samples=\(read.samples) ticks=\(read.inputTicks) channels=\(size)\nsample,tick,channel\n"
    for spike in spikes { text += spike.map(String.init).joined(separator: ",") + "\n" }
    try text.write(toFile: scratch.path(name), atomically: true, encoding: .utf8)
    return scratch.path(name)
  }

  /// A program whose pools are relay cells is compared in the network's own populations.
  @Test func relaysAreNotCompared() throws {
    try withScratch { scratch in
      let golden = Repository.path("Tests/NetworkFormatsTests/Golden")
      func record(_ pools: String) throws -> String {
        try self.record(
          scratch, pools, ["--pools", pools], network: "\(golden)/digits_conv_sumpool.nir",
          input: "\(golden)/digits_conv_test.npz")
      }
      let report = try compare([try record("fold"), try record("relay")], 1)
      let populations = try #require(report["populations"] as? [[String: Any]])
      #expect(populations.compactMap { $0["name"] as? String } == ["lif1", "lif2"])
      // The first layer is the same in both, the second gets its spikes late.
      #expect(populations.compactMap { $0["differingSpikes"] as? Int }.first == 0)
      #expect(try #require(report["differingSpikes"] as? Int) > 0)
    }
  }

  @Test func recordsOfTwoPrograms() throws {
    try withScratch { scratch in
      let model = try record(scratch, "model", ["--parasitics", "model"])
      let compensated = try record(scratch, "compensated", ["--parasitics", "compensate"])
      let same = try compare([model, model], 0)
      #expect(same["differingSpikes"] as? Int == 0 && same["firstDifference"] == nil)
      #expect(same["sameClass"] as? Int == Self.samples)
      let other = try compare([model, compensated], 1)
      let back = try compare([compensated, model], 1)
      let populations = try #require(other["populations"] as? [[String: Any]])
      let reversed = try #require(back["populations"] as? [[String: Any]])
      #expect(populations.map { $0["name"] as? String } == ["lif1", "lif2"])
      let layout = try RunRecord.read(from: model).layout
      for (number, (population, mirrored)) in zip(populations, reversed).enumerated() {
        for (key, path) in [("spikesA", model), ("spikesB", compensated)] {
          let spikes = try RunRecord.read(from: path).spikes.events.count {
            layout.population[Int($0.channel)] == Int32(number)
          }
          #expect(population[key] as? Int == spikes)
        }
        #expect(population["spikesA"] as? Int == mirrored["spikesB"] as? Int)
        for key in ["differingSpikes", "countDifference"] {
          #expect(population[key] as? NSNumber == mirrored[key] as? NSNumber)
        }
        for key in ["spike", "isi", "spikeSync", "vanRossum", "victorPurpura"] {
          let (value, other) = (population[key] as? Double ?? -1, mirrored[key] as? Double ?? -2)
          #expect(abs(value - other) < 1e-12 && value > 0, "\(key)")
        }
      }
      // The tolerance takes both the count and the SPIKE-distance: just above the larger one, and just below.
      let worst = populations.flatMap { [$0["countDifference"] as? Double, $0["spike"] as? Double] }
        .compactMap { $0 }.max()
      let bound = try #require(worst)
      _ = try compare([model, compensated, "--tolerance", "\(bound * 1.001)"], 0)
      let missed = try compare([model, compensated, "--tolerance", "\(bound * 0.999)"], 1)
      let diagnostics = try #require(missed["diagnostics"] as? [[String: Any]])
      #expect(diagnostics.map { $0["id"] as? String } == ["compare.tolerance"])
      let one = try compare([model, compensated, "--population", "lif2"], 1)
      #expect((one["populations"] as? [[String: Any]])?.count == 1)
    }
  }

  @Test func tablesOfARecord() throws {
    try withScratch { scratch in
      let record = try record(scratch, "r", ["--parasitics", "compensate"])
      let hidden = try table(scratch, "hidden.csv", of: record, population: 0)
      let outputs = try table(scratch, "outputs.csv", of: record, population: 1)
      // By size, as outputs, by name; in either order.
      for pair in [[record, hidden], [hidden, record], [record, outputs, "--population", "lif2"]] {
        #expect(try compare(pair, 0)["differingSpikes"] as? Int == 0)
      }
      let compared = try compare([outputs, record], 0)
      #expect(compared["sameClass"] as? Int == Self.samples)
      let (a, b) = (compared["a"] as? [String: Any], compared["b"] as? [String: Any])
      // A table has no labels of its own: the record's count for both.
      #expect(a?["correct"] as? Int == b?["correct"] as? Int && a?["correct"] != nil)
      #expect(a?["kind"] as? String == "spikes" && b?["kind"] as? String == "record")

      let change = SpikeTrains.Event(sample: 2, tick: 7, channel: 101)
      let changed = try table(scratch, "changed.csv", of: record, population: 0, extra: change)
      for (pair, expected) in [([record, changed], 1), ([changed, record], 1), ([changed, hidden], 1)] {
        let report = try compare(pair, Int32(expected))
        #expect(report["differingSpikes"] as? Int == 1)
        let first = try #require(report["firstDifference"] as? [String: Any])
        #expect(first["sample"] as? Int == 2 && first["tick"] as? Int == 7 && first["neuron"] as? Int == 101)
        #expect(first["population"] as? String == (pair.contains(record) ? "lif1" : "spikes"))
        let (inA, inB) = (first["spikesA"] as? Int ?? 0, first["spikesB"] as? Int ?? 0)
        #expect(inA + inB == 1)
      }
      let text = try CommandLineProgram.run(["compare", record, changed])
      #expect(
        text.status == 1 && text.text.contains("the first in sample 2, tick 7: lif1[101] fired only in "))
      #expect(text.errors.contains("[compare.differ]"))
    }
  }

  /// snnTorch's output spikes are the float64 network's; the chip's differ from them as `check` says.
  @Test func anotherSimulator() throws {
    try withScratch { scratch in
      let dense = try record(scratch, "dense", ["--parasitics", "compensate"])
      let events = try record(scratch, "events", ["--parasitics", "compensate"], input: Self.nirData)
      _ = try compare([dense, events], 0)
      let report = try compare([dense, Self.nirData, "--population", "lif2"], 1)
      let outputs = try #require((report["populations"] as? [[String: Any]])?.first)
      // What make_nir_data.py printed.
      #expect(outputs["spikesB"] as? Int == 15 + 18 + 23 + 11)
      let check = try CommandLineProgram.run([
        "check", Digits.network, "--input", Self.nirData, "--parasitics", "compensate", "--json", "-",
      ])
      #expect(check.status == 0, "\(check.errors)")
      let sides = try check.json()
      #expect((sides["reference"] as? [String: Any])?["outputSpikes"] as? Int == outputs["spikesB"] as? Int)
      #expect((sides["chip"] as? [String: Any])?["outputSpikes"] as? Int == outputs["spikesA"] as? Int)
      // The file is on a grid of 100 us.
      let wrong = try CommandLineProgram.run([
        "compare", Self.nirData, Self.nirData, "--population", "lif2", "--dt", "1ms",
      ])
      #expect(wrong.status == 65 && wrong.errors.contains("nirData.dt"))
      #expect(
        try compare([Self.nirData, Self.nirData, "--population", "lif2"], 0)["dtSeconds"] as? Double == 1e-4)
    }
  }

  @Test func whatCannotBeCompared() throws {
    try withScratch { scratch in
      let record = try record(scratch, "r", [])
      func write(_ name: String, _ extents: String) throws -> String {
        try "# \(extents)\nsample,tick,channel\n".write(
          toFile: scratch.path(name), atomically: true, encoding: .utf8)
        return scratch.path(name)
      }
      let few = try write("few.csv", "samples=3 ticks=30 channels=10")
      let wide = try write("wide.csv", "samples=4 ticks=32 channels=11")
      let outputs = try write("outputs.csv", "samples=4 ticks=32 channels=10")
      let huge = try write("huge.csv", "samples=2000000000 ticks=32 channels=2000000000")
      let empty = try write("empty.csv", "samples=0 ticks=0 channels=0")
      let cases: [([String], Int32, [String])] = [
        ([record, few], 65, ["found 3, expected 4", "found 30, expected 32", "[compare.shape]"]),
        ([few, outputs], 65, ["number of samples", "number of ticks"]),
        ([record, wide], 65, ["found 11 channels", "lif1 (128), lif2 (10)", "[compare.channels]"]),
        ([record, outputs, "--population", "lif1"], 65, ["found 10, expected 128", "[compare.channels]"]),
        ([record, outputs, "--population", "lif3"], 64, ["lif1 (128), lif2 (10)", "Did you mean lif"]),
        ([outputs, outputs, "--population", "lif1"], 64, ["[usage.population]"]),
        ([record, outputs, "--dt", "1ms"], 64, ["[usage.dt]"]),
        ([huge, huge], 65, ["[compare.size]"]),
        ([record, Self.nirData], 65, ["input, lif2", "--population"]),
        ([record, Digits.network], 65, ["[nirData.type]"]),
        ([record, "spikes.txt"], 64, ["[spikes.unknownKind]"]),
      ]
      for (arguments, status, sentences) in cases {
        let result = try CommandLineProgram.run(["compare"] + arguments)
        #expect(result.status == status, "\(arguments): \(result.errors)")
        for sentence in sentences {
          #expect(result.errors.contains(sentence), "\(arguments): \(result.errors)")
        }
        #expect(result.output.isEmpty)
      }
      #expect(try compare([empty, empty], 0)["differingSpikes"] as? Int == 0)
      let silent = try compare([record, outputs], 1)
      #expect((silent["firstDifference"] as? [String: Any])?["spikesB"] as? Int == 0)
    }
  }

  /// A counted spike is not the same as two.
  @Test func countsPerTickAreCompared() throws {
    try withScratch { scratch in
      for (name, count) in [("a.csv", 1), ("b.csv", 3)] {
        try "# samples=1 ticks=4 channels=2\ntick,channel,count\n0,1,1\n2,0,\(count)\n".write(
          toFile: scratch.path(name), atomically: true, encoding: .utf8)
      }
      let result = try CommandLineProgram.run(["compare", "a.csv", "b.csv"], in: scratch.folder)
      #expect(result.status == 1)
      #expect(result.text.contains("2; the first in sample 0, tick 2: spikes[0] fired 1 in A, 3 in B"))
    }
  }
}
