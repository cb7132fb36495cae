import ChipModel
import Diagnostics

/// Routes, inputs, stimuli and outputs.
extension Verifier {
  func routes() {
    let routes = image.routes
    let kinds = image.neurons.kind
    let usesPartials = routes.kind.contains(ProgramImage.RouteKind.partial.rawValue)
    if usesPartials { add(Limits.partialPackets(subject: "program", chip: chip), at: "/route/kind") }
    limit(
      "/route/begin", (0..<kinds.count).map { Int(routes.begin[$0 + 1] - routes.begin[$0]) }, subject: neuron
    ) {
      Limits.destinations(used: $0, subject: $1, chip: $2)
    }
    limit("/route/delay", routes.delay, subject: { "route \($0)" }) {
      Limits.delay($0, subject: $1, chip: $2)
    }
    var senders = [Int](repeating: 0, count: kinds.count)
    for row in kinds.indices {
      for route in Int(routes.begin[row])..<Int(routes.begin[row + 1]) {
        if let problem = problem(of: route, from: row) {
          return add(
            Diagnostic("image.route", subject: neuron(row), problem: problem), at: "/route[\(route)]")
        }
        if routes.kind[route] == ProgramImage.RouteKind.partial.rawValue {
          senders[Int(image.cores.neuronBegin[Int(routes.core[route])]) + Int(routes.axon[route])] += 1
        }
      }
    }
    if chip.mesh.multicast {
      for row in kinds.indices where image.neurons.fires(row) {
        let range = Int(routes.begin[row])..<Int(routes.begin[row + 1])
        if let second = repeated(range, routes.core, routes.axon, routes.delay) {
          add(repetition(subject: neuron(row)), at: "/route[\(second)]")
          break
        }
      }
    }
    limit("/route", senders, subject: neuron) { Limits.partialSenders($0, subject: $1, chip: $2) }
  }

  /// The first of the entries `range` that names core, axon and delay of an earlier one.
  private func repeated(
    _ range: Range<Int>, _ core: [Int32], _ axon: [UInt16], _ delay: [UInt8]
  ) -> Int? {
    if range.count < 2 { return nil }
    var seen: Set<SIMD4<Int32>> = []
    return range.first {
      !seen.insert(SIMD4(core[$0], Int32(axon[$0]), Int32(delay[$0]), 0)).inserted
    }
  }

  private func repetition(subject: String) -> Diagnostic {
    Diagnostic(
      "image.multicast", subject: subject, problem: "names one axon twice in one multicast packet",
      expected: "every core, axon and delay once with mesh.multicast")
  }

  /// What is wrong with one route of the neuron in row `sender`.
  private func problem(of route: Int, from sender: Int) -> String? {
    let core = Int(image.routes.core[route])
    let target = Int(image.routes.axon[route])
    guard (0..<image.cores.count).contains(core) else { return "sends to core \(core), which does not exist" }
    switch ProgramImage.RouteKind(rawValue: image.routes.kind[route]) {
    case .spike:
      if !image.neurons.fires(sender) { return "sends spikes but never fires" }
      return target < axons(of: core) ? nil : "sends to axon \(target), which \(self.core(core)) does not use"
    case .partial:
      if image.neurons.kind[sender] != ProgramImage.NeuronKind.partial.rawValue {
        return "sends partial sums but is no partial neuron"
      }
      return target < neurons(of: core)
        ? nil : "sends to neuron \(target), which \(self.core(core)) does not have"
    case nil: return "has a route of the unknown kind \(image.routes.kind[route])"
    }
  }

  func inputs() {
    let inputs = image.inputs
    limit("/input/delay", inputs.delay, subject: { "input destination \($0)" }) {
      Limits.inputDelay($0, subject: $1, chip: $2)
    }
    first("/input/core", inputs.core.count, "is no core", found: { "\(inputs.core[$0])" }) {
      !(0..<image.cores.count).contains(Int(inputs.core[$0]))
    }
    first(
      "/input/axon", inputs.axon.count, "is an axon that the core does not use",
      found: { "\(inputs.axon[$0])" }
    ) {
      let core = Int(inputs.core[$0])
      return (0..<image.cores.count).contains(core) && Int(inputs.axon[$0]) >= axons(of: core)
    }
    guard chip.mesh.multicast, chip.input == .edge else { return }
    for channel in 0..<inputs.channels {
      let range = Int(inputs.begin[channel])..<Int(inputs.begin[channel + 1])
      if range.count > ProgramImage.mostChannelDestinations {
        return add(
          Diagnostic(
            "image.channel", subject: "input channel \(channel)", problem: "has too many destinations",
            found: "\(range.count)",
            expected: "at most \(ProgramImage.mostChannelDestinations) with mesh.multicast"),
          at: "/input/begin[\(channel)]")
      }
      if let second = repeated(range, inputs.core, inputs.axon, inputs.delay) {
        return add(repetition(subject: "input channel \(channel)"), at: "/input[\(second)]")
      }
    }
  }

  func poisson() {
    let poisson = image.poisson
    let rows = image.neurons.count
    let tables = poisson.tableBegin.count - 1
    first(
      "/poisson/neuron", poisson.neuron.count, "does not ascend within the neurons",
      found: { "\(poisson.neuron[$0])" }
    ) {
      !(0..<rows).contains(Int(poisson.neuron[$0])) || $0 > 0 && poisson.neuron[$0] < poisson.neuron[$0 - 1]
    }
    limit("/poisson/weight", poisson.weight, subject: { "Poisson entry \($0)" }) {
      Limits.poissonWeight($0, subject: $1, chip: $2)
    }
    first("/poisson/table", poisson.table.count, "is no table", found: { "\(poisson.table[$0])" }) {
      !(0..<tables).contains(Int(poisson.table[$0]))
    }
    for table in 0..<tables {
      let range = Int(poisson.tableBegin[table])..<Int(poisson.tableBegin[table + 1])
      for index in range.dropFirst() where poisson.threshold[index] < poisson.threshold[index - 1] {
        return add(
          Diagnostic("image.poisson_table", subject: "table \(table)", problem: "thresholds fall"),
          at: "/poisson_table/threshold[\(index)]")
      }
    }
  }

  func outputs() {
    let outputs = image.outputs
    let kinds = image.neurons.kind
    first("/output/neuron", outputs.neuron.count, "is no neuron row", found: { "\(outputs.neuron[$0])" }) {
      !kinds.indices.contains(Int(outputs.neuron[$0]))
    }
    first(
      "/output/kind", outputs.kind.count, "cannot be read from this kind of neuron",
      found: { "\(outputs.kind[$0])" }
    ) {
      guard kinds.indices.contains(Int(outputs.neuron[$0])) else { return false }
      let neuron = ProgramImage.NeuronKind(rawValue: kinds[Int(outputs.neuron[$0])])
      return switch ProgramImage.OutputKind(rawValue: outputs.kind[$0]) {
      case .spike: neuron != .spiking
      case .potential: !image.neurons.isMain(Int(outputs.neuron[$0]))
      case nil: true
      }
    }
    for (place, ticks) in [("/output/from", outputs.from), ("/output/to", outputs.to)] {
      first(place, ticks.count, "is no tick", expected: "0 or more", found: { "\(ticks[$0])" }) {
        ticks[$0] < 0
      }
    }
  }
}
