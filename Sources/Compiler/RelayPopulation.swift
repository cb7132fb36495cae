import NetworkIR

extension Population {
  /// Cells that sum what reaches them and pass it on in quanta, one value per cell: they fire above q/2 and take q off.
  static func relays(named name: String, shape: [Int], quanta: [Double]) -> Population {
    let zeros = [Double](repeating: 0, count: quanta.count)
    return Population(
      name: name, shape: shape, model: "relay", tau: nil, r: [Double](repeating: 1, count: quanta.count),
      leak: zeros,
      firing: Firing(
        threshold: quanta.map { $0 / 2 }, reset: zeros, refractory: zeros, quantum: quanta), initial: zeros)
  }
}

extension Network {
  /// The name, with marks behind it as long as a population has it.
  func freeName(_ wanted: String) -> String {
    var name = wanted
    while populations.contains(where: { $0.name == name }) { name += "'" }
    return name
  }
}
