import Diagnostics
import FixedPoint

/// Everything that a chip limits: used by the compiler and when a program image is read, so that both refuse the
/// same things in the same words. Each function returns nil when the limit holds.
public enum Limits {
  /// Every limit, in the order in which a chip's page lists them.
  public static let all: [Limit] = [
    coresUsed, axonsPerCore, neuronsPerCore, delayTicks, inputDelayTicks, destinationsPerNeuron, weightRange,
    thresholdRange, biasRange, stateRange, decayMantissa, decayExponent, gainRange, weightExponent,
    refractoryTicks, meshColumn, meshRow, partialSendersPerNeuron, poissonWeight, microInstructions,
    microPasses,
    microState, microParameters, microConstants, microTables, microTableEntries, microRegister,
    negativeThreshold, axonType, synapsesPerNeuron,
  ]

  /// Ids of the limits that a network with fewer sources per neuron may keep.
  public static let growingWithFanIn: Set<String> = [
    "limit.coresUsed", "limit.fanIn", "limit.partialSenders",
  ]

  // MARK: - Cores and mesh

  static let coresUsed = Limit(
    "limit.coresUsed", "cores", problem: "needs more cores than the mesh has",
    remedy: "Use a smaller network, or a chip with more cores (--set mesh.width, mesh.height)"
  ) { 0...$0.mesh.width * $0.mesh.height }

  /// Cores of the whole program.
  public static func cores(used: Int, chip: Chip) -> Diagnostic? {
    coresUsed.check(used, subject: "program", chip: chip)
  }

  static let meshColumn = Limit(
    "limit.meshColumn", "x of a core", problem: "lies outside the mesh",
    remedy: "Compile the program again for this chip"
  ) { 0...$0.mesh.width - 1 }

  static let meshRow = Limit(
    "limit.meshRow", "y of a core", problem: "lies outside the mesh",
    remedy: "Compile the program again for this chip"
  ) { 0...$0.mesh.height - 1 }

  /// Coordinates of a core.
  public static func position(x: Int, y: Int, core: String, chip: Chip) -> Diagnostic? {
    meshColumn.check(x, subject: core, chip: chip) ?? meshRow.check(y, subject: core, chip: chip)
  }

  static let axonsPerCore = Limit(
    "limit.axonsPerCore", "axons of a core", problem: "needs more axons than a core has",
    remedy: "Spread its neurons over more cores, or use a chip with more axons (--set core.axons)"
  ) { 0...$0.core.axons }

  /// Axons of one core.
  public static func axons(used: Int, core: String, chip: Chip) -> Diagnostic? {
    axonsPerCore.check(used, subject: core, chip: chip)
  }

  static let neuronsPerCore = Limit(
    "limit.neuronsPerCore", "neurons of a core", problem: "holds more neurons than a core has columns",
    remedy: "Spread them over more cores, or use a chip with more columns (--set core.neurons)"
  ) { 0...$0.core.neurons }

  /// Neurons, or the highest column plus one, of one core.
  public static func neurons(used: Int, core: String, chip: Chip) -> Diagnostic? {
    neuronsPerCore.check(used, subject: core, chip: chip)
  }

  static let synapsesPerNeuron = Limit(
    "limit.synapsesPerNeuron", "synapses of a neuron",
    problem: "has more synapses than are stored for a neuron",
    remedy: "Use fewer or sparser sources, or a chip with more synapses (--set core.synapsesPerNeuron)"
  ) { 0...($0.core.synapsesPerNeuron ?? $0.core.axons) }

  /// Synapses that are stored for one neuron; without a limit of their own, axons and cores are limit enough.
  public static func synapses(ofNeuron used: Int, subject: String, chip: Chip) -> Diagnostic? {
    guard chip.core.synapsesPerNeuron != nil else { return nil }
    return synapsesPerNeuron.check(used, subject: subject, chip: chip)
  }

  // MARK: - Routes

  static let delayTicks = Limit(
    "limit.delay", "ticks of delay of a spike", problem: "needs a delay that the axon ring does not hold",
    remedy: "Shorten the delay, make paths of more equal depth, or use a longer ring (--set core.delaySlots)"
  ) { 1...$0.core.delaySlots - 1 }

