import Diagnostics
import Documents
import Observations

/// Which neurons are compared: groups of neurons, each within one population.
struct ComparedNeurons {
  struct Group {
    var name: String
    var model: String
    /// Within the population.
    var indices: [Int]
    /// In network order.
    var neurons: [Int]
  }
  private(set) var groups: [Group]
  /// Whether these are the outputs, in their order.
  private(set) var isOutputs: Bool

  var count: Int { groups.reduce(0) { $0 + $1.neurons.count } }

  /// The channels of two spike files, of which each is an output for all that is known.
  init(channels: Int) {
    groups = [Group(name: "spikes", model: "", indices: Array(0..<channels), neurons: Array(0..<channels))]
    isOutputs = true
  }

  /// Neurons of a record.
  ///
  /// - Parameters:
  ///   - channels: of the spike file that it is compared with; nil for another record, and then all of the network's own
  ///     populations that can fire are compared.
  ///   - node: name of the node that the spike file tells of, if it has one.
  ///   - record: path of the record, and `other` of the spike file.
  init(
    of layout: NeuronLayout, population: String?, channels: Int?, node: String?, record: String, other: String
  ) throws(Failure) {
    let all = Self.populations(of: layout)
    let outputs = Self.outputs(of: layout)
    let outputNeurons = outputs.flatMap(\.neurons)
    let chosen: [Group]
    if let population {
      guard let group = all.first(where: { $0.name == population }) else {
        throw Failure(
          .usage,
          Diagnostic(
            "compare.population", subject: "--population", place: record,
            problem: "no population of this name that fires", found: "\"\(population)\"",
            expected: "one of \(Self.list(all))",
            remedy: nearestName(to: population, among: all.map(\.name)).map { "Did you mean \($0)" }))
      }
      chosen = [group]
    } else if let channels {
      let ofSize = all.filter { $0.neurons.count == channels }
      if let group = ofSize.first(where: { $0.name == node }) {
        chosen = [group]
      } else if !outputNeurons.isEmpty, outputNeurons.count == channels {
        chosen = outputs
      } else if ofSize.count == 1 {
        chosen = ofSize
      } else {
        throw Failure(
          .badInput,
          Diagnostic(
            "compare.channels", place: other,
            problem: ofSize.isEmpty
              ? "no population of \(record) is of this size"
              : "several populations of \(record) are of this size",
            found: "\(channels) channels", expected: Self.list(all),
            remedy: ofSize.isEmpty ? nil : "Name the population with --population"))
      }
    } else {
      chosen = all.filter { group in !layout.populations.contains { $0.isRelay && $0.name == group.name } }
    }
    groups = chosen
    isOutputs = chosen.flatMap(\.neurons) == outputNeurons && !outputNeurons.isEmpty
    if let channels, channels != count {
      throw Failure(
        .badInput,
        Diagnostic(
          "compare.channels", place: other,
          problem:
            "has another number of channels than population \(chosen[0].name) of \(record) has neurons",
          found: "\(channels)", expected: "\(count)"))
    }
  }

  private static func list(_ groups: [Group]) -> String {
    groups.isEmpty
      ? "a record with a population that fires"
      : groups.map { "\($0.name) (\($0.neurons.count))" }.joined(separator: ", ")
  }

  /// The populations of a record that fire.
  private static func populations(of layout: NeuronLayout) -> [Group] {
    let firing = Set(layout.kind.indices.filter { layout.kind[$0] == 0 }.map { Int(layout.population[$0]) })
    var begin = 0
    var groups: [Group] = []
    for (number, population) in layout.populations.enumerated() {
      if firing.contains(number) {
        groups.append(
          Group(
            name: population.name, model: population.model, indices: Array(0..<population.size),
            neurons: Array(begin..<begin + population.size)))
      }
      begin += population.size
    }
    return groups
  }

  /// The outputs of a record in their order; none if any of them is a potential.
  private static func outputs(of layout: NeuronLayout) -> [Group] {
    guard layout.outputKind.allSatisfy({ $0 == 0 }) else { return [] }
    var begins: [Int] = []
    var next = 0
    for population in layout.populations {
      begins.append(next)
      next += population.size
    }
    var groups: [Group] = []
    for row in layout.outputRow.map(Int.init) {
      let population = layout.populations[Int(layout.population[row])]
      let index = Int(layout.index[row])
      if groups.last?.name != population.name {
        groups.append(Group(name: population.name, model: population.model, indices: [], neurons: []))
      }
      groups[groups.count - 1].indices.append(index)
      groups[groups.count - 1].neurons.append(begins[Int(layout.population[row])] + index)
    }
    return groups
  }

  /// Population and index within it of a channel.
  func name(of channel: Int) -> (population: String, neuron: Int) {
    var rest = channel
    for group in groups {
      if rest < group.indices.count { return (group.name, group.indices[rest]) }
      rest -= group.indices.count
    }
    preconditionFailure("a channel belongs to a group")
  }

  fileprivate var populations: [NeuronLayout.Population] {
    groups.map { NeuronLayout.Population(name: $0.name, model: $0.model, size: $0.neurons.count) }
  }
}

extension Activity {
  /// Spikes of a file whose channels are the neurons of `selection`, in its order.
  ///
  /// - Parameter withOutputs: whether each channel is an output.
  init(_ selection: ComparedNeurons, _ spikes: SpikeTrains, dt: Double, withOutputs: Bool) {
    var sums: [Double] = []
    if withOutputs {
      sums = [Double](repeating: 0, count: spikes.samples * spikes.channels)
      for event in spikes.events {
        sums[Int(event.sample) * spikes.channels + Int(event.channel)] += Double(event.count)
      }
    }
    self.init(
      populations: selection.populations, samples: spikes.samples, ticks: spikes.ticks, dt: dt,
      spikes: spikes,
      outputSums: sums, outputCount: withOutputs ? spikes.channels : 0)
  }

  /// The same run with the neurons of `selection` only, numbered through it.
  func restricted(to selection: ComparedNeurons) -> Activity {
    // A neuron can be several outputs.
    var channels = [[Int32]](repeating: [], count: populations.reduce(0) { $0 + $1.size })
    for (channel, neuron) in selection.groups.flatMap(\.neurons).enumerated() {
      channels[neuron].append(Int32(channel))
    }
    var result = self
    result.populations = selection.populations
    result.spikes = SpikeTrains(
      samples: spikes.samples, ticks: spikes.ticks, channels: selection.count,
      events: spikes.events.flatMap { event in
        channels[Int(event.channel)].map {
          SpikeTrains.Event(sample: event.sample, tick: event.tick, channel: $0, count: event.count)
        }
      }.sorted(), labels: spikes.labels)
    return result
  }
}
