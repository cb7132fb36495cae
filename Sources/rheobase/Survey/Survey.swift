import ChipModel
import Compiler
import Diagnostics
import NetworkFormats
import NetworkIR
import Observations
import ProgramImage
import ReferenceModel
import Reports

/// A network and its spikes, to be run on one chip after the other.
struct Survey {
  let imported: ImportedNetwork
  let input: SpikeInput
  let options: CompileOptions
  let threads: Int
  let console: Console

  /// Float64 once, and every chip that holds the network.
  ///
  /// - Throws: when no chip holds it, every limit of every chip; a bug of ours at once.
  func report(network: String, chips: [Chip], diagnostics: [Diagnostic]) throws(Failure) -> SurveyReport {
    defer { console.progress("") }
    console.progress("reference")
    let reference = FloatNetwork(imported.network, seed: options.seed).run(
      input.trains, ticks: input.ticks, samples: input.samples)
    var report = SurveyReport(
      network: network, input: input.path, samples: input.samples, ticks: input.ticks,
      dtSeconds: imported.network.dynamics.dt, reference: .init(reference, labels: input.trains.labels),
      diagnostics: diagnostics)
    for chip in chips {
      console.progress("chip \(chip.name)")
      do throws(Failure) {
        report.chips.append(try run(chip, reference))
      } catch {
        if error.reason == .ourBug { throw error }
        report.refused.append(.init(chip: chip.name, limits: error.diagnostics))
      }
    }
    if report.chips.isEmpty { throw Self.noChip(report, network: network, diagnostics) }
    return report
  }

  private func run(_ chip: Chip, _ reference: Activity) throws(Failure) -> SurveyReport.Entry {
    let compilation = try Pipeline.compile(
      imported.network, manifest: imported.manifest, chip: chip, options: options)
    let record = try emulate(compilation.image, input, threads: threads, console: console)
    return SurveyReport.Entry(
      chip: chip, compilation: compilation, record: record, labels: input.trains.labels, reference: reference,
      populations: imported.network.populations.count)
  }

  private static func noChip(_ report: SurveyReport, network: String, _ warnings: [Diagnostic]) -> Failure {
    if report.refused.isEmpty {
      return Failure(
        .noSuchFile,
        warnings + [
          Diagnostic(
            "survey.noChips", subject: network, problem: "no chip is found to run it on",
            remedy: "Name chips with --chips, or their folder with RHEOBASE_CHIPS")
        ])
    }
    let limits = report.refused.flatMap { refused in
      refused.limits.map { limit in
        var limit = limit
        limit.subject = "chip \(refused.chip)" + (limit.subject.isEmpty ? "" : ": \(limit.subject)")
        return limit
      }
    }
    return Failure(.badInput, warnings + limits)
  }
}
