import ChipModel
import Diagnostics

/// Codes of the datapath additive, and types of axons.
extension Verifier {
  func additiveLengths() {
    let codes = image.neurons.additive
    lengths(
      "/neuron/additive", chip.additive == nil ? 0 : image.neurons.count,
      [
        "leak_mode": codes.leakMode.count, "negative_threshold": codes.negativeThreshold.count,
        "negative_mode": codes.negativeMode.count,
      ])
    stochasticLengths()
    lengths(
      "/crossbar", chip.crossbar.axonTypes == nil ? 0 : image.crossbar.begin.count - 1,
      ["axon_type": image.crossbar.axonType.count])
  }

  func additiveCodes() {
    let neurons = image.neurons
    let count = neurons.count
    first(
      "/neuron/reset_mode", count, "does not exist on this chip", found: { "\(neurons.resetMode[$0])" }
    ) {
      neurons.resetMode[$0] == ProgramImage.ResetMode.nonReset.rawValue && chip.additive?.nonReset != true
    }
    guard let additive = chip.additive else { return }
    let codes = neurons.additive
    let stochastic = chip.datapath.noise?.leak != nil && !neurons.noise.stream.isEmpty
    first(
      "/neuron/additive/leak_mode", count, "is no leak mode of this chip", found: { "\(codes.leakMode[$0])" }
    ) {
      let mode = ProgramImage.LeakMode(rawValue: codes.leakMode[$0])
      return codes.leakMode[$0] > 7 || mode.contains(.reversed) && !additive.leakReversal
        || mode.contains(.late) && additive.leakOrder == .beforeThreshold
        || !mode.contains(.late) && additive.leakOrder == .afterThreshold
        || mode.contains(.stochastic) && !stochastic
    }
    first(
      "/neuron/additive/negative_mode", count, "is no mode of the negative threshold of this chip",
      found: { "\(codes.negativeMode[$0])" }
    ) {
      codes.negativeMode[$0] > 1
        || codes.negativeMode[$0] == ProgramImage.NegativeMode.saturate.rawValue && !additive.saturation
    }
    limit("/neuron/additive/negative_threshold", codes.negativeThreshold, subject: neuron) {
      Limits.negativeThreshold($0, subject: $1, chip: $2)
    }
    first("/neuron/decay", count, "decays, on a chip without decays", expected: "0") {
      neurons.decay[$0] != 0
    }
    first("/neuron/kick", count, "kicks, on a chip without membranes", expected: "0") {
      neurons.kick[$0] != 0
    }
    first(
      "/neuron/reset", count, "takes off something else than the threshold", expected: "the threshold",
      found: { "\(neurons.reset[$0])" }
    ) {
      neurons.fires($0) && neurons.resetMode[$0] == ProgramImage.ResetMode.subtract.rawValue
        && neurons.reset[$0] != neurons.threshold[$0]
    }
  }

  /// A neuron has one weight for all axons of a type.
  func axonTypes() {
    guard chip.crossbar.axonTypes != nil else { return }
    let crossbar = image.crossbar
    limit("/crossbar/axon_type", crossbar.axonType, subject: { "axon \($0)" }) {
      Limits.axonType($0, subject: $1, chip: $2)
    }
    for core in 0..<image.cores.count {
      var weights: [Int: Int16] = [:]
      let axons = Int(image.cores.axonBegin[core])..<Int(image.cores.axonBegin[core + 1])
      for axon in axons {
        for k in Int(crossbar.begin[axon])..<Int(crossbar.begin[axon + 1]) {
          let key = Int(crossbar.axonType[axon]) << 16 | Int(crossbar.neuron[k])
          let weight = weights[key, default: crossbar.weight[k]]
          weights[key] = weight
          if weight != crossbar.weight[k] {
            return add(
              Diagnostic(
                "image.axonType", subject: "neuron \(crossbar.neuron[k]) of \(self.core(core))",
                problem: "has two weights for axons of type \(crossbar.axonType[axon])",
                found: "\(weight) and \(crossbar.weight[k])", expected: "one weight per type"),
              at: "/crossbar/weight[\(k)]")
          }
        }
      }
    }
  }
}

extension ProgramImage {
  /// A row's additive codes for the listing; nothing on other chips.
  func additiveWords(_ row: Int) -> [String] {
    let codes = neurons.additive
    guard !codes.leakMode.isEmpty else { return [] }
    let mode = LeakMode(rawValue: codes.leakMode[row])
    var words: [String] = []
    if mode.contains(.reversed) { words.append("leak by sign") }
    if mode.contains(.late) { words.append("leak after threshold") }
    if mode.contains(.stochastic) { words.append("stochastic leak") }
    words += stochasticWords(row)
    words.append(
      "negative threshold -\(codes.negativeThreshold[row])"
        + (codes.negativeMode[row] == NegativeMode.saturate.rawValue ? " saturates" : " resets"))
    return words
  }
}
