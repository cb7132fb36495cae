/// The input that would bring a register to its end, by the same interval analysis that could not exclude it.
public struct OverflowInput: Sendable, Equatable, Codable {
  public enum Register: String, Sendable, Codable {
    case accumulator
    case synapticCurrent
    case membrane

    var name: String { self == .synapticCurrent ? "synaptic current" : rawValue }
  }

  public var neuron: Int
  public var register: Register
  /// The largest code that it could reach; left out where nothing limits it.
  public var bound: Double?
  /// The end of the register on that side.
  public var limit: Int
  /// Sources that would have to fire: all of this neuron's whose weights have the sign that is needed.
  public var sources: Int
  public var areExcitatory: Bool
  /// Spikes per tick of all of them together: input channels deliver as many as an axon counts.
  public var spikesPerTick: Int
  /// Poisson stimuli that would have to draw their largest count.
  public var stimuli: Int
  /// Ticks that it would take; left out where the bound is only approached.
  public var ticks: Int?

  public init(
    neuron: Int, register: Register, bound: Double?, limit: Int, sources: Int, areExcitatory: Bool,
    spikesPerTick: Int, stimuli: Int, ticks: Int?
  ) {
    self.neuron = neuron
    self.register = register
    self.bound = bound
    self.limit = limit
    self.sources = sources
    self.areExcitatory = areExcitatory
    self.spikesPerTick = spikesPerTick
    self.stimuli = stimuli
    self.ticks = ticks
  }

  /// "all 37 sources of positive weight in every tick for 9 ticks".
  public var sentence: String {
    let sign = areExcitatory ? "positive" : "negative"
    var who: [String] = []
    if sources > 0 {
      who.append(
        (sources == 1 ? "its only source" : "all \(sources) sources") + " of \(sign) weight"
          + (spikesPerTick > sources ? " (\(spikesPerTick) spikes per tick)" : ""))
    }
    if stimuli > 0 {
      who.append("\(stimuli) Poisson \(stimuli == 1 ? "stimulus" : "stimuli") at the largest count")
    }
    let duration = ticks.map { "for \($0) \($0 == 1 ? "tick" : "ticks")" } ?? "without end"
    return who.isEmpty
      ? "its constant drive alone, \(duration)"
      : who.joined(separator: " and ") + " in every tick \(duration)"
  }

  /// The neuron, what it could reach, and by which input.
  public var witness: String {
    "neuron \(neuron): the \(register.name) could reach "
      + (bound.map { "\(wholeNumber($0))" } ?? "any value") + " (its end is \(limit)), by \(sentence)"
  }
}
