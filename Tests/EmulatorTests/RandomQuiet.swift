import ChipModel
import FixedPoint
import Observations
import ProgramImage
import TestSupport

extension RandomProgram {
  /// A program of cores with several hundred neurons most of which have nothing to do most of the time: they leak to rest or
  /// to where rounding holds them, a constant keeps some below their threshold and some at their floor, and input comes in
  /// bursts with long silences. All rules of the leaky datapath are drawn that the lanes have.
  static func quiet(_ seed: UInt64) -> RandomProgram {
    var maker = QuietMaker(random: SeededGenerator(state: seed &+ 77))
    return maker.make(from: flat(seed, widths: 150...600, density: 40))
  }
}

private struct QuietMaker {
  var random: SeededGenerator

  mutating func make(from template: RandomProgram) -> RandomProgram {
    var program = template
    changeRules(&program.image.chip.datapath)
    changeNeurons(&program.image)
    keepFewRoutes(&program.image)
    if random.oneIn(4) { addPoisson(&program.image) }
    program.image.drainTicks = random.int(0...12)
    program.ticks = random.int(40...60)
    program.samples = random.int(1...2)
    program.input = makeInput(program)
    return program
  }

  private mutating func changeRules(_ datapath: inout Chip.LeakyDatapath) {
    datapath.decayOf = random.pick(Chip.LeakyDatapath.DecayOf.allCases)
    datapath.decayRounding = random.pick(Rounding.allCases.filter { $0 != .stochastic })
    datapath.minimumStep = datapath.decayOf == .leak && random.oneIn(3) ? random.int(1...3) : 0
    datapath.inputRounding = random.pick(Rounding.allCases.filter { $0 != .stochastic })
    datapath.comparison = random.pick(Chip.LeakyDatapath.Comparison.allCases)
    datapath.stateOverflow = random.pick(Overflow.allCases)
    datapath.synapseOverflow = random.pick(Overflow.allCases)
    datapath.driveOverflow = random.oneIn(3) ? random.pick(Overflow.allCases) : nil
    datapath.synapseInput = random.oneIn(3) ? .beforeDecay : .afterDecay
    datapath.spikesPerTick = random.oneIn(3) ? 2 : 1
  }

  /// What all neurons of a core share is drawn per core, so that its lanes stay; biases are the neurons' own.
  private mutating func changeNeurons(_ image: inout ProgramImage) {
    let kicks = random.oneIn(3)
    for core in 0..<image.cores.count {
      let rows = Int(image.cores.neuronBegin[core])..<Int(image.cores.neuronBegin[core + 1])
      let bias = random.pick([0...0, 0...0, 1...6, -40...(-20)])
      let start = Int32(random.oneIn(2) ? 0 : random.int(1...9))
      let stop = Int32(random.int(0...2))
      let threshold = Int32(random.int(120...400))
      let floor = Int32(random.pick([-300, -30, 0]))
      for row in rows {
        image.neurons.threshold[row] = threshold
        image.neurons.floor[row] = floor
        image.neurons.bias[row] = Int32(random.int(bias))
        image.neurons.start[row] = start
        image.neurons.stop[row] = stop
        if kicks { image.neurons.kick[row] = Int32(random.int(0...20)) }
      }
    }
  }

  /// So that a burst dies out.
  private mutating func keepFewRoutes(_ image: inout ProgramImage) {
    let sends = (0..<image.neurons.count).map { _ in random.oneIn(20) }
    image.routes = image.routes.filtered { row, _ in sends[row] }
  }

  /// A few neurons that hear something in one tick of thirty.
  private mutating func addPoisson(_ image: inout ProgramImage) {
    image.poisson.threshold = [UInt32.max / 30 * 29]
    image.poisson.tableBegin.append(1)
    for row in 0..<image.neurons.count where random.oneIn(200) {
      image.poisson.neuron.append(Int32(row))
      image.poisson.weight.append(Int32(random.int(20...80)))
      image.poisson.stream.append(UInt32(row))
      image.poisson.table.append(0)
    }
  }

  private mutating func makeInput(_ program: RandomProgram) -> SpikeTrains {
    let channels = program.image.inputs.channels
    var events: [SpikeTrains.Event] = []
    for sample in 0..<program.samples {
      let bursts = (0..<random.int(0...2)).map { _ in random.int(0...program.ticks - 1) }
      for tick in 0..<program.ticks where bursts.contains(where: { (0...1).contains(tick - $0) }) {
        for channel in 0..<channels where random.oneIn(2) {
          events.append(.init(sample: Int32(sample), tick: Int32(tick), channel: Int32(channel)))
        }
      }
    }
    return SpikeTrains(samples: program.samples, ticks: program.ticks, channels: channels, events: events)
  }
}

extension ProgramImage.Routes {
  /// The routes for which `isKept` holds, by the row that they begin in and by their number.
  func filtered(_ isKept: (_ row: Int, _ route: Int) -> Bool) -> ProgramImage.Routes {
    var kept = ProgramImage.Routes()
    for row in 0..<begin.count - 1 {
      for i in Int(begin[row])..<Int(begin[row + 1]) where isKept(row, i) {
        kept.kind.append(kind[i])
        kept.core.append(core[i])
        kept.axon.append(axon[i])
        kept.delay.append(delay[i])
      }
      kept.begin.append(Int64(kept.kind.count))
    }
    return kept
  }
}
