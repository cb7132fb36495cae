import ChipModel
import Diagnostics
import Foundation
import NetworkIR
import ProgramImage

/// A compiled network, and what it cost.
public struct Compilation: Sendable {
  public let image: ProgramImage
  /// Warnings and notes; errors are thrown.
  public let diagnostics: [Diagnostic]
  /// In network order.
  public let populations: [PopulationCodes]
  public let parasitics: Parasitics
  public let manifest: FidelityManifest
  let partitioned: PartitionedNetwork

  /// What `check` takes apart. Made anew whenever it is asked for: it is several times as large as the image.
  public var ladder: LadderParameters {
    var problems = DiagnosticCollector()
    return LadderParameters(
      partitioned, legal: legalize(network, problems: &problems), chip: image.chip)
  }

  /// The network that was compiled: the author's, and behind its populations the compiler's relays.
  public var network: Network { partitioned.quantized.legal.network }

  public var hasRelays: Bool { partitioned.quantized.legal.populations.contains(where: \.isRelay) }
}

/// The compiler: one line per pass. Each pass returns its own type, so none can be left out or called out of order;
/// what comes out of one is verified before the next, and a failure there is our bug.
public enum Pipeline {
  /// The passes, in their order.
  public enum Pass: String, Sendable, CaseIterable {
    case legalize
    case applyPhysics = "apply physics"
    case quantize
    case partition
    case insertSplitters = "insert splitters"
    case place
    case route
    case emit
    /// The image is held against every rule of its file.
    case verify
  }

  /// - Parameters:
  ///   - manifest: what the reader of the network file made of its nodes; it is completed here.
  ///   - progress: called when a pass begins; more than once where forms of the network are tried.
  /// - Throws: every limit of the chip that is broken and every term that it cannot compute, at once.
  public static func compile(
    _ network: Network, manifest: FidelityManifest, chip: Chip, options: CompileOptions,
    progress: (Pass) -> Void = { _ in }
  ) throws(Failure) -> Compilation {
    var first: Failure?
    for form in forms(of: network, manifest: manifest, chip: chip, pools: options.pools) {
      guard let (network, manifest) = form() else { continue }
      do throws(Failure) {
        return try passes(network, manifest: manifest, chip: chip, options: options, progress: progress)
      } catch {
        // Only limits that fewer sources can mend are worth what relays cost; the user hears of the network as it is.
        let mendable = error.diagnostics.contains { Limits.growingWithFanIn.contains($0.id) }
        if !mendable { throw first ?? error }
        if first == nil { first = error }
      }
    }
    throw first ?? compilerBug("forms", "no form of the network was tried")
  }

  private typealias Form = (network: Network, manifest: FidelityManifest)

  /// The network as it is, and with relay cells in ever more places, by what they cost: the first form that the chip holds
  /// is taken. Each is made when it is asked for.
  private static func forms(
    of network: Network, manifest: FidelityManifest, chip: Chip, pools: Pools
  ) -> [() -> Form?] {
    func pooled() -> Form? {
      network.hasPoolsToRelay ? (network.withPoolRelays(), manifest.withPoolRelays(network)) : nil
    }
    func narrowed(_ form: Form?) -> Form? {
      guard let form, !chip.routing.partialPackets else { return nil }
      let (relayed, relaying) = form.network.withFanInRelays(axons: chip.core.axons)
      return relaying.isEmpty ? nil : (relayed, form.manifest.withFanInRelays(relaying))
    }
    let folded: [() -> Form?] = [{ (network, manifest) }, { narrowed((network, manifest)) }]
    let relayed: [() -> Form?] = [pooled, { narrowed(pooled()) }]
    switch pools {
    case .fold: return folded
    case .relay: return network.hasPoolsToRelay ? relayed : folded
    case .auto: return folded + relayed
    }
  }

  private static func passes(
    _ network: Network, manifest: FidelityManifest, chip: Chip, options: CompileOptions,
    progress: (Pass) -> Void
  ) throws(Failure) -> Compilation {
    let parasitics =
      chip.electrical == nil ? .ignore : options.parasitics ?? .model

    // The user hears of every broken limit at once: passes go on with what they have, and nothing is placed until
    // all of them have had their say. Verifiers judge us, so they stand back when the input is at fault.
    var problems = DiagnosticCollector()
    let quantized = try codes(
      network, chip: chip, options: options, parasitics: parasitics, problems: &problems, progress: progress)
    progress(.partition)
    let partitioned = partition(quantized, chip: chip, options: options)
    progress(.insertSplitters)
    let fanout = insertSplitters(partitioned, chip: chip, options: options, problems: &problems)
    try problems.throwIfErrors()
    try verify(fanout.partitioned, chip: chip)
    try verify(fanout, chip: chip)
    progress(.place)
    let placed = place(fanout, chip: chip)
    try verify(placed, chip: chip)
    progress(.route)
    let routed = route(placed)

    let codes = fanout.codes(
      packetsPerSpike: routed.packetsPerSpike(multicast: chip.mesh.multicast))
    let completed = manifest.completed(fanout, chip: chip, parasitics: parasitics)
      .withEvents(quantized, chip: chip)
    // The cores are as large as the image and end with it.
    let (warnings, kept) = (fanout.warnings(codes), fanout.partitioned.withoutCores)
    progress(.emit)
    let image = emit(
      routed, chip: chip, options: options,
      networkText: try jsonText(NetworkSummary(network, codes: codes)),
      manifestText: try jsonText(completed))
    progress(.verify)
    let broken = image.verify()
    if !broken.isEmpty { throw Failure(.ourBug, broken) }
    return Compilation(
      image: image, diagnostics: warnings, populations: codes,
      parasitics: parasitics, manifest: completed, partitioned: kept)
  }

  /// The passes before `partition`, which leave the network's weights as codes only.
  private static func codes(
    _ network: Network, chip: Chip, options: CompileOptions, parasitics: Parasitics,
    problems: inout DiagnosticCollector, progress: (Pass) -> Void
  ) throws(Failure) -> QuantizedNetwork {
    progress(.legalize)
    let legal = legalize(network, problems: &problems)
    if !problems.hasErrors { try verify(legal) }
    progress(.applyPhysics)
    let physical = applyPhysics(
      legal, chip: chip, options: options, parasitics: parasitics, problems: &problems)
    if !problems.hasErrors { try verify(physical) }
    progress(.quantize)
    var quantized = quantize(physical, chip: chip, options: options, problems: &problems)
    if !problems.hasErrors { try verify(quantized, chip: chip) }
    quantized.releaseSteps()
    return quantized
  }

  private static func jsonText(_ value: some Encodable) throws(Failure) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
      return String(decoding: try encoder.encode(value), as: UTF8.self)
    } catch {
      throw Failure(
        .ourBug,
        Diagnostic("compiler.json", problem: "the program's description cannot be written as JSON: \(error)"))
    }
  }
}

/// What an image says about the network it was made from, as JSON.
struct NetworkSummary: Codable {
  /// Spike inputs; their channels are numbered one input after the other.
  struct Input: Codable {
    var name: String
    var size: Int
  }
  var name: String
  var dynamics: Dynamics
  var inputs: [Input]
  var populations: [PopulationCodes]

  init(_ network: Network, codes: [PopulationCodes]) {
    name = network.name
    dynamics = network.dynamics
    inputs = network.inputs.map { Input(name: $0.name, size: $0.size) }
    populations = codes
  }
}
