/// What a network did, in the network's own terms: neurons in network order, ticks of the sample. Reference and
/// chip runs are both brought to this form and then compared.
public struct Activity: Sendable, Equatable {
  public var populations: [NeuronLayout.Population]
  public var samples: Int
  public var ticks: Int
  /// Seconds per tick.
  public var dt: Double
  /// `channel` = neuron number: populations one after the other, index within. Sorted.
  public var spikes: SpikeTrains
  /// [samples · outputs]: spike counts, or summed potentials in the network's unit.
  public var outputSums: [Double]
  public var outputCount: Int

  public init(
    populations: [NeuronLayout.Population], samples: Int, ticks: Int, dt: Double,
    spikes: SpikeTrains, outputSums: [Double], outputCount: Int
  ) {
    self.populations = populations
    self.samples = samples
    self.ticks = ticks
    self.dt = dt
    self.spikes = spikes
    self.outputSums = outputSums
    self.outputCount = outputCount
  }

  /// The same without the populations behind the first `count`; the output sums stay.
  public func first(_ count: Int) -> Activity {
    guard populations.count > count else { return self }
    var result = self
    result.populations = Array(populations[..<count])
    let neurons = result.populations.reduce(0) { $0 + $1.size }
    result.spikes = SpikeTrains(
      samples: spikes.samples, ticks: spikes.ticks, channels: neurons,
      events: spikes.events.filter { $0.channel < neurons })
    return result
  }

  /// Spikes per neuron, summed over samples, in network order.
  public func spikeCounts() -> [UInt64] {
    var counts = [UInt64](repeating: 0, count: populations.reduce(0) { $0 + $1.size })
    for event in spikes.events { counts[Int(event.channel)] += UInt64(event.count) }
    return counts
  }

  /// Mean rate error: Σ_neurons |spikes − reference spikes| / Σ reference spikes, counts summed over samples.
  /// 0 when the reference is silent and so is this.
  public func rateError(against reference: Activity) -> Double {
    let mine = spikeCounts()
    let theirs = reference.spikeCounts()
    let difference = zip(mine, theirs).reduce(0.0) { $0 + abs(Double($1.0) - Double($1.1)) }
    let total = theirs.reduce(0, +)
    if total == 0 { return difference == 0 ? 0 : .infinity }
    return difference / Double(total)
  }

  /// Argmax of the output sums per sample, ties to the lowest index. Empty without outputs.
  public func classes() -> [Int] { largestOutputs(outputSums, count: outputCount, samples: samples) }

  /// Total of the output sums (the total of output spikes where outputs are spikes).
  public var outputTotal: Double { outputSums.reduce(0, +) }

  /// Mean rate in hertz of every population over all samples and ticks.
  public func meanRates() -> [Double] {
    let counts = spikeCounts()
    let seconds = Double(samples) * Double(ticks) * dt
    var begin = 0
    return populations.map { population in
      let total = counts[begin..<begin + population.size].reduce(0, +)
      begin += population.size
      return seconds > 0 && population.size > 0
        ? Double(total) / (Double(population.size) * seconds) : 0
    }
  }
}

extension RunRecord {
  /// The run in network terms. `scales` are the codes per network unit of each output (for summed potentials).
  public func activity(outputScales: [Double]) -> Activity {
    var offsets: [Int32] = []
    var next: Int32 = 0
    for population in layout.populations {
      offsets.append(next)
      next += Int32(population.size)
    }
    let events = spikes.events.map { event -> SpikeTrains.Event in
      let row = Int(event.channel)
      return SpikeTrains.Event(
        sample: event.sample, tick: event.tick - layout.start[row],
        channel: offsets[Int(layout.population[row])] + layout.index[row])
    }.sorted()
    return Activity(
      populations: layout.populations, samples: samples, ticks: inputTicks, dt: dt,
      spikes: SpikeTrains(samples: samples, ticks: inputTicks, channels: Int(next), events: events),
      outputSums: sums(outputScales), outputCount: outputCount)
  }

  /// `Activity.classes` without what else an activity takes, which is as much as all spikes.
  public func classes(outputScales: [Double]) -> [Int] {
    largestOutputs(sums(outputScales), count: outputCount, samples: samples)
  }

  private func sums(_ scales: [Double]) -> [Double] {
    outputSums.enumerated().map { i, sum in
      layout.outputKind[i % outputCount] == 0 ? Double(sum) : Double(sum) / scales[i % outputCount]
    }
  }
}

private func largestOutputs(_ sums: [Double], count: Int, samples: Int) -> [Int] {
  guard count > 0 else { return [] }
  return (0..<samples).map { sample in
    var best = 0
    for k in 1..<max(count, 1) where sums[sample * count + k] > sums[sample * count + best] { best = k }
    return best
  }
}
