import Diagnostics
import Documents
import ProgramImage

/// Neurons whose potential is recorded: `POPULATION`, `POPULATION:I` or `POPULATION:I..J` with J included.
struct ProbeSelection {
  /// Neuron rows in the order asked for.
  let rows: [Int32]

  /// All selections that name nothing are reported together.
  ///
  /// - Parameter option: as whose value they were given.
  init(_ texts: [String], image: ProgramImage, option: String = "--probe") throws(Failure) {
    var problems = DiagnosticCollector()
    var rows: [Int32] = []
    for text in texts {
      guard let (population, range) = Self.parse(text, image.populations, option, problems: &problems) else {
        continue
      }
      var rowOf: [Int: Int32] = [:]
      for row in 0..<image.neurons.count
      where image.neurons.population[row] == population && image.neurons.isMain(row) {
        rowOf[Int(image.neurons.index[row])] = Int32(row)
      }
      rows += range.compactMap { rowOf[$0] }
    }
    try problems.throwIfErrors(.usage)
    self.rows = rows
  }

  private static func parse(
    _ text: String, _ populations: [ProgramImage.Population], _ option: String,
    problems: inout DiagnosticCollector
  ) -> (population: Int32, range: ClosedRange<Int>)? {
    // A name may hold a colon itself, so the whole text is tried first.
    let names = populations.map(\.name)
    let split = names.contains(text) ? nil : text.lastIndex(of: ":")
    let name = String(split.map { text[..<$0] } ?? text[...])
    guard let population = names.firstIndex(of: name) else {
      problems.add(
        Diagnostic(
          "usage.probe", subject: option, problem: "no such population", found: "\"\(name)\"",
          expected: "one of \(names.joined(separator: ", "))",
          remedy: nearestName(to: name, among: names).map { "Did you mean \($0)" }))
      return nil
    }
    let last = populations[population].size - 1
    guard let split else { return last < 0 ? nil : (Int32(population), 0...last) }
    let bounds = text[text.index(after: split)...]
    let parts = bounds.split(separator: ".", omittingEmptySubsequences: false)
    let first = parts.first.flatMap { Int($0) }
    let end = parts.count == 1 ? first : parts.count == 3 && parts[1].isEmpty ? Int(parts[2]) : nil
    guard let first, let end, 0 <= first, first <= end, end <= last else {
      problems.add(
        Diagnostic(
          "usage.probe", subject: "\(option) \(text)", problem: "no such neurons", found: "\"\(bounds)\"",
          expected: "I or I..J with 0 ≤ I ≤ J ≤ \(last)"))
      return nil
    }
    return (Int32(population), first...end)
  }
}
