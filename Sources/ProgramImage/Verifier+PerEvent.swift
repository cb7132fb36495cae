import ChipModel
import Diagnostics

/// What §3.7 takes for granted of neurons that every event visits, and signs of axons.
extension Verifier {
  func perEventCodes() {
    guard chip.timing.perEvent != nil, let additive = chip.additive else { return }
    let neurons = image.neurons
    let count = neurons.count
    let strongest = 1 << (chip.datapath.biasBits - 1) - 1
    first(
      "/neuron/kind", count, "sends sums, on a chip whose neurons take single spikes",
      found: { "\(neurons.kind[$0])" }
    ) { neurons.kind[$0] == ProgramImage.NeuronKind.partial.rawValue }
    first(
      "/neuron/bias", count, "is no leak of this chip, which only takes off", expected: "-\(strongest) to 0",
      found: { "\(neurons.bias[$0])" }
    ) { !(-strongest...0).contains(Int(neurons.bias[$0])) }
    first(
      "/neuron/threshold", count, "lies below 0, on a chip whose thresholds have no sign",
      expected: "0 or more",
      found: { "\(neurons.threshold[$0])" }
    ) { neurons.fires($0) && neurons.threshold[$0] < 0 }
    first(
      "/neuron/reset", count, "is not what a neuron of this chip is reset to", expected: "0, by value",
      found: { "\(neurons.reset[$0]), mode \(neurons.resetMode[$0])" }
    ) {
      neurons.fires($0)
        && (neurons.reset[$0] != 0 || neurons.resetMode[$0] != ProgramImage.ResetMode.toValue.rawValue)
    }
    first(
      "/neuron/additive/leak_mode", count, "is not the leak mode of this chip",
      expected: additive.leakReversal ? "1" : "0", found: { "\(neurons.additive.leakMode[$0])" }
    ) {
      neurons.additive.leakMode[$0] != (additive.leakReversal ? ProgramImage.LeakMode.reversed.rawValue : 0)
    }
    first(
      "/neuron/additive/negative_mode", count, "resets, on a chip whose potentials stop", expected: "1",
      found: { "\(neurons.additive.negativeMode[$0])" }
    ) { neurons.additive.negativeMode[$0] != ProgramImage.NegativeMode.saturate.rawValue }
    if let row = image.poisson.neuron.first {
      add(
        Diagnostic(
          "image.perEventPoisson", subject: neuron(Int(row)),
          problem: "has a Poisson stimulus, which cores that take single spikes do not draw"),
        at: "/poisson/neuron[0]")
    }
  }

  /// All synapses of an axon excite, or all inhibit.
  func axonSigns() {
    guard chip.crossbar.axonSigns else { return }
    let crossbar = image.crossbar
    for axon in 0..<max(0, crossbar.begin.count - 1) {
      let own = Int(crossbar.begin[axon])..<Int(crossbar.begin[axon + 1])
      guard let up = own.first(where: { crossbar.weight[$0] > 0 }),
        let down = own.first(where: { crossbar.weight[$0] < 0 })
      else { continue }
      return add(
        Diagnostic(
          "image.axonSign", subject: "axon \(axon)",
          problem: "excites and inhibits, on a chip where an axon has one sign",
          found: "\(crossbar.weight[up]) and \(crossbar.weight[down])"),
        at: "/crossbar/weight[\(max(up, down))]")
    }
  }
}
