extension Chip {
  /// Energy per event and static power: docs/energy-model.md.
  ///
  /// Energy of a run = Σ events · energy per event + static power · time.
  public struct Energy: Sendable, Equatable {
    /// What is counted; the emulator has one integer counter for each (except `staticPower`).
    public enum Component: String, Sendable, Codable, CaseIterable {
      /// One non-empty axon fetched and its row driven across the crossbar.
      case rowRead
      /// One programmed synapse of a driven row, once per spike of the axon's count.
      case synapticOperation
      /// One neuron updated within its window.
      case neuronUpdate
      /// What an update costs more where there is something to compute: docs/emulator-semantics.md §3.1. Only where
      /// a chip file has it.
      case neuronActivity
      /// One instruction of microcode on the adder, the multiplier, the comparator and shifter, or a table
      /// (`MicroUnit`); only where neurons have programs.
      case microAdd
      case microMultiply
      case microCompare
      case microLookUp
      /// One neuron that fired: comparator decision and membrane reset.
      case spikeReset
      /// One packet put into an injection queue.
      case packet
      /// One packet across one link between routers.
      case hop
      /// What a packet across a link along y costs more than one along x. Only where a chip file has it.
      case verticalHop
      /// One packet delivered to a core (ring or accumulator write).
      case delivery
      /// One input event written by the host or injected at the edge.
      case inputEvent
      /// One tick of one used core: ring scan, sequencing.
      case coreTick
      /// One cycle of the clock, whatever happens in it. Only where a chip file has it.
      case clockCycle
      /// Watt, all used cores together with the mesh; multiplied by time.
      case staticPower

      /// The unit whose operations it counts; nil for a component that every chip has.
      public var unit: MicroUnit? {
        switch self {
        case .microAdd: .add
        case .microMultiply: .multiply
        case .microCompare: .compare
        case .microLookUp: .lookUp
        default: nil
        }
      }

      /// Whether a chip file may leave it out, as most do.
      public var isOptional: Bool {
        self == .neuronActivity || self == .verticalHop || self == .clockCycle
      }

      /// The components that every chip has, in order.
      public static let ofEveryChip = allCases.filter { $0.unit == nil && !$0.isOptional }
    }

    /// A constant that is known, or openly not.
    public enum Constant: Sendable, Equatable {
      /// Joule per event (watt for `staticPower`), with its source or the formula that derives it.
      case known(Double, source: String)
      /// Nobody has published it: the component prints `unknown`, the total `at least`.
      case unpublished(reason: String)
    }

    public var constants: [Component: Constant]

    public init(constants: [Component: Constant]) { self.constants = constants }

    /// The components of this chip, in order: those of microcode and optional ones only where they have constants.
    public var components: [Component] {
      Component.allCases.filter { ($0.unit == nil && !$0.isOptional) || constants[$0] != nil }
    }

    /// Joule per event (watt for static power), or nil where it is unpublished.
    public func value(_ component: Component) -> Double? {
      if case .known(let value, _)? = constants[component] { return value }
      return nil
    }
  }
}
