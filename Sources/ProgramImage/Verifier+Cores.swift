import ChipModel
import Diagnostics

/// Program, cores and crossbars.
extension Verifier {
  /// Longest drain accepted, in ticks; the deepest pipeline that a chip could hold is far shorter.
  static let mostDrainTicks = 1 << 20

  func program() {
    if !(image.dt.isFinite && image.dt > 0) {
      add(
        Diagnostic(
          "image.dt", problem: "is no time step", found: "\(image.dt)",
          expected: "a positive number of seconds"),
        at: "/ attribute dt")
    }
    if !(0...Verifier.mostDrainTicks).contains(image.drainTicks) {
      add(
        Diagnostic(
          "image.drain", problem: "is out of range", found: "\(image.drainTicks)",
          expected: "0 to \(Verifier.mostDrainTicks)"),
        at: "/ attribute drain_ticks")
    }
  }

  func cores() {
    let cores = image.cores
    add(Limits.cores(used: cores.count, chip: chip), at: "/core")
    limit("/core/x", cores.x, subject: core) { Limits.position(x: $0, y: 0, core: $1, chip: $2) }
    limit("/core/y", cores.y, subject: core) { Limits.position(x: 0, y: $0, core: $1, chip: $2) }
    var taken: Set<[Int32]> = []
    first("/core/x", cores.count, "is at the place of another core") {
      !taken.insert([cores.x[$0], cores.y[$0]]).inserted
    }
    limit("/core/axon_begin", (0..<cores.count).map(axons), subject: core) {
      Limits.axons(used: $0, core: $1, chip: $2)
    }
    limit("/core/neuron_begin", (0..<cores.count).map(neurons), subject: core) {
      Limits.neurons(used: $0, core: $1, chip: $2)
    }
  }

  func crossbar() {
    let crossbar = image.crossbar
    limit("/crossbar/weight", crossbar.weight, subject: { "synapse \($0)" }) {
      Limits.weight($0, subject: $1, chip: $2)
    }
    for core in 0..<image.cores.count {
      let size = neurons(of: core)
      var stored = [Int](repeating: 0, count: size)
      for axon in Int(image.cores.axonBegin[core])..<Int(image.cores.axonBegin[core + 1]) {
        let begin = Int(crossbar.begin[axon])
        let end = Int(crossbar.begin[axon + 1])
        var previous = -1
        for synapse in begin..<end {
          let neuron = Int(crossbar.neuron[synapse])
          if neuron <= previous || neuron >= size {
            return add(
              Diagnostic(
                "image.crossbar.neuron", subject: self.core(core),
                problem: "synapses of an axon do not ascend within the core's neurons",
                found: "\(neuron) after \(previous)", expected: "ascending, below \(size)"),
              at: "/crossbar/neuron[\(synapse)]")
          }
          previous = neuron
          stored[neuron] += 1
        }
      }
      if let fullest = stored.indices.max(by: { stored[$0] < stored[$1] }) {
        add(
          Limits.synapses(
            ofNeuron: stored[fullest], subject: "\(self.core(core)), neuron \(fullest)", chip: chip),
          at: "/crossbar/neuron")
      }
    }
  }
}
