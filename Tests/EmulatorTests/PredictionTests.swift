import Observations
import ProgramImage
import Testing

@testable import Emulator

/// What a prediction counts, against what runs count, and what it makes of it.
@Suite struct PredictionTests {
  /// All samples of a program, tick by tick, do what the record says.
  @Test(arguments: RunOptions.Mesh.allCases)
  func workIsWhatTheRecordCounts(mesh: RunOptions.Mesh) throws {
    var hops = 0.0
    var resting: UInt64 = 0
    for program in (UInt64(0)..<60).map(RandomProgram.make) + (UInt64(0)..<4).map(RandomProgram.quiet) {
      let emulator = Emulator(program.image, mesh: mesh)
      let (record, profile) = try emulator.profile(
        program.input, options: RunOptions(samples: program.samples, ticks: program.ticks))
      var pilot = Pilot(emulator, program.input, ticks: program.ticks)
      var work = Work()
      for sample in 0..<program.samples {
        pilot.begin(sample: sample)
        while pilot.ticksLeft > 0 { work = work + (try pilot.run(ticks: 3)).work }
      }
      let cores = record.coreCounters
      func sum(_ count: (RunRecord.CoreCounters) -> UInt64) -> Double {
        Double(cores.map(count).reduce(0, +))
      }
      #expect(work[.tick] == Double(record.tickCycles.count))
      #expect(work[.coreTick] + work[.flatCoreTick] == work[.tick] * Double(cores.count))
      #expect(work[.neuronUpdate] == sum(\.neuronUpdates) - Double(profile.restingUpdates))
      resting += profile.restingUpdates
      #expect(work[.spike] == sum(\.spikes))
      #expect(work[.inputEvent] == sum(\.inputEvents))
      // Straight cores divide what they read by two kinds.
      #expect(abs(work[.rowRead] + work[.listRead] + work[.straightAxon] - sum(\.rowReads)) < 1e-6)
      let isCycles = mesh == .cycles
      #expect(work[.packet] == (isCycles ? sum(\.packets) : 0))
      #expect(work[.delivery] == (isCycles ? sum(\.deliveries) : 0))
      #expect(work[.hop] + work[.treeHop] == (isCycles ? Double(record.counters.hops) : 0))
      #expect(work[.meshCycle] <= Double(record.counters.cycles))
      hops += work[.hop] + work[.treeHop]
    }
    #expect((hops > 1000) == (mesh == .cycles))
    #expect(resting > 0)
  }

  /// Samples that are all alike are as long as the pilot's: what is counted per tick is exact, whichever it ran.
  @Test func likeSamplesArePredictedByAny() throws {
    var program = RandomProgram.sparse(3)
    program.samples = 500
    let emulator = Emulator(program.image)
    let options = RunOptions(samples: program.samples, ticks: program.ticks)
    let spikes = try emulator.run(program.input, options: options).counters.spikes
    let prediction = try #require(
      try emulator.predict(program.input, options: options, model: .counting(.spike)))
    #expect(prediction.wholeSamples > 0)
    #expect(abs(prediction.modelSeconds - Double(spikes)) < 1e-6 * Double(spikes))
    #expect(prediction.pilotTicks >= prediction.wholeSamples * program.ticks)
  }

  /// A sample that is longer than the pilot is taken to go on as the pilot's later half, not as its silent beginning.
  @Test func aLongSampleGoesOnAsThePilotEnds() throws {
    let program = RandomProgram.sparse(3)
    let ticks = 5_000_000
    let emulator = Emulator(program.image)
    let prediction = try #require(
      try emulator.predict(
        SpikeTrains(samples: 1, ticks: ticks, channels: 0, events: []),
        options: RunOptions(samples: 1, ticks: ticks), model: .counting(.coreTick)))
    #expect(prediction.wholeSamples == 0)
    #expect(prediction.pilotTicks < ticks / 10)
    #expect(prediction.modelSeconds == Double(program.image.cores.count * ticks))
  }

  /// What a model says is its coefficients' sum, and a pilot's pace makes up for a model that is wrong as a whole.
  @Test func paceMakesUpForTheModel() throws {
    let program = RandomProgram.sparse(3)
    let options = RunOptions(samples: 1, ticks: program.ticks)
    let emulator = Emulator(program.image)
    var slow = CostModel.measured
    slow.coefficients = slow.coefficients.map { $0 * 1e6 }
    let prediction = try #require(try emulator.predict(program.input, options: options, model: slow))
    #expect(prediction.pace < 1e-3)
    #expect(prediction.seconds > 0 && prediction.seconds < 1)
  }
}

extension CostModel {
  /// A second for each of one term.
  fileprivate static func counting(_ term: Work.Term) -> CostModel {
    CostModel(coefficients: Work.Term.allCases.map { $0 == term ? 1 : 0 })
  }
}
