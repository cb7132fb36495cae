import Compiler
import Observations
import ReferenceModel

/// What every cause owns of the chip's deviation from the float64 reference.
struct Ladder: Encodable, Sendable, Equatable {
  struct Rung: Encodable, Sendable, Equatable {
    var cause: Cause
    /// Whether there is nothing to switch on, as with parasitics on a digital chip.
    var isIdle: Bool
    /// Deviation with this cause and all before it.
    var cumulative: Measures
    /// What it adds to the causes before it: the parts sum to the whole.
    var increment: Measures
    /// What it does with no other cause acting.
    var alone: Measures
    /// increment − alone.
    var interaction: Measures
  }

  /// Seconds per tick of the reference, and of the chip.
  var referenceDtSeconds: Double
  var dtSeconds: Double
  var rungs: [Rung]
  /// The chip against the reference: the sum of all increments.
  var whole: Measures
  /// The sum of all interactions.
  var interaction: Measures
  /// The cause with the largest share of the spike distance; left out when no spike differs.
  var mainCause: Cause?
  /// Its increment over the whole spike distance.
  var mainShare: Double?

  func rung(_ cause: Cause) -> Rung? { rungs.first { $0.cause == cause } }
}

/// The runs that a ladder is built from.
struct LadderRuns: Sendable {
  var parameters: LadderParameters
  var places: NeuronPlaces
  var input: SpikeTrains
  var ticks: Int
  var samples: Int
  var seed: UInt64

  func run(_ acting: Set<Cause>) -> Activity {
    CoreNetwork(parameters, acting: acting, places: places).run(
      input, ticks: ticks, samples: samples, seed: seed)
  }

  /// Whether a cause has nothing to switch on.
  func isIdle(_ cause: Cause) -> Bool {
    switch cause {
    case .parasitics: parameters.populations.allSatisfy { $0.physical == $0.ideal }
    case .floor: parameters.populations.allSatisfy { $0.floor == nil }
    case .meshLateness: parameters.connections.allSatisfy { $0.lateness == 0 }
    default: false
    }
  }
}

extension Ladder {
  /// Runs the network with every cause switched on alone, and on top of all before it.
  ///
  /// - Parameters:
  ///   - reference: what the chip is judged by.
  ///   - float: float64 with the chip's time per tick; nil where the reference has it.
  ///   - relayed: float64 of the network with the compiler's relays; nil where it has none.
  ///   - chip: the emulator's run: what remains between it and all other causes is `meshLateness`. Alone that is the known
  ///     lateness of connections; packets that a run drops or delays are in the increment only. On a chip that takes event by
  ///     event the remainder is `events`.
  init(
    _ runs: LadderRuns, reference: Yardstick, referenceDtSeconds: Double, float: Activity?,
    relayed: Activity?,
    chip: Activity, threads: Int,
    progress: (@Sendable (Int, Int) -> Void)?
  ) {
    let switched = Cause.switched.filter { !runs.isIdle($0) }
    let network = Yardstick(
      reference: float ?? reference.reference, labels: reference.labels, fires: reference.fires)
    // One job per mixture: (causes that act, against the reference or alone).
    let before = { (cause: Cause) in Set(Cause.switched.prefix { $0 != cause } + [cause]) }
    let jobs: [(acting: Set<Cause>, isAlone: Bool)] =
      [([], false), ([], true)]
      + switched.filter { $0 != .meshLateness || runs.places.isPerEvent }.map { (before($0), false) }
      + switched.map { ([$0], true) }
    let progress = progress.map { progress in { @Sendable (done: Int) in progress(done, jobs.count) } }
    let measured = inParallel(jobs.count, threads: threads, finished: progress) { k in
      let (acting, isAlone) = jobs[k]
      return (isAlone ? network : reference).measure(runs.run(acting))
    }
    func result(_ acting: Set<Cause>, isAlone: Bool) -> Measures? {
      jobs.firstIndex { $0.acting == acting && $0.isAlone == isAlone }.map { measured[$0] }
    }

    let start = reference.measure(reference.reference)
    let zero = start - start
    let ideal = result([], isAlone: true) ?? start
    var rungs: [Rung] = []
    func add(_ cause: Cause, isIdle: Bool, cumulative: Measures, alone: Measures) {
      let increment = cumulative - (rungs.last?.cumulative ?? start)
      rungs.append(
        Rung(
          cause: cause, isIdle: isIdle, cumulative: cumulative, increment: increment, alone: alone,
          interaction: increment - alone))
    }
    let atDt = float.map(reference.measure) ?? start
    add(.dt, isIdle: float == nil, cumulative: atDt, alone: atDt - start)
    let withRelays = relayed.map(reference.measure) ?? atDt
    let relaysAlone = relayed.map(network.measure) ?? network.measure(network.reference)
    add(
      .relays, isIdle: relayed == nil, cumulative: withRelays,
      alone: relaysAlone - network.measure(network.reference))
    add(
      .updateForm, isIdle: false, cumulative: result([], isAlone: false) ?? withRelays,
      alone: ideal - relaysAlone)
    for cause in Cause.switched {
      let isIdle = !switched.contains(cause)
      let last = rungs.last?.cumulative ?? start
      let cumulative =
        cause == .meshLateness && !runs.places.isPerEvent
        ? reference.measure(chip) : result(before(cause), isAlone: false) ?? last
      add(
        cause, isIdle: isIdle, cumulative: cumulative,
        alone: result([cause], isAlone: true).map { $0 - ideal } ?? zero)
    }
    if runs.places.isPerEvent {
      add(.events, isIdle: false, cumulative: reference.measure(chip), alone: zero)
    }
    self.rungs = rungs
    self.referenceDtSeconds = referenceDtSeconds
    dtSeconds = runs.places.dt
    whole = (rungs.last?.cumulative ?? start) - start
    let alone = rungs.map(\.alone).reduce(zero, +)
    interaction = whole - alone
    let largest = rungs.max { $0.increment.spikeDistance < $1.increment.spikeDistance }
    if let largest, largest.increment.spikeDistance > 0, whole.spikeDistance > 0 {
      mainCause = largest.cause
      mainShare = largest.increment.spikeDistance / whole.spikeDistance
    }
  }
}