  /// Delay of a route in ticks.
  public static func delay(_ ticks: Int, subject: String, chip: Chip) -> Diagnostic? {
    delayTicks.check(ticks, subject: subject, chip: chip)
  }

  static let inputDelayTicks = Limit(
    "limit.inputDelay", "ticks of delay of an input",
    problem: "needs an input delay that the axon ring does not hold",
    remedy: "Shorten the delay, or use a longer ring (--set core.delaySlots)"
  ) { ($0.input == .direct ? 0 : 1)...$0.core.delaySlots - 1 }

  /// Delay of an input channel's destination in ticks: 0 is allowed where the host writes the ring itself.
  public static func inputDelay(_ ticks: Int, subject: String, chip: Chip) -> Diagnostic? {
    inputDelayTicks.check(ticks, subject: subject, chip: chip)
  }

  static let destinationsPerNeuron = Limit(
    "limit.destinationsPerNeuron", "destinations of a neuron",
    problem: "sends to more places than its destination list holds",
    remedy: "Place its targets on fewer cores, or use a longer list (--set routing.destinationsPerNeuron)"
  ) { 0...$0.routing.destinationsPerNeuron }

  /// Routes of one neuron.
  public static func destinations(used: Int, subject: String, chip: Chip) -> Diagnostic? {
    destinationsPerNeuron.check(used, subject: subject, chip: chip)
  }

  /// A neuron with more sources than a core has axons needs partial-sum packets.
  public static func fanIn(sources: Int, population: String, chip: Chip) -> Diagnostic? {
    guard sources > chip.core.axons, !chip.routing.partialPackets else { return nil }
    return Diagnostic(
      "limit.fanIn", subject: "population \(population)",
      problem: "a neuron has more sources than a core has axons, and this chip has no partial-sum packets",
      found: "\(sources)", expected: "at most \(chip.core.axons) (chip \(chip.name))",
      remedy: "Use fewer sources, or a chip with routing.partialPackets")
  }

  /// Whether partial-sum packets exist, for a program that has some.
  public static func partialPackets(subject: String, chip: Chip) -> Diagnostic? {
    if chip.routing.partialPackets { return nil }
    return Diagnostic(
      "limit.partialPackets", subject: subject, problem: "sends partial sums, which this chip does not have",
      expected: "spike packets only (chip \(chip.name))", remedy: "Use a chip with routing.partialPackets")
  }

  static let partialSendersPerNeuron = Limit(
    "limit.partialSenders", "partial sums that reach one neuron in one tick",
    problem: "is fed by too many partial sums",
    remedy: "Use fewer sources, or a chip with more axons per core (--set core.axons)"
  ) { _ in 0...64 }

  /// Partial-sum neurons that feed one neuron.
  public static func partialSenders(_ count: Int, subject: String, chip: Chip) -> Diagnostic? {
    partialSendersPerNeuron.check(count, subject: subject, chip: chip)
  }

  /// Bits that a packet needs: kind (1, where there are two), x, y, axon or neuron, slot of the ring, and the
  /// value of a partial sum.
  public static func packetBitsNeeded(chip: Chip) -> Int {
    let partial = chip.routing.partialPackets
    let target = partial ? max(chip.core.axons, chip.core.neurons) : chip.core.axons
    let address = [chip.mesh.width, chip.mesh.height, target, chip.core.delaySlots].map(bits).reduce(0, +)
    return address + (partial ? 1 + chip.datapath.accumulatorBits : 0)
  }

  /// Whether a packet holds its fields.
  public static func packetBits(chip: Chip) -> Diagnostic? {
    let needed = packetBitsNeeded(chip: chip)
    guard chip.routing.packetBits < needed else { return nil }
    return Diagnostic(
      "limit.packetBits", subject: "routing.packetBits",
      problem: "is too small for the kind, x, y, axon, slot and partial sum that a packet carries",
      found: "\(chip.routing.packetBits)", expected: "at least \(needed) (chip \(chip.name))",
      remedy: "Widen the packet, or shrink mesh, core or accumulator")
  }

  /// Bits that count `count` things.
  private static func bits(_ count: Int) -> Int {
    Int.bitWidth - max(0, count - 1).leadingZeroBitCount
  }
}
