import Diagnostics
import Emulator
import ProgramImage

/// One network and mesh, timed.
struct ScalingPoint {
  let network: ScalingNetwork
  let mesh: RunOptions.Mesh
  /// Of one tick; seconds are processor time.
  let work: Work
  let seconds: Double

  private static let rounds = 5
  private static let roundSeconds = 0.015
  /// Ticks before the first round, so that as much is on its way as later.
  private static let warmUp = 4
  private static let mostTicks = 20_000
  private static let mostInputTicks = 2000

  /// - Parameter crosspointsPerSynapse: as `Emulator` takes it.
  init(
    _ network: ScalingNetwork, _ image: ProgramImage, _ mesh: RunOptions.Mesh,
    crosspointsPerSynapse: Double = Emulator.crosspointsPerSynapse
  ) throws(Failure) {
    self.network = network
    self.mesh = mesh
    let emulator = Emulator(image, mesh: mesh, crosspointsPerSynapse: crosspointsPerSynapse)
    let ticks = network.channels > 0 ? Self.mostInputTicks : Self.mostTicks
    var pilot = Pilot(emulator, network.input(ticks: ticks), ticks: ticks)
    let warm = try pilot.run(ticks: Self.warmUp).seconds / Double(Self.warmUp)
    let length = max(2, min(pilot.ticksLeft / Self.rounds, Int(Self.roundSeconds / warm)))
    var sum = Work()
    var fastest = Double.infinity
    for _ in 0..<Self.rounds {
      let round = try pilot.run(ticks: length)
      sum = sum + round.work
      fastest = min(fastest, round.seconds / Double(length))
    }
    work = sum * (1 / Double(length * Self.rounds))
    seconds = fastest
  }

  /// The counts divided by the time: what a model should make 1 of.
  var row: [Double] { work.counts.map { $0 / seconds } }
}
