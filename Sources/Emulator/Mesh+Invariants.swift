/// What is in the mesh, and what must hold after every step.
extension Mesh {
  /// The first fact of any credit-based mesh that does not hold, or nil.
  ///
  /// - Every FIFO holds 0 … depth flits, and all FIFOs and links together hold `flits`.
  /// - Of every buffer: credits + flits on their way to it + flits in it + credits on their way back = depth.
  ///   The core is a buffer whose flits leave it at once.
  func violatedInvariant() -> String? {
    var onTheWay = [Int](repeating: 0, count: routers * Mesh.stride)
    for transit in hopsInFlight.contents + injectionsInFlight.contents {
      onTheWay[Int(transit.target)] += 1
    }
    var returning = [Int](repeating: 0, count: routers * Mesh.stride)
    for key in creditsInFlight.contents { returning[Int(key)] += 1 }

    var held = 0
    for (key, port) in ports.enumerated() {
      held += Int(port.occupancy) + onTheWay[key]
      if port.occupancy < 0 || port.occupancy > depth { return "FIFO \(key) holds \(port.occupancy) flits" }
      guard port.feeds >= 0 else { continue }
      let target = Int(port.feeds)
      let sum = Int(port.credits) + onTheWay[target] + Int(ports[target].occupancy) + returning[key]
      if sum != depth { return "credits of \(key) add up to \(sum), not \(depth)" }
    }
    return held == flits ? nil : "\(held) flits are in the mesh, \(flits) were counted"
  }

  /// The flits in the input FIFO of a port, head first.
  func waitingFlits(router: Int, port: Int) -> [Flit] {
    let key = router * Mesh.stride + port
    return (0..<Int(ports[key].occupancy)).map {
      fifo[key * depth + (Int(ports[key].head) + $0) % depth]
    }
  }
}
