import ChipModel
import Diagnostics
import Foundation
import Testing

@Suite struct LibraryTests {
  @Test func directoriesAreSearchedInTheDocumentedOrder() {
    let found = ChipLibrary.searchDirectories(
      option: "mine", environment: ["RHEOBASE_CHIPS": "/env"], program: "/nowhere/a/bin/rheobase")
    #expect(
      found == [
        "mine", "/env", "./chips", "/nowhere/a/share/rheobase/chips", "/nowhere/a/bin/chips",
        "/nowhere/a/chips",
        "/nowhere/chips", "/chips",
      ])
    let fewer = ChipLibrary.searchDirectories(
      option: nil, environment: ["RHEOBASE_CHIPS": ""], program: "/bin2/r")
    #expect(fewer == ["./chips", "/share/rheobase/chips", "/bin2/chips", "/chips"])
  }

  @Test func aNameIsFoundInBothForms() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("chips-\(UUID())")
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(
      at: folder.appendingPathComponent("alpha"), withIntermediateDirectories: true)
    let text = try BundledChips.tesseraText()
    try text.replacing("name: \"tessera\"", with: "name: \"alpha\"")
      .write(to: folder.appendingPathComponent("alpha/alpha.json5"), atomically: true, encoding: .utf8)
    try text.replacing("name: \"tessera\"", with: "name: \"beta\"")
      .write(to: folder.appendingPathComponent("beta.json5"), atomically: true, encoding: .utf8)
    let directories = ["/does/not/exist", folder.path, BundledChips.directory]
    for name in ["alpha", "beta", "tessera"] {
      #expect(try Chip.load(name, directories: directories).name == name)
    }
    #expect(try Chip.load(folder.path + "/beta.json5", directories: []).name == "beta")
    let listed = ChipLibrary.list(in: directories)
    #expect(
      listed.map(\.name).filter { ["alpha", "beta", "tessera"].contains($0) } == ["alpha", "beta", "tessera"])
    #expect(listed.first?.path == folder.path + "/alpha/alpha.json5")
  }

  @Test func anUnknownNameListsThePlacesTried() {
    let failure = #expect(throws: Failure.self) {
      try Chip.load("tesera", directories: ["/none", BundledChips.directory])
    }
    #expect(failure?.reason == .noSuchFile)
    let diagnostic = failure?.diagnostics.first
    #expect(diagnostic?.problem.contains("no tesera.json5 and no tesera/tesera.json5") == true)
    #expect(diagnostic?.found == "/none, " + BundledChips.directory)
    #expect(diagnostic?.remedy == "Perhaps tessera is meant")
  }

  @Test func aMissingPathIsExit66() {
    let failure = #expect(throws: Failure.self) { try Chip.load("./none.json5", directories: []) }
    #expect(failure?.reason == .noSuchFile)
  }
}
