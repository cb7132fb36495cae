extension Chip {
  /// How near the emulated chip is to the real one, in plain sentences that name the yardstick. A sentence that is left
  /// out claims nothing.
  public struct Fidelity: Sendable, Equatable, Codable {
    /// What agrees bit for bit, and with what it was compared.
    public var bitExact: String?
    /// What takes as many cycles as the chip, and with what it was compared.
    public var cycleExact: String?
    /// What was set to figures that somebody measured or estimated.
    public var calibrated: String?
    /// What the chip has and the emulator has not.
    public var notModelled: String?

    public init(
      bitExact: String? = nil, cycleExact: String? = nil, calibrated: String? = nil,
      notModelled: String? = nil
    ) {
      self.bitExact = bitExact
      self.cycleExact = cycleExact
      self.calibrated = calibrated
      self.notModelled = notModelled
    }

    /// The strongest claim in a word, for tables.
    public var word: String {
      switch (bitExact, cycleExact) {
      case (_?, _?): "bit- and cycle-exact"
      case (_?, nil): "bit-exact"
      case (nil, _?): "cycle-exact"
      case (nil, nil): calibrated == nil ? "not stated" : "calibrated"
      }
    }

    /// The sentences with their labels, those left out without.
    public var statements: [(label: String, text: String)] {
      [
        ("bit-exact", bitExact), ("cycle-exact", cycleExact), ("calibrated", calibrated),
        ("not modelled", notModelled),
      ].compactMap { label, text in text.map { (label, $0) } }
    }
  }

  /// The energy per synaptic operation that the chip is known by.
  ///
  /// Published figures of this name are different quantities: one holds leakage, routing and neurons at one operating
  /// point, another only the synapse itself. So a figure never stands without its definition.
  public struct Operation: Sendable, Equatable {
    /// Joule; nil where it is `energy.synapticOperation`, or where nothing is published.
    public var energy: Double?
    /// Where `energy` was read.
    public var source: String?
    /// What the figure holds and what not.
    public var definition: String

    public init(energy: Double?, source: String?, definition: String) {
      self.energy = energy
      self.source = source
      self.definition = definition
    }
  }

  /// Joule per synaptic operation as defined by `operation`, or else the chip's own component; nil where neither is known.
  public var operationEnergy: Double? { operation?.energy ?? energy.value(.synapticOperation) }

  /// What `operationEnergy` holds.
  public var operationDefinition: String {
    operation?.definition ?? "energy.synapticOperation; the file gives no definition"
  }
}
