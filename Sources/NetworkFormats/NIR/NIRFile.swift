import Diagnostics
import HDF5Files
import NetworkIR

/// Reads a NIR file: HDF5 → nodes and edges → shapes → populations and projections.
///
/// **Source:** NIR 1.0.8, `nir/serialization.py` (layout) and `nir/ir` (meaning). The file's `/version`
/// names its writer, not a format, so nothing depends on it: parameters are found by their presence.
enum NIRFile {
  static func read(_ path: String, options: ImportOptions) throws(Failure) -> ImportedNetwork {
    let root = try HDF5File.read(path)
    return try importNetwork(root, path: path, options: options)
  }

  /// The part after HDF5: `root` is the file's root group, `path` serves diagnostics and the name.
  static func importNetwork(_ root: HDF5Group, path: String, options: ImportOptions) throws(Failure)
    -> ImportedNetwork
  {
    var collector = DiagnosticCollector()
    guard var graph = NIRGraph(root, file: path, collector: &collector) else {
      throw Failure(.badInput, collector.all)
    }
    try collector.throwIfErrors()
    graph.addMissingPorts(collector: &collector)
    let feedback = FeedbackEdges(
      names: graph.nodes.map(\.name), isOutput: graph.nodes.map { $0.type == "Output" },
      edges: graph.edges)
    graph.checkStructure(collector: &collector)
    let shapes = NIRShapes(
      graph, feedback: feedback, stripBatch: options.stripBatch, collector: &collector)
    var paths = NIRPaths(graph, feedback: feedback)
    let found = paths.all(collector: &collector)
    try collector.throwIfErrors()
    try checkSize(graph, shapes, found)
    var assembly = NIRAssembly(graph: graph, feedback: feedback, shapes: shapes, options: options)
    let network = assembly.network(paths: found, name: fileStem(path))
    let manifest = assembly.manifest()
    collector.add(assembly.warnings)
    return ImportedNetwork(
      network: network, manifest: manifest, warnings: collector.all,
      openReadings: assembly.openReadings())
  }

  /// Numbers in all populations' parameters and all paths' maps beyond which a file is refused: a small file can
  /// declare a large network by scalars and by paths that share nodes.
  private static let mostNumbers = 100_000_000

  private static func checkSize(_ graph: NIRGraph, _ shapes: NIRShapes, _ paths: [NIRPaths.Path])
    throws(Failure)
  {
    func size(_ node: Int) -> Int { shapes.output[node]?.reduce(1, *) ?? 0 }
    var numbers = 0
    for (number, node) in graph.nodes.enumerated() where node.neuron != nil { numbers += 8 * size(number) }
    for path in paths where numbers <= mostNumbers {
      numbers += size(path.target)
      let before = numbers
      for number in path.through {
        switch graph.nodes[number].kind {
        case .linear(.dense(let weight, _, _, _)): numbers += weight.count
        case .linear(.convolution(let convolution)):
          // Unrolled, as every chip so far needs it.
          numbers += size(number) * (convolution.weight.count / convolution.outChannels)
        case .linear(.pool(let pool)): numbers += size(number) * pool.window.kernel.reduce(1, *)
        default: numbers += size(number)
        }
      }
      // Every different delay makes a branch of its own, with all maps of the path.
      var branches = 1
      for number in path.through {
        if case .linear(.delay(let values, _)) = graph.nodes[number].kind {
          branches = min(branches * Set(values).count, mostNumbers)
        }
      }
      numbers = before + (numbers - before) * branches
    }
    if numbers <= mostNumbers { return }
    throw Failure(
      .badInput,
      Diagnostic(
        "nir.tooLarge", place: graph.file, problem: "the network is too large to be built",
        found: "more than \(mostNumbers) parameters and weights"))
  }
}
