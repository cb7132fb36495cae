import Diagnostics
import Emulator
import ProgramImage

/// One network and mesh, timed.
struct ScalingPoint {
  let name: String
  let network: ScalingNetwork
  let mesh: RunOptions.Mesh
  let synapses: Int
  /// Of one tick.
  let work: Work
  let seconds: Double

  static let rounds = 5
  /// Ticks before the first round, and processor seconds of a round.
  private static let warmUp = 4
  private static let roundSeconds = 0.02
  private static let mostTicks = 20_000

  init(
    _ name: String, _ network: ScalingNetwork, _ image: ProgramImage, _ mesh: RunOptions.Mesh,
    crosspointsPerSynapse: Double = Emulator.crosspointsPerSynapse
  ) throws(Failure) {
    self.name = name
    self.network = network
    self.mesh = mesh
    synapses = image.crossbar.weight.count
    let emulator = Emulator(image, mesh: mesh, crosspointsPerSynapse: crosspointsPerSynapse)
    let ticks = network.channels > 0 ? 2000 : Self.mostTicks
    var pilot = Pilot(emulator, network.input(ticks: ticks), ticks: ticks)
    let warm = try pilot.run(ticks: Self.warmUp)
    let length = max(
      2, min(pilot.ticksLeft / Self.rounds, Int(Self.roundSeconds * Double(Self.warmUp) / warm.seconds)))
    var sum = Work()
    var times: [Double] = []
    for _ in 0..<Self.rounds {
      let round = try pilot.run(ticks: length)
      sum = sum + round.work
      times.append(round.seconds / Double(length))
    }
    work = sum * (1 / Double(length * Self.rounds))
    seconds = times.sorted()[Self.rounds / 2]
  }

  /// The counts divided by the time: what a model should make 1 of.
  var row: [Double] { work.counts.map { $0 / seconds } }
}
