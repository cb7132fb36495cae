/// Which neuron of the network a row of the image is, so that a record can be read without the image.
public struct NeuronLayout: Sendable, Equatable {
  public struct Population: Sendable, Equatable, Codable {
    public var name: String
    public var model: String
    public var size: Int

    /// Cells of the compiler, which stand behind the network's own populations (docs/nir.md, "Relay cells").
    public var isRelay: Bool { model == "relay" }

    public init(name: String, model: String, size: Int) {
      self.name = name
      self.model = model
      self.size = size
    }
  }
  public var populations: [Population]
  /// [rows]: population and index within it; 0 spiking, 1 partial, 2 potential, 3 splitter; core; first active tick.
  public var population: [Int32]
  public var index: [Int32]
  public var kind: [UInt8]
  public var core: [Int32]
  public var start: [Int32]
  /// [outputs]: row, and 0 spike count or 1 summed potential.
  public var outputRow: [Int32]
  public var outputKind: [UInt8]
  /// [cores]
  public var coreX: [Int32]
  public var coreY: [Int32]

  public init(
    populations: [Population], population: [Int32], index: [Int32], kind: [UInt8], core: [Int32],
    start: [Int32], outputRow: [Int32], outputKind: [UInt8], coreX: [Int32], coreY: [Int32]
  ) {
    self.populations = populations
    self.population = population
    self.index = index
    self.kind = kind
    self.core = core
    self.start = start
    self.outputRow = outputRow
    self.outputKind = outputKind
    self.coreX = coreX
    self.coreY = coreY
  }
}
