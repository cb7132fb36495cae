import Foundation
import TestSupport
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// `rheobase neuron`, as a user calls it.
@Suite struct NeuronCommandTests {
  static func report(_ arguments: String...) throws -> [String: Any] {
    let result = try CommandLineProgram.run(["neuron"] + arguments + ["--json", "-"])
    #expect(result.status == 0, "\(result.errors)")
    return try result.json()
  }

  @Test func withoutAModelItListsThem() throws {
    let result = try CommandLineProgram.run(["neuron"])
    #expect(result.status == 0)
    for words in ["adex", "regular-bursting", "Hodgkin-Huxley", "RS, IB, CH"] {
      #expect(result.text.contains(words), "\(result.text)")
    }
    let models = try #require(try Self.report()["models"] as? [[String: Any]])
    #expect(models.count == 15 && models.allSatisfy { $0["source"] is String })
  }

  @Test func hodgkinHuxley() throws {
    let report = try Self.report("hh", "--duration", "100 ms", "--currents", "5:10:2")
    let trace = try #require(report["trace"] as? [String: Any])
    let spikes = try #require(trace["spikeTimes"] as? [Double])
    #expect(spikes.count == 7 && abs(spikes[0] - 1.90123154) < 1e-6 && abs(spikes[2] - 31.4718875) < 1e-6)
    let variables = try #require(trace["variables"] as? [[String: Any]])
    #expect(variables.compactMap { $0["name"] as? String } == ["V", "m", "h", "n"])
    let count = (trace["times"] as? [Double])?.count
    #expect(count == 2001 && variables.allSatisfy { ($0["values"] as? [Double])?.count == count })
    let turns = try #require(report["bifurcations"] as? [[String: Any]])
    #expect(turns.compactMap { $0["kind"] as? String } == ["Hopf", "Hopf"])
    #expect(turns.first?["endsRest"] as? Bool == true)
    #expect(report["excitabilityClass"] as? Int == 2 && report["response"] as? String == "resonator")
    let rates = try #require(report["rates"] as? [[String: Any]])
    #expect(rates.compactMap { $0["current"] as? Double } == [5, 10])
    #expect(rates.compactMap { $0["spikes"] as? Int } == [1, 35])
    #expect(report["nullclines"] == nil)
  }

