import ChipModel
import Diagnostics

/// Neurons: kinds, windows, columns, codes, capacitances, and the way back to the network.
extension Verifier {
  func neuronFields() {
    let neurons = image.neurons
    first(
      "/neuron/kind", neurons.count, "is no kind of neuron", expected: "0, 1, 2 or 3",
      found: { "\(neurons.kind[$0])" }
    ) { ProgramImage.NeuronKind(rawValue: neurons.kind[$0]) == nil }
    first(
      "/neuron/reset_mode", neurons.count, "is no reset mode", expected: "0, 1 or 2",
      found: { "\(neurons.resetMode[$0])" }
    ) { ProgramImage.ResetMode(rawValue: neurons.resetMode[$0]) == nil }
    for (place, ticks) in [("/neuron/start", neurons.start), ("/neuron/stop", neurons.stop)] {
      first(place, ticks.count, "is no tick", expected: "0 or more", found: { "\(ticks[$0])" }) {
        ticks[$0] < 0
      }
    }
    first(
      "/neuron/scale", neurons.count, "is no scale", expected: "a positive number",
      found: { "\(neurons.scale[$0])" }
    ) { !(neurons.scale[$0].isFinite && neurons.scale[$0] > 0) }
    let capacitance = neurons.capacitance
    for (name, farads) in [
      ("membrane", capacitance.membrane), ("node", capacitance.node), ("crosspoint", capacitance.crosspoint),
      ("wire", capacitance.wire), ("coupling", capacitance.coupling), ("total", capacitance.total),
    ] {
      first(
        "/neuron/capacitance/\(name)", farads.count, "is no capacitance", expected: "farad, 0 or more",
        found: { "\(farads[$0])" }
      ) { !(farads[$0].isFinite && farads[$0] >= 0) }
    }
    for core in 0..<image.cores.count {
      let rows = Int(image.cores.neuronBegin[core])..<Int(image.cores.neuronBegin[core + 1])
      for row in rows.dropFirst() where neurons.column[row] <= neurons.column[row - 1] {
        return add(
          Diagnostic(
            "image.neuron.column", subject: self.core(core), problem: "columns do not ascend",
            found: "\(neurons.column[row]) after \(neurons.column[row - 1])"),
          at: "/neuron/column[\(row)]")
      }
    }
    limit("/neuron/column", neurons.column, subject: neuron) {
      Limits.neurons(used: $0 + 1, core: "column of \($1)", chip: $2)
    }
  }

  func neuronCodes() {
    let neurons = image.neurons
    for (name, codes) in [
      ("v0", fixedPotentials), ("u0", neurons.u0), ("reset", neurons.reset), ("kick", neurons.kick),
      ("floor", neurons.floor),
    ] {
      limit("/neuron/\(name)", codes, subject: neuron) { Limits.state($0, subject: $1, chip: $2) }
    }
    first("/neuron/kick", neurons.count, "is negative", found: { "\(neurons.kick[$0])" }) {
      neurons.kick[$0] < 0
    }
    limit("/neuron/bias", neurons.bias, subject: neuron) { Limits.bias($0, subject: $1, chip: $2) }
    limit("/neuron/threshold", neurons.threshold, subject: neuron) {
      Limits.threshold($0, subject: $1, chip: $2)
    }
    limit("/neuron/gain", neurons.gain, subject: neuron) { Limits.gain($0, subject: $1, chip: $2) }
    limit("/neuron/weight_exponent", neurons.weightExponent, subject: neuron) {
      Limits.weightExponent($0, subject: $1, chip: $2)
    }
    limit("/neuron/refractory", neurons.refractory, subject: neuron) {
      Limits.refractory(ticks: $0, population: $1, chip: $2)
    }
    decays("/neuron/decay", neurons.decay, neurons.decayExponent)
    decays("/neuron/synapse_decay", neurons.synapseDecay, neurons.synapseDecayExponent)
    if !chip.datapath.synapticState {
      first(
        "/neuron/synapse_decay", neurons.count, "holds a synaptic current, which this chip does not have",
        expected: "2^synapse_decay_exponent"
      ) {
        neurons.kind[$0] != 1
          && Int64(neurons.synapseDecay[$0]) != 1 << Int64(neurons.synapseDecayExponent[$0])
      }
    }
  }

  /// Few pairs of mantissa and exponent occur, so each is checked once. A partial neuron has no state, and its
  /// codes are not used.
  private func decays(_ place: String, _ codes: [Int32], _ exponents: [UInt8]) {
    var seen: Set<Int64> = []
    for row in codes.indices where seen.insert(Int64(codes[row]) << 8 | Int64(exponents[row])).inserted {
      let problem = Limits.decay(
        Int(codes[row]), exponent: Int(exponents[row]), subject: neuron(row), chip: chip)
      if let problem { return add(problem, at: "\(place)[\(row)]") }
    }
  }

  func networkNames() {
    let neurons = image.neurons
    let sizes = image.populations.map(\.size)
    first("/populations/size", sizes.count, "is no size", found: { "\(sizes[$0])" }) {
      !(0...Int(Int32.max)).contains(sizes[$0])
    }
    first("/neuron/population", neurons.count, "is no population", found: { "\(neurons.population[$0])" }) {
      !sizes.indices.contains(Int(neurons.population[$0]))
    }
    var taken: Set<Int64> = []
    first(
      "/neuron/index", neurons.count, "lies outside its population, or names a neuron that another row is"
    ) {
      let population = neurons.population[$0]
      guard sizes.indices.contains(Int(population)) else { return false }
      let index = neurons.index[$0]
      if index < 0 || Int(index) >= sizes[Int(population)] { return true }
      // A partial neuron bears the name of the neuron that it feeds, a splitter that of the one that it repeats.
      return neurons.isMain($0) && !taken.insert(Int64(population) << 32 | Int64(index)).inserted
    }
    // Every neuron has its row, so sizes add up to no more than the rows that the file really holds.
    var rows = [Int](repeating: 0, count: sizes.count)
    for row in 0..<neurons.count
    where neurons.isMain(row) && sizes.indices.contains(Int(neurons.population[row])) {
      rows[Int(neurons.population[row])] += 1
    }
    first("/populations/size", sizes.count, "is not the number of its rows", found: { "\(sizes[$0])" }) {
      sizes[$0] != rows[$0]
    }
  }
}
