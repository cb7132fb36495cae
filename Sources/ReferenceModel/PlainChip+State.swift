import ChipModel
import Observations
import ProgramImage

extension PlainChip {
  /// `target` is an axon (spike) or a neuron of the core (partial).
  struct Destination: Equatable {
    var core: Int
    var target: Int
  }

  /// Where a packet waited, and for how many cycles; output 5 is the injection queue.
  struct Wait {
    var cycles: Int
    var router: Int
    var output: Int
  }

  /// One packet, or a copy of one on its way.
  struct Packet {
    var isPartial: Bool
    /// Neuron row, or −1 − channel.
    var source: Int
    /// Those that this copy is responsible for.
    var destinations: [Destination]
    var targetTick: Int
    var value: Int
    /// Elapsed cycle from which its latency counts.
    var since: Int
    /// Outputs of the router it is in that have sent a copy of it on.
    var served: [Int] = []
    /// Elapsed cycle in which it became eligible in the FIFO it is in.
    var eligible = 0
    /// The longest so far, and of equal ones the first; nil before injection.
    var longestWait: Wait?

    mutating func note(_ wait: Wait) {
      if let longest = longestWait, longest.cycles >= wait.cycles { return }
      longestWait = wait
    }
  }

  struct Neuron {
    var v: Int
    var u: Int
    var refractory = 0
    /// [delaySlots]
    var partialSum: [Int]
    /// State of a neuron with a program, r0 first, and its other registers.
    var words: [Int]
    var scratch: [Int]
  }

  struct Core {
    /// [axons][delaySlots]
    var axonCount: [[Int]]
    /// [delaySlots] axons of the spikes that wait, in order of arrival.
    var arrivals: [[Int]]
    var neurons: [Neuron]
    var queue: [Packet] = []
    var emission = Emission()
    /// The noise register, lowest bit first; empty without one.
    var register: [Bool] = []
  }

  /// A core's way through the groups of one tick (§4). Cycles count from the start of the tick.
  struct Emission {
    /// Packets of each group that have not entered the queue.
    var groups: [[Packet]] = []
    var group = 0
    /// Cycles that each group takes.
    var durations: [Int] = []
    /// Cycle in which `group` is complete.
    var complete = 0
    var idle: Int?
    var frozen = 0
  }

  struct Router {
    /// [5] heads first.
    var inputs: [[Packet]] = Array(repeating: [], count: 5)
    /// [5]
    var outputCredits: [Int]
    /// [5] position in the port order.
    var pointers = [0, 0, 0, 0, 0]
    /// The injection port's credits for input 4.
    var injectionCredits: Int
  }

  /// What is under way and happens in step 1 of elapsed cycle `due`.
  struct Pending {
    enum Event {
      case flit(Packet, router: Int, input: Int)
      case delivery(Packet, router: Int)
      case outputCredit(router: Int, output: Int)
      case injectionCredit(router: Int)
    }
    var due: Int
    var event: Event

    var isCredit: Bool {
      switch event {
      case .flit, .delivery: false
      case .outputCredit, .injectionCredit: true
      }
    }
  }

  /// One sample on its way.
  struct SampleRun {
    let image: ProgramImage
    let rules: Rules
    let sample: Int
    let inputTicks: Int
    /// [rows] entry in `/program_neuron`, nil without a program.
    let programEntries: [Int?]
    var cores: [Core]
    var routers: [Router]
    var pending: [Pending] = []
    /// Edge input at router (0,0).
    var edgeQueue: [Packet] = []
    /// [cores] spikes that inputs have sent in this tick.
    var entered: [Int]
    /// Cycles since the sample began, barriers left out.
    var elapsed = 0
    var counters = RunRecord.Counters()
    var coreCounters: [RunRecord.CoreCounters]
    /// [routers][5]
    var linkFlits: [[UInt64]]
    /// [routers][5]
    var linkStalls: [[UInt64]]
    var fifoPeaks: [[UInt32]]
    /// [latency]
    var latencies: [UInt64] = []
    var lateDeliveries: [RunRecord.LateDelivery] = []

    /// §1: the state before a sample.
    init(image: ProgramImage, rules: Rules, sample: Int, inputTicks: Int) {
      self.image = image
      self.rules = rules
      self.sample = sample
      self.inputTicks = inputTicks
      programEntries = (0..<image.neurons.count).map { row in
        image.programs.neuron.firstIndex { Int($0) == row }
      }
      let slots = image.chip.core.delaySlots
      cores = (0..<image.cores.count).map { core in
        let axons = Int(image.cores.axonBegin[core + 1] - image.cores.axonBegin[core])
        let rows = Int(image.cores.neuronBegin[core])..<Int(image.cores.neuronBegin[core + 1])
        return Core(
          axonCount: Array(repeating: Array(repeating: 0, count: slots), count: axons),
          arrivals: Array(repeating: [], count: slots),
          neurons: rows.map { row in
            Neuron(
              v: Int(image.neurons.v0[row]), u: Int(image.neurons.u0[row]),
              partialSum: Array(repeating: 0, count: slots), words: Self.initialWords(of: image, row: row),
              scratch: Array(repeating: 0, count: 32 - Self.initialWords(of: image, row: row).count))
          })
      }
      for core in cores.indices {
        cores[core].register = Self.firstRegister(image, core: core, sample: sample)
      }
      entered = Array(repeating: 0, count: image.cores.count)
      let mesh = image.chip.mesh
      let router = Router(
        outputCredits: Array(repeating: mesh.bufferDepth, count: 5),
        injectionCredits: mesh.bufferDepth)
      routers = Array(repeating: router, count: mesh.width * mesh.height)
      coreCounters = Array(repeating: RunRecord.CoreCounters(), count: image.cores.count)
      linkFlits = Array(repeating: [0, 0, 0, 0, 0], count: mesh.width * mesh.height)
      linkStalls = linkFlits
      fifoPeaks = Array(repeating: [0, 0, 0, 0, 0], count: mesh.width * mesh.height)
    }

    func firstRow(of core: Int) -> Int { Int(image.cores.neuronBegin[core]) }

    func potential(ofRow row: Int) -> Int {
      for core in cores.indices {
        let first = firstRow(of: core)
        if row >= first, row < first + cores[core].neurons.count {
          return cores[core].neurons[row - first].v
        }
      }
      preconditionFailure("row \(row) belongs to no core")
    }

    /// Everything that costs energy, so far in this sample.
    var energyEvents: Chip.Energy.Events {
      var events = Chip.Energy.Events()
      for core in coreCounters {
        events.rowReads += core.rowReads
        events.synapticOperations += core.synapticOperations
        events.neuronUpdates += core.neuronUpdates
        events.neuronActivities += core.neuronActivities
        events.operations.adds += core.microAdds
        events.operations.multiplies += core.microMultiplies
        events.operations.compares += core.microCompares
        events.operations.lookUps += core.microLookUps
        events.coreTicks += core.ticks
      }
      events.spikes = counters.spikes + counters.splitterSpikes
      events.packets = counters.packets
      events.hops = counters.hops
      events.verticalHops = linkFlits.reduce(0) { $0 + UInt64($1[2]) + UInt64($1[3]) }
      events.deliveries = counters.delivered
      events.inputEvents = counters.inputEvents
      events.cycles = counters.cycles
      return events
    }
  }
}
