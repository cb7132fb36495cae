import Diagnostics
import HDF5Files
import NetworkIR

/// A network as a NIR file: made and checked by `init`, so that nothing is written of a network that NIR cannot hold.
///
/// Populations, inputs and outputs are nodes of their own names. Each map of a projection is a node on its path: Linear
/// or Affine for a matrix, Scale for a diagonal; before a matrix, a Flatten where its input has more than one dimension;
/// behind the source, a Delay of the ticks that the graph's own feedback edges do not take. All numbers are float64.
///
/// NIR has no node that gives a vector its shape back. So a population that a matrix leads to is written as the vector
/// that the matrix gives, in row-major order.
///
/// **Source:** NIR 1.0.8, `nir/serialization.py` (layout), `nir/ir` (nodes).
public struct NIRExport: Sendable {
  let root: HDF5Group
  /// What the file does not say, and how it has to be read; warnings and notes.
  public let notes: [Diagnostic]

  /// - Throws: everything in the network that NIR has no node for: stimuli, refractory times, charge packets,
  ///   synaptic currents into membranes without leak; more weights than a file should have; a cycle whose late edge
  ///   readers would take to be another one.
  public init(_ network: Network) throws(Failure) {
    var problems = DiagnosticCollector()
    problems.add(Self.refusals(network))
    try problems.throwIfErrors()
    let (shifted, shifts) = Self.startingAtZero(network)
    let draft = try NIRDraft.resolved(shifted)
    root = draft.root
    notes = Self.readings(network) + shifts + draft.notes
  }

  /// Writes the file, whole or not at all; equal networks give equal bytes.
  public func write(to path: String) throws(Failure) {
    try HDF5File.write(root, to: path, seal: nil)
  }

  /// Weights of all matrices beyond which a network is refused: the reader's own limit.
  private static let mostWeights = 100_000_000

  private static func refusals(_ network: Network) -> [Diagnostic] {
    var refusals: [Diagnostic] = []
    func refuse(_ id: String, _ subject: String, _ problem: String, found: String? = nil, remedy: String) {
      refusals.append(
        Diagnostic("export.\(id)", subject: subject, problem: problem, found: found, remedy: remedy))
    }
    for stimulus in network.stimuli {
      let subject = "population \(network.populations[stimulus.target].name)"
      switch stimulus.kind {
      case .poisson(let sources, let rate, _, _):
        refuse(
          "poisson", subject, "NIR has no node for a Poisson stimulus",
          found: "\(sources) trains of \(rate) Hz",
          remedy: "Feed the population from an input, and give the trains as a spike file")
      case .current(let current):
        refuse(
          "current", subject, "NIR has no node for a current", found: "\(current)",
          remedy: "Give it as the bias of a projection")
      case .ornsteinUhlenbeck(_, let deviation, _):
        refuse(
          "current", subject, "NIR has no node for a random current", found: "\(deviation)",
          remedy: "Leave the stimulus out, to see what the network does without")
      }
    }
    for population in network.populations where population.noise != nil {
      refuse(
        "noise", "population \(population.name)", "NIR has no noise",
        remedy: "Leave the noise out and compile again, to see what the network does without")
    }
    for population in network.populations {
      let subject = "population \(population.name)"
      if population.equations != nil {
        refuse(
          "equations", subject, "NIR has no node for this neuron model", found: population.model,
          remedy: "Keep the network file; NIR holds LIF, IF, LI, I and their kinds with a synaptic current")
        continue
      }
      if let longest = population.firing?.refractory.max(), longest > 0 {
        refuse(
          "refractory", subject, "NIR has no refractory time", found: "\(longest) s",
          remedy: "Set it to 0 and compile again, to see what the network does without")
      }
      if population.firing?.quantum != nil {
        refuse(
          "relay", subject, "NIR has no neuron from which a spike takes another amount than its threshold",
          found: population.model, remedy: "Compile without relay cells (--pools fold)")
      }
      if population.tau == nil, population.synapse != nil {
        refuse(
          "model", subject, "NIR has no neuron with a synaptic current and a membrane without leak",
          found: population.model, remedy: "Give the membrane a leak, however small")
      }
    }
    for projection in network.projections where projection.unit == .step {
      refuse(
        "step", "projection \(projection.path.joined(separator: " → "))",
        "a weight that steps the membrane has no counterpart in NIR",
        remedy: "Give it as an amplitude that is held over the tick")
    }
    let weights = network.projections.reduce(0.0) { sum, projection in
      projection.maps.reduce(sum) { $0 + Double($1.rows) * Double($1.columns) }
    }
    if weights > Double(mostWeights) {
      refuse(
        "tooLarge", "network \(network.name)",
        "its matrices have too many entries for a NIR file, which holds zeros too",
        found: "\(weights)", remedy: "Export a smaller network")
    }
    return refusals
  }

