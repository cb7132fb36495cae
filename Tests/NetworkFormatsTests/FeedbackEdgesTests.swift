import Testing

@testable import NetworkFormats

@Suite struct FeedbackEdgesTests {
  private func search(_ names: [String], outputs: Set<String>, _ edges: [(String, String)]) -> (
    late: [String], order: [String]
  ) {
    let number = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    let result = FeedbackEdges(
      names: names, isOutput: names.map(outputs.contains),
      edges: edges.map { (number[$0.0] ?? -1, number[$0.1] ?? -1) })
    return (
      zip(edges, result.isFeedback).filter(\.1).map { "\($0.0.0)>\($0.0.1)" }, result.order.map { names[$0] }
    )
  }

  @Test func chainHasNone() {
    let found = search(["a", "b", "o"], outputs: ["o"], [("b", "o"), ("a", "b")])
    #expect(found.late.isEmpty)
    #expect(found.order == ["a", "b", "o"])
  }

  @Test func selfLoopAndTwoNodeCycle() {
    #expect(search(["a", "o"], outputs: ["o"], [("a", "a"), ("a", "o")]).late == ["a>a"])
    // From o: lif is open when w asks for it, so the edge into w is the late one.
    let found = search(
      ["i", "lif", "o", "w"], outputs: ["o"], [("i", "lif"), ("lif", "w"), ("w", "lif"), ("lif", "o")])
    #expect(found.late == ["lif>w"])
    #expect(found.order == ["i", "w", "lif", "o"])
  }

  /// Which edge of a cycle is late depends on where the search starts: outputs first, then names.
  @Test func searchStartsAtOutputsThenInNameOrder() {
    let cycle = [("a", "b"), ("b", "a")]
    #expect(search(["a", "b"], outputs: [], cycle).late == ["a>b"])
    #expect(search(["a", "b", "o"], outputs: ["o"], cycle + [("b", "o")]).late == ["b>a"])
    // "10" comes before "9" by bytes.
    #expect(search(["9", "10"], outputs: [], [("9", "10"), ("10", "9")]).late == ["10>9"])
  }

  @Test func deepGraphsDoNotExhaustTheStack() {
    let names = (0..<200_000).map { "n\($0)" }
    let edges =
      (1..<names.count).map { (source: $0 - 1, target: $0) } + [(source: names.count - 1, target: 0)]
    let found = FeedbackEdges(
      names: names, isOutput: names.indices.map { $0 == names.count - 1 }, edges: edges)
    #expect(found.isFeedback.filter { $0 }.count == 1)
    #expect(found.order.count == names.count)
  }
}
