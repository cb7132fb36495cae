import Diagnostics

extension Network {
  /// Checks what every later step relies on. Readers refuse bad files themselves, so whatever this finds
  /// is a mistake in this program, and is worded for its developers.
  ///
  /// Checked: `dt`; sizes of all parameter vectors; finite numbers, positive time constants; indices in
  /// range; sources that fire; map shapes that chain from source to target; no cycle without a delay.
  public func verify() -> [Diagnostic] {
    var problems: [Diagnostic] = []
    func broken(_ subject: String, _ problem: String) {
      problems.append(Diagnostic("network.verifier", subject: subject, problem: problem))
    }
    if !(dynamics.dt.isFinite && dynamics.dt > 0) { broken("network", "dt is not a positive time") }
    if Set(populations.map(\.name)).count != populations.count {
      broken("network", "two populations have the same name")
    }
    for population in populations {
      for problem in population.problems() { broken("population \(population.name)", problem) }
      if let noise = population.noise,
        !(noise.step >= 0 && noise.step.isFinite && noise.threshold >= 0 && noise.threshold.isFinite)
      {
        broken("population \(population.name)", "has impossible noise")
      }
    }
    for (index, projection) in projections.enumerated() {
      let subject = "projection \(index) (\(projection.path.joined(separator: " → ")))"
      for problem in problemsOf(projection) { broken(subject, problem) }
    }
    for (index, stimulus) in stimuli.enumerated() {
      if !populations.indices.contains(stimulus.target) { broken("stimulus \(index)", "has no target") }
      if case .ornsteinUhlenbeck(let mean, let deviation, let time) = stimulus.kind,
        !(mean.isFinite && deviation >= 0 && deviation.isFinite && time > 0 && time.isFinite)
      {
        broken("stimulus \(index)", "has impossible numbers")
      }
      if case .poisson(let sources, let rate, let weight, _) = stimulus.kind,
        !(sources >= 0 && rate >= 0 && rate.isFinite && weight.isFinite)
      {
        broken("stimulus \(index)", "has impossible numbers")
      }
    }
    for output in outputs where !populations.indices.contains(output.population) {
      broken("output \(output.name)", "has no population")
    }
    if problems.isEmpty, evaluationOrder() == nil {
      broken("network", "has a cycle in which no projection has a delay")
    }
    return problems
  }

  /// Populations in an order in which every spike that acts in its own tick (a projection with
  /// `delayTicks` = 0) is made before it is used; nil when a cycle of such projections makes that
  /// impossible. Ties keep the network's order.
  public func evaluationOrder() -> [Int]? {
    var waiting = [Int](repeating: 0, count: populations.count)
    var targets = [[Int]](repeating: [], count: populations.count)
    for projection in projections where projection.delayTicks == 0 {
      if case .population(let source) = projection.source {
        waiting[projection.target] += 1
        targets[source].append(projection.target)
      }
    }
    var order: [Int] = []
    var ready = populations.indices.filter { waiting[$0] == 0 }
    var next = 0
    while next < ready.count {
      let population = ready[next]
      next += 1
      order.append(population)
      for target in targets[population] {
        waiting[target] -= 1
        if waiting[target] == 0 { ready.append(target) }
      }
    }
    return order.count == populations.count ? order : nil
  }

  private func problemsOf(_ projection: Projection) -> [String] {
    guard populations.indices.contains(projection.target) else { return ["has no target"] }
    let sourceSize: Int
    switch projection.source {
    case .input(let index):
      guard inputs.indices.contains(index) else { return ["has no source"] }
      sourceSize = inputs[index].size
    case .population(let index):
      guard populations.indices.contains(index) else { return ["has no source"] }
      guard populations[index].firing != nil else { return ["comes from a readout, which never fires"] }
      sourceSize = populations[index].size
    }
    var found: [String] = []
    if projection.delayTicks < 0 { found.append("has a negative delay") }
    if projection.isFeedback && projection.delayTicks < 1 { found.append("is feedback without a delay") }
    if projection.maps.isEmpty { found.append("has no maps") }
    var size = sourceSize
    for map in projection.maps {
      found += map.problems()
      if map.columns != size { found.append("takes \(map.columns) values and gets \(size)") }
      size = map.rows
    }
    if size != populations[projection.target].size {
      found.append("gives \(size) values to \(populations[projection.target].size) neurons")
    }
    return found
  }
}

extension Population {
  fileprivate func problems() -> [String] {
    var found: [String] = []
    func check(_ values: [Double]?, _ name: String, where isPossible: (Double) -> Bool = { _ in true }) {
      guard let values else { return }
      if values.count != size { found.append("\(name) has \(values.count) values for \(size) neurons") }
      if !values.allSatisfy({ $0.isFinite && isPossible($0) }) {
        found.append("\(name) has impossible values")
      }
    }
    check(tau, "tau") { $0 >= 0 }
    check(r, "r")
    check(leak, "leak")
    check(synapse?.tau, "synapse.tau") { $0 > 0 }
    check(synapse?.weight, "synapse.weight")
    check(firing?.threshold, "threshold")
    check(firing?.reset, "reset")
    check(firing?.refractory, "refractory")
    check(firing?.quantum, "quantum") { $0 > 0 }
    if let firing, firing.refractory.contains(where: { $0 < 0 }) { found.append("refractory is negative") }
    check(initial, "initial")
    if let equations {
      found += equations.problems()
      if tau != nil || synapse != nil || firing == nil || physical == nil {
        found.append("it has equations and a membrane")
      }
    }
    if let physical, !(physical.capacitance.isFinite && physical.capacitance > 0) {
      found.append("capacitance is not positive")
    }
    return found
  }
}

extension LinearMap {
  fileprivate func problems() -> [String] {
    let values: [Double]
    var found: [String] = []
    switch self {
    case .dense(let weight, let rows, let columns, let bias):
      values = weight
      if weight.count != rows * columns { found.append("a dense map has the wrong number of weights") }
      if let bias, bias.count != rows { found.append("a dense map has the wrong number of biases") }
      if let bias, !bias.allSatisfy(\.isFinite) { found.append("a bias is not finite") }
    case .diagonal(let scale): values = scale
    case .convolution(let convolution):
      values = convolution.weight
      found += convolution.problems
    case .pool(let pool):
      values = [pool.scale]
      found += pool.problems
    case .sparse(let begin, let column, let weight, let columns):
      values = weight
      let ascending = zip(begin, begin.dropFirst()).allSatisfy { $0 <= $1 }
      if begin.first != 0 || begin.last != weight.count || weight.count != column.count || !ascending {
        found.append("a sparse map has inconsistent offsets")
      }
      if !column.allSatisfy({ $0 >= 0 && Int($0) < columns }) {
        found.append("a sparse map leaves its columns")
      }
    }
    if !values.allSatisfy(\.isFinite) { found.append("a weight is not finite") }
    return found
  }
}
