import Diagnostics
import Foundation

/// One JSON document: keys sorted, two spaces of indentation, a newline at the end; the same bytes for the same
/// report. A number that is not finite is our bug and never written.
public func jsonDocument(_ report: some Encodable) throws(Failure) -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
  do {
    return String(decoding: try encoder.encode(report), as: UTF8.self) + "\n"
  } catch {
    throw Failure(
      .ourBug,
      Diagnostic("report.encoding", problem: "the report cannot be written as JSON", found: "\(error)"))
  }
}