  /// Units in, units out: a 500 fF membrane given in farad and siemens, with its closed form.
  @Test func valuesMayHaveUnits() throws {
    let report = try Self.report(
      "lif", "--set", "C=500 fF", "--set", "g_L=25pS", "--set", "t_ref=1e-3 s", "--current", "500 fA",
      "--duration", "0.1 s", "--currents", "0:1:3")
    let rheobase = try #require(report["rheobase"] as? [String: Any])
    #expect(
      abs((rheobase["current"] as? Double ?? 0) - 0.375) < 1e-12 && rheobase["isExact"] as? Bool == true)
    #expect(abs((report["chronaxie"] as? Double ?? 0) - 20 * log(2)) < 1e-6)
    let spikes = try #require((report["trace"] as? [String: Any])?["spikeTimes"] as? [Double])
    #expect(
      abs((spikes.first ?? 0) - 20 * log(4)) < 1e-6 && abs(spikes[1] - spikes[0] - 1 - 20 * log(4)) < 1e-6)
    #expect(report["changed"] as? [String] == ["C", "g_L", "t_ref"])
    let rates = try #require(report["rates"] as? [[String: Any]]).compactMap { $0["rate"] as? Double }
    #expect(rates.count == 3 && rates[0] == 0 && abs(rates[1] - 1000 / (1 + 20 * log(4))) < 1e-4)
  }

  /// Rates with the noise, Siegert's beside them; the analysis is that of the equation without.
  @Test func noisyNeuron() throws {
    let report = try Self.report("lif-noisy", "--preset", "brunel", "--currents", "150:300:3")
    let points = try #require(report["noisyRates"] as? [[String: Any]])
    #expect(points.count == 3)
    for point in points {
      let rate = try #require(point["rate"] as? Double)
      let error = try #require(point["standardError"] as? Double)
      let siegert = try #require(point["meanFieldRate"] as? Double)
      #expect(abs(rate - siegert) < 3.5 * error && error < 0.1 * rate)
    }
    let silent = try #require(report["rates"] as? [[String: Any]]).first
    #expect(silent?["rate"] as? Double == 0, "below the rheobase nothing fires without noise")
    #expect(abs(((report["rheobase"] as? [String: Any])?["current"] as? Double ?? 0) - 200) < 1e-9)
    let again = try Self.report("lif-noisy", "--preset", "brunel", "--currents", "150:300:3")
    #expect(
      (again["trace"] as? [String: Any])?["spikeTimes"] as? [Double] == (report["trace"] as? [String: Any])?[
        "spikeTimes"] as? [Double])
    let text = try CommandLineProgram.run(["neuron", "lif-noisy"])
    #expect(text.text.contains("with noise Hz") && text.text.contains("Siegert Hz"), "\(text.text)")
    let noiseless = try Self.report(
      "lif-noisy", "--set", "sigma_V=0", "--current", "500", "--currents", "400:500:2")
    let exact = try #require((noiseless["rates"] as? [[String: Any]])?.last?["rate"] as? Double)
    let drawn = try #require((noiseless["noisyRates"] as? [[String: Any]])?.last?["rate"] as? Double)
    #expect(abs(drawn / exact - 1) < 1e-3)
  }

  /// No spikes: the output is a rate, and nothing is said of rheobase and the like.
  @Test func rateUnits() throws {
    let report = try Self.report("rate", "--currents", "0:1000:3", "--set", "w=1")
    let points = try #require(report["outputRates"] as? [[String: Any]])
    // gain (I − θ)/(1 − w·gain)
    for (point, expected) in zip(points, [0, 0.2 * 125 / 0.8, 0.2 * 625 / 0.8]) {
      #expect(abs((point["rate"] as? Double ?? -1) - expected) < 1e-6)
    }
    #expect(report["rheobase"] == nil && report["excitabilityClass"] == nil)
    let cycle = try Self.report("wilson-cowan")
    #expect(
      (cycle["equilibria"] as? [[String: Any]])?.compactMap { $0["kind"] as? String } == ["unstable focus"])
    let active = try #require((cycle["trace"] as? [String: Any])?["rates"] as? [Double]).suffix(1000)
    #expect((active.max() ?? 0) > 0.3 && (active.min() ?? 1) < 0.1, "it oscillates")
    #expect(try CommandLineProgram.run(["neuron", "rate", "--set", "w=5"]).status == 64)
  }

  @Test func textNamesTheFigures() throws {
    let result = try CommandLineProgram.run(["neuron", "izhikevich", "--preset", "FS"])
    #expect(result.status == 0, "\(result.errors)")
    for words in [
      "Izhikevich 2003", "stable node at v -70 mV", "rest ends here", "class 2, resonator", "1 ms script",
      "rate Hz", "threshold mV/ms",
    ] {
      #expect(result.text.contains(words), "\(result.text)")
    }
  }

  @Test(arguments: [
    ["hh"], ["fhn"], ["adex", "--preset", "transient"], ["if"], ["inap-ik", "--current", "0"],
    ["lif-noisy"], ["wilson-cowan"], ["rate"],
  ])
  func drawingsAreWholeFiles(arguments: [String]) throws {
    try withScratch { scratch in
      let file = scratch.path("a&b.svg")
      let command = ["neuron"] + arguments + ["--svg", file, "--json", scratch.path("r.json")]
      let result = try CommandLineProgram.run(command)
      #expect(result.status == 0, "\(result.errors)")
      #expect(try scratch.names() == ["a&b.svg", "r.json"])
      let data = try Data(contentsOf: URL(filePath: file))
      let elements = ElementCounter()
      let parser = XMLParser(data: data)
      parser.delegate = elements
      #expect(parser.parse(), "\(String(describing: parser.parserError))")
      #expect(elements.counts["svg"] == 1)
      #expect(
        elements.counts["clipPath"] == (["hh", "if", "lif-noisy", "rate"].contains(arguments[0]) ? 2 : 3))
      let text = String(decoding: data, as: UTF8.self)
      #expect(!text.contains("nan") && !text.contains("inf,") && !text.contains("href"))
      #expect(try CommandLineProgram.run(command).status == 0)
      #expect(try Data(contentsOf: URL(filePath: file)) == data)
    }
  }

  private final class ElementCounter: NSObject, XMLParserDelegate {
    var counts: [String: Int] = [:]
    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
      attributes: [String: String]
    ) {
      counts[name, default: 0] += 1
    }
  }

  @Test(arguments: [
    (["hhh"], "Did you mean hh"), (["lif", "--preset", "silicone"], "Did you mean silicon"),
    (["lif", "--set", "G_L=1"], "Did you mean g_L"), (["lif", "--set", "C"], "expected NAME=VALUE"),
    (["lif", "--set", "C=1 V"], "a number in pF"), (["lif", "--set", "C=nan"], "a number in pF"),
    (["lif", "--set", "C=1e300"], "at most 1e6"), (["lif", "--set", "C=0"], "a positive number"),
    (["lif", "--set", "V_r=-40", "--set", "g_L=-1"], "below V_th"),
    (["hh", "--current", "10 pA"], "a number in uA/cm^2"), (["hh", "--duration", "0"], "a positive time"),
    (["hh", "--duration", "1 h"], "a positive time"), (["hh", "--duration", "1e9"], "at most 10000"),
    (["hh", "--currents", "1:2"], "FROM:TO:N"), (["hh", "--currents", "2:1:5"], "FROM below TO"),
    (["hh", "--currents", "0:1:1"], "N from 2 to 200"), (["hh", "lif"], "a word too many"),
    (["hh", "--svg", "x", "--json", "x"], "names the same file"),
  ])
  func usageErrorsExit64(arguments: [String], sentence: String) throws {
    let result = try CommandLineProgram.run(["neuron"] + arguments)
    #expect(result.status == 64)
    #expect(result.errors.contains(sentence), "\(result.errors)")
    #expect(result.output.isEmpty)
  }

  @Test func allProblemsAreReportedTogether() throws {
    let result = try CommandLineProgram.run(
      ["neuron", "lif", "--set", "q=1", "--set", "C=x", "--current", "y", "--duration", "z"])
    #expect(result.status == 64)
    #expect(result.errors.split(separator: "\n").count == 4, "\(result.errors)")
  }

  /// Each spike adds more current than decays: a million spikes are not a trace.
  @Test func whatCannotBeIntegratedExits65() throws {
    let result = try CommandLineProgram.run(
      ["neuron", "gif", "--preset", "bursting", "--set", "A1=1000", "--set", "R1=2"])
    #expect(result.status == 65 && result.errors.contains("neuron.notIntegrable"), "\(result.errors)")
  }

  @Test func aFolderIsNotADrawing() throws {
    let result = try CommandLineProgram.run(["neuron", "if", "--svg", "/nonexistent/x.svg"])
    #expect(result.status == 73 && result.output.isEmpty)
  }

  @Test func helpHasAnExample() throws {
    let result = try CommandLineProgram.run(["neuron", "--help"])
    #expect(result.status == 0 && result.text.contains("Example:\n  rheobase neuron hh"))
  }
}
