import Foundation
import TestSupport
import Testing

/// The console blocks of README and documentation are what the program prints.
///
/// `RHEOBASE_REWRITE_README=1 swift test --filter ReadmeTests` puts the program's present output into the pages.
@Suite struct ReadmeTests {
  @Test(arguments: ["README.md", "docs/chips.md"])
  func consoleBlocksAreTrue(page: String) throws {
    let readme = Repository.top.appending(path: page)
    let written = try String(contentsOf: readme, encoding: .utf8)
    var shown: [String] = []
    try withScratch { scratch in
      // The commands name files of the checkout and write beside them; here they write into the scratch folder.
      try FileManager.default.createSymbolicLink(
        atPath: scratch.path("docs"), withDestinationPath: Repository.path("docs"))
      var inConsole = false
      for line in written.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
        if line.hasPrefix("```") { inConsole = line == "```console" }
        guard inConsole, !line.hasPrefix("```") else {
          shown.append(line)
          continue
        }
        guard line.hasPrefix("$ rheobase ") else { continue }
        let arguments = line.dropFirst("$ rheobase ".count).split(separator: " ").map(String.init)
        let result = try CommandLineProgram.run(arguments, in: scratch.folder)
        try #require(result.status == 0, "\(line): \(result.errors)")
        shown.append(line)
        shown += result.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      }
    }
    let text = shown.joined(separator: "\n")
    if ProcessInfo.processInfo.environment["RHEOBASE_REWRITE_README"] == "1" {
      try text.write(to: readme, atomically: true, encoding: .utf8)
    } else {
      #expect(text == written, "the program prints something else by now")
    }
    #expect(shown.contains { $0.contains("accuracy  ") })
  }
}
