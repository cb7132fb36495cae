import Diagnostics
import Documents
import Foundation
import NetworkIR
import Testing

@testable import NetworkFormats

/// Noise and random currents of network files.
@Suite struct PhysicalNoiseTests {
  private func read(_ noise: String, model: String = "lif", stimuli: String = "") throws(Failure) -> Network {
    let leak =
      model == "if"
      ? ""
      : "leakConductance: \"25 pS\", leakReversal: \"0.2 V\", "
        + (model == "cubalif" ? "synapticTimeConstant: \"5 ms\"," : "")
    return try PhysicalNetworkFile.importNetwork(
      Document.parse(
        json5: """
          { format: "rheobase-network", version: 1, dt: "0.5 ms", populations: [ { name: "p", size: 2,
            model: "\(model)", capacitance: "500 fF", \(leak) threshold: "0.6 V", reset: "0.1 V", \(noise) } ],
            stimuli: [ \(stimuli) ], outputs: ["p"] }
          """, place: "n.json5"), path: "n.json5", options: ImportOptions()
    ).network
  }

  private func problems(_ noise: String, model: String = "lif", stimuli: String = "") -> [String] {
    do {
      _ = try read(noise, model: model, stimuli: stimuli)
      return []
    } catch {
      return error.diagnostics.map(\.id)
    }
  }

  /// 10 mV without threshold: the steps' variance over one time constant's worth of leaks is (10 mV)².
  @Test func membraneDeviation() throws {
    let noise = try #require(
      try read("noise: { membrane: \"10 mV\", threshold: \"2 mV\" }").populations[0].noise)
    let kept = 1 - 0.5 / 20
    #expect(abs(noise.step / (1 - kept * kept).squareRoot() - 0.01) < 1e-15 && noise.threshold == 0.002)
    #expect(try read("").populations[0].noise == nil)
  }

  /// S = 2 pA · √2 ms: the steps are f·r·S/√dt; into a membrane without leak S·√dt/C. They add up with others in variance.
  @Test(arguments: ["lif", "cubalif", "if"])
  func whiteNoise(model: String) throws {
    let stimulus = "{ into: \"p\", whiteNoise: { deviation: \"2 pA\", step: \"2 ms\" } }"
    let intensity = 2e-12 * 2e-3.squareRoot()
    let expected =
      model == "if"
      ? intensity * 0.5e-3.squareRoot() / 500e-15 : 0.025 / 25e-12 * intensity / 0.5e-3.squareRoot()
    let once = try #require(try read("", model: model, stimuli: stimulus).populations[0].noise)
    #expect(abs(once.step / expected - 1) < 1e-12)
    let twice = try read("", model: model, stimuli: "\(stimulus), \(stimulus)").populations[0].noise
    #expect(abs((twice?.step ?? 0) / (expected * 2.0.squareRoot()) - 1) < 1e-12)
  }

  @Test func ornsteinUhlenbeck() throws {
    let network = try read(
      "",
      stimuli:
        "{ into: \"p\", ornsteinUhlenbeck: { mean: \"1 pA\", deviation: \"2 pA\", timeConstant: \"5 ms\" } }"
    )
    #expect(
      network.stimuli.map(\.kind) == [.ornsteinUhlenbeck(mean: 1e-12, deviation: 2e-12, timeConstant: 5e-3)])
  }

  @Test func mistakes() {
    #expect(problems("noise: { membrane: \"1 mV\" }", model: "if") == ["physical.noise"])
    #expect(problems("noise: {}") == ["physical.noise"])
    #expect(problems("noise: { membrane: \"1 pA\" }").contains("document.dimension"))
    #expect(problems("noise: { membrane: \"-1 mV\" }").contains("document.range"))
    #expect(
      problems("", stimuli: "{ into: \"p\", current: \"1 pA\", whiteNoise: { deviation: \"1 pA\" } }")
        .contains(
          "physical.stimulus"))
    #expect(
      problems("", stimuli: "{ into: \"q\", whiteNoise: { deviation: \"1 pA\" } }").count == 1)
    #expect(
      problems("", stimuli: "{ into: \"p\", ornsteinUhlenbeck: { deviation: \"1 pA\" } }") == [
        "document.missingKey"
      ])
    #expect(problems("", stimuli: "{ into: \"p\" }") == ["physical.stimulus"])
  }
}
