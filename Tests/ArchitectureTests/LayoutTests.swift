import Foundation
import TestSupport
import Testing

/// Where things stand, and that nothing in the repository belongs to one machine.
@Suite struct LayoutTests {
  @Test func topLevelFolders() throws {
    #expect(try Repository.folders(in: "") == ["Sources", "Tests", "chips", "docs", "tools"])
  }

  @Test(arguments: ["setup", "quickstart", "test", "install", "bench", "validate/nir_roundtrip"])
  func toolsCanBeRun(name: String) {
    let path = Repository.path("tools/\(name)")
    #expect(FileManager.default.isExecutableFile(atPath: path))
  }

  /// Absolute paths of one machine: they would work for nobody else.
  @Test(arguments: ["Sources", "Tests", "chips", "docs", "tools"])
  func noMachinePaths(folder: String) throws {
    for file in try Repository.files(under: folder) {
      guard let text = try? Repository.text(file) else { continue }
      for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
        #expect(!Self.namesMachinePath(line), "\(file):\(number + 1): \(line)")
      }
    }
  }

  @Test func machinePathsAreRecognised() {
    let home = "/" + "home"
    #expect(Self.namesMachinePath("cp \(home)/someone/file ."))
    #expect(Self.namesMachinePath("\(home)/someone"))
    #expect(!Self.namesMachinePath("https://example.org\(home)/page"))
    #expect(!Self.namesMachinePath("docs\(home)/someone"))
    #expect(!Self.namesMachinePath("/spikes/tick"))
  }

  /// Every source file is short enough to have one subject.
  @Test func filesHaveOneSubject() throws {
    for file in try Repository.files(under: "Sources", extension: "swift") {
      let lines = try Repository.text(file).split(separator: "\n", omittingEmptySubsequences: false).count
      #expect(lines <= 401, "\(file) has \(lines) lines")
    }
  }

  /// A root folder of one machine followed by a name, not itself inside a longer path.
  static func namesMachinePath(_ line: Substring) -> Bool {
    for root in ["work", "tmp", "root", "home", "farm", "opt", "Users"] {
      var rest = line
      while let range = rest.range(of: "/" + root + "/") {
        let before = range.lowerBound > line.startIndex ? line[line.index(before: range.lowerBound)] : " "
        let after = range.upperBound < line.endIndex ? line[range.upperBound] : " "
        if !(before.isLetter || before.isNumber || "_.}".contains(before)), after.isLetter { return true }
        rest = rest[range.upperBound...]
      }
    }
    return false
  }

  static func namesMachinePath(_ line: String) -> Bool { namesMachinePath(line[...]) }
}