  /// NIR's membranes start at 0. Where a network's do not, voltages are counted from where they start: the
  /// equations of a population that is reset to a value do not change by that.
  private static func startingAtZero(_ network: Network) -> (Network, [Diagnostic]) {
    var network = network
    var notes: [Diagnostic] = []
    for (p, population) in network.populations.enumerated()
    where population.initial.contains(where: { $0 != 0 }) {
      let subject = "population \(population.name)"
      let found = "\(population.initial[0])"
      guard let firing = population.firing, network.dynamics.reset == .zero else {
        notes.append(
          Diagnostic(
            "export.initial", severity: .warning, subject: subject,
            problem: "NIR starts every membrane at 0, this one starts elsewhere", found: found))
        continue
      }
      func shift(_ values: [Double]) -> [Double] { zip(values, population.initial).map { $0 - $1 } }
      network.populations[p].firing?.threshold = shift(firing.threshold)
      network.populations[p].firing?.reset = shift(firing.reset)
      if population.tau != nil { network.populations[p].leak = shift(population.leak) }
      network.populations[p].initial = population.initial.map { _ in 0 }
      notes.append(
        Diagnostic(
          "export.initial", severity: .note, subject: subject,
          problem: "NIR starts every membrane at 0, so its voltages are counted from where it starts",
          found: found))
    }
    return (network, notes)
  }

  /// How the file must be read to be the same network: none of it is stored in NIR.
  private static func readings(_ network: Network) -> [Diagnostic] {
    let dynamics = network.dynamics
    let standard = Dynamics()
    var options = ["--dt \(dynamics.dt)s"]
    func add(_ option: String, _ value: String, unless isStandard: Bool) {
      if !isStandard { options.append("--\(option) \(value)") }
    }
    add("integrator", dynamics.integrator.rawValue, unless: dynamics.integrator == standard.integrator)
    add("reset", dynamics.reset.rawValue, unless: dynamics.reset == standard.reset)
    add("fire", dynamics.fire.rawValue, unless: dynamics.fire == standard.fire)
    add(
      "synapse-current", dynamics.synapseCurrent.rawValue,
      unless: dynamics.synapseCurrent == standard.synapseCurrent
        || !network.populations.contains { $0.synapse != nil })
    let gains = network.populations.filter { $0.tau == nil }.map(\.r)
    add(
      "if-gain", "perTick",
      unless: !gains.contains { ImportOptions.isRate($0, dt: dynamics.dt) && $0.contains { $0 != 1 } })
    // The text of NIR 1.0.8 fires above the threshold and resets to v_reset.
    let isTextual = dynamics.reset == .zero && dynamics.fire == .strict
    return [
      Diagnostic(
        "export.readings", severity: isTextual ? .note : .warning,
        problem: "a NIR file does not say how its equations become ticks",
        found:
          "dt \(dynamics.dt) s, integrator \(dynamics.integrator.rawValue), reset \(dynamics.reset.rawValue), fire \(dynamics.fire.rawValue)",
        remedy: "Read it with \(options.joined(separator: " "))")
    ]
  }
}
