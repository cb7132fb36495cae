import NetworkIR

extension MeanFieldReading {
  /// The network as its author means it, in continuous time.
  ///
  /// A held amplitude w flows for one tick, so its step is J = r·w·dt/τ (r·w without a leak, and in either case times
  /// the synapse's weight where there is one). Constants are drift through a membrane without leak, and otherwise part
  /// of E. A reset by subtraction leaves V_θ − threshold. Populations stand for their mean neuron.
  public init(_ network: Network) {
    let dynamics = network.dynamics
    let count = network.populations.count
    var neurons = network.populations.map { population in
      (0..<population.size).map { MeanField.Population(population, neuron: $0, dynamics: dynamics) }
    }
    var couplings = CouplingMoments(populations: count)
    var hasInput = [Bool](repeating: false, count: count)
    var isStochastic = hasInput

    /// Step per unit of held amplitude.
    func factor(_ population: Population, _ i: Int) -> Double {
      population.r[i] * (population.synapse?.weight[i] ?? 1)
        * (population.tau.map { dynamics.dt / $0[i] } ?? 1)
    }
    for projection in network.projections {
      let target = projection.target
      let population = network.populations[target]
      let source: Int?
      switch projection.source {
      case .input:
        source = nil
        hasInput[target] = true
      case .population(let index):
        source = index
        isStochastic[target] = true
      }
      let constant = projection.constant
      let isHeld = projection.unit == .held
      for i in 0..<population.size {
        let unit = isHeld ? factor(population, i) : 1
        neurons[target][i].drift += constant[i] * unit / dynamics.dt
        guard let source else { continue }
        var sums = StepSums()
        projection.forEachPath(toRow: i) { weight in sums.add(weight * unit) }
        couplings.add(source: source, target: target, sums)
      }
    }
    for stimulus in network.stimuli {
      let population = network.populations[stimulus.target]
      for i in 0..<population.size {
        switch stimulus.kind {
        case .current(let amplitude):
          neurons[stimulus.target][i].drift += amplitude * factor(population, i) / dynamics.dt
        case .poisson(let sources, let rate, let weight, let unit):
          isStochastic[stimulus.target] = true
          neurons[stimulus.target][i].addPoisson(
            count: Double(sources), rate: rate,
            step: weight * (unit == .held ? factor(population, i) : 1))
        case .ornsteinUhlenbeck(let mean, let deviation, let time):
          isStochastic[stimulus.target] = true
          let unit = factor(population, i) / (population.synapse?.weight[i] ?? 1) / dynamics.dt
          neurons[stimulus.target][i].drift += mean * unit
          // White noise of the same spectrum at 0 Hz; its time constant shifts the bounds as a synapse's does.
          neurons[stimulus.target][i].power += 2 * time * deviation * deviation * unit * unit
          if population.synapse == nil { neurons[stimulus.target][i].synapse = time }
        }
      }
    }
    for (p, population) in network.populations.enumerated() {
      guard let noise = population.noise, noise.step > 0 || noise.threshold > 0 else { continue }
      isStochastic[p] = true
      for i in 0..<population.size { neurons[p][i].power += noise.step * noise.step / dynamics.dt }
    }
    self.init(
      names: network.populations.map(\.name), neurons: neurons, couplings: couplings,
      hasRate: network.populations.map { population in
        population.firing != nil && population.equations == nil && population.size > 0
          && !(population.tau?.contains(0) ?? false)
      }, hasInput: hasInput, isStochastic: isStochastic)
  }
}

extension MeanField.Population {
  fileprivate init(_ population: Population, neuron i: Int, dynamics: Dynamics) {
    let firing = population.firing
    let threshold = firing?.threshold[i] ?? .infinity
    let subtracted = firing?.quantum?[i] ?? (dynamics.reset == .subtract ? threshold : nil)
    self.init(
      name: population.name, timeConstant: population.tau?[i],
      rest: population.tau == nil ? 0 : population.leak[i],
      threshold: threshold, reset: subtracted.map { threshold - $0 } ?? firing?.reset[i] ?? 0,
      refractory: firing?.refractory[i] ?? 0, synapse: population.synapse?.tau[i] ?? 0)
  }
}

extension Projection {
  /// Calls `body` with the weight of every source that reaches an output.
  ///
  /// With one map these are its entries. With several, row i of the product is worked out from the last map back.
  fileprivate func forEachPath(toRow i: Int, _ body: (Double) -> Void) {
    guard maps.count > 1, let last = maps.last else {
      maps[0].forEachEntry(inRow: i) { _, weight in body(weight) }
      return
    }
    var row: [Int: Double] = [:]
    last.forEachEntry(inRow: i) { row[$0, default: 0] += $1 }
    for map in maps.dropLast().reversed() {
      var next: [Int: Double] = [:]
      for (k, outer) in row.sorted(by: { $0.key < $1.key }) {
        map.forEachEntry(inRow: k) { next[$0, default: 0] += outer * $1 }
      }
      row = next
    }
    // In order, so that sums have the same bits in every run.
    for (_, weight) in row.sorted(by: { $0.key < $1.key }) where weight != 0 { body(weight) }
  }
}
