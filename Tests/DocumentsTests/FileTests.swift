import Diagnostics
import Documents
import Foundation
import Testing

@Suite struct FileTests {
  private func failure(_ bytes: [UInt8]?) throws -> Failure? {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).json5").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    if let bytes { try Data(bytes).write(to: URL(fileURLWithPath: path)) }
    do throws(Failure) {
      _ = try Document.readFile(path)
      return nil
    } catch {
      #expect(error.diagnostics.first?.place?.hasPrefix(path) == true)
      return error
    }
  }

  @Test func readsAFile() throws { #expect(try failure(Array("{a: 'é'}".utf8)) == nil) }

  @Test func aMissingFileIsExit66() throws { #expect(try failure(nil)?.reason == .noSuchFile) }

  @Test func bytesThatAreNotUTF8AreLocated() throws {
    let failure = try failure(Array("{a: 'é".utf8) + [0xFF] + Array("'}".utf8))
    #expect(failure?.reason == .badInput)
    #expect(failure?.diagnostics.first?.place?.hasSuffix("byte 7") == true)
  }

  @Test func aSyntaxErrorNamesFileLineAndColumn() throws {
    let failure = try failure(Array("{\n a: }".utf8))
    #expect(failure?.diagnostics.first?.place?.hasSuffix(".json5:2:5") == true)
  }

  @Test func aFolderIsRefused() {
    let folder = FileManager.default.temporaryDirectory.path
    #expect(throws: Failure.self) { try Document.readFile(folder) }
  }
}
