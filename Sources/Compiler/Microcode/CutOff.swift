import NetworkIR

/// Where a spike can no longer be averted, and how long it then takes.
///
/// In the models with a runaway (quadratic, exponential) nothing stops the potential once it is high enough, and the last
/// stretch takes next to no time, but the largest numbers of all. So the program takes the spike earlier, at a potential
/// from which the peak is reached within half a pass, which also makes up for the half a pass by which a spike is found
/// late on average. With f the derivative of the potential,
/// ```
/// T(V) = Σ ΔV / min f      over slices of V … V_peak, min f by interval arithmetic over all states and currents
/// ```
/// is proven to be no less than the time that is left.
struct CutOff: Sendable {
  private var edges: [Double] = []
  /// Time left from every edge to the peak; infinite where the potential could still turn.
  private var left: [Double] = []

  private static let slices = 4096

  /// - Parameters:
  ///   - ranges: of the variables; the potential's lower end is where the search ends.
  init?(_ equations: NeuronEquations, ranges: [ClosedRange<Double>], currents: ClosedRange<Double>) {
    guard let peak = equations.fixedPeak else { return nil }
    let bottom = ranges[0].lowerBound
    guard bottom < peak else { return nil }
    let program = ExpressionProgram([equations.derivatives[0]])
    var bounds = ranges
    var time = 0.0
    edges = [peak]
    left = [0]
    let width = (peak - bottom) / Double(Self.slices)
    for slice in 1...Self.slices {
      let edge = peak - Double(slice) * width
      bounds[0] = edge...edges[edges.count - 1]
      let slowest = program.bounds(bounds, current: currents)[program.results[0]].lowerBound
      guard slowest > 0 else { break }
      time += width / slowest
      edges.append(edge)
      left.append(time)
    }
  }

  /// The lowest potential from which at most `time` is left, if that is below the peak.
  func potential(within time: Double) -> Double? {
    guard let index = left.lastIndex(where: { $0 <= time }), index > 0 else { return nil }
    return edges[index]
  }

  /// The most time that is left from this potential on.
  func time(from potential: Double) -> Double {
    edges.firstIndex { $0 <= potential }.map { left[$0] } ?? .infinity
  }

  /// Where the last stretch begins: from here the spike is certain and at most this far away, in ms.
  static let lastStretch = 1.0

  /// The lowest such potential, nil where there is none below the peak.
  var lastStretch: Double? { potential(within: Self.lastStretch) }
}
