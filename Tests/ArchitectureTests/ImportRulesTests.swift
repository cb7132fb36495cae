import Foundation
import TestSupport
import Testing

/// The road of docs/architecture.md, checked in the sources: who may import whom.
@Suite struct ImportRulesTests {
  static let foundations: Set<String> = ["Diagnostics", "Quantities", "FixedPoint", "Documents"]
  static let system: Set<String> = [
    "Foundation", "FoundationEssentials", "Glibc", "Synchronization", "Dispatch",
  ]

  /// Besides the foundations and the system's modules.
  static let allowed: [String: Set<String>] = [
    "Diagnostics": [], "Quantities": [], "FixedPoint": [], "Documents": [],
    "NetworkIR": [],
    "ChipModel": [],
    "HDF5Files": ["CHDF5"],
    "NetworkFormats": ["NetworkIR", "Observations", "HDF5Files", "CZip"],
    "ProgramImage": ["ChipModel", "HDF5Files"],
    "RateTheory": ["NetworkIR", "ChipModel", "ProgramImage"],
    "Compiler": ["NetworkIR", "ChipModel", "ProgramImage", "RateTheory"],
    "Observations": ["HDF5Files"],
    "Emulator": ["ProgramImage", "ChipModel", "Observations", "CPrefetch"],
    "ReferenceModel": ["NetworkIR", "ChipModel", "ProgramImage", "Observations"],
    "Reports": ["Observations", "ChipModel"],
    "Benchmarks": [
      "NetworkIR", "ChipModel", "HDF5Files", "ProgramImage", "Compiler", "Emulator", "Observations",
      "GoldenChecks",
    ],
    "rheobase": [
      "NetworkIR", "ChipModel", "HDF5Files", "NetworkFormats", "ProgramImage", "RateTheory", "Compiler",
      "Observations", "Emulator", "ReferenceModel", "Reports",
    ],
  ]
  /// Targets without Swift sources.
  static let systemLibraries: Set<String> = ["CHDF5", "CZip", "CPrefetch"]

  @Test func everyTargetIsInTheTable() throws {
    let folders = try Repository.folders(in: "Sources")
    #expect(Set(folders) == Set(Self.allowed.keys).union(Self.systemLibraries))
  }

  @Test(arguments: allowed.keys.sorted())
  func importsOnlyWhatItMay(target: String) throws {
    let others = Self.allowed[target] ?? []
    let sources = try Repository.files(under: "Sources/\(target)", extension: "swift")
    #expect(!sources.isEmpty)
    for file in sources {
      for module in Self.imports(of: try Repository.text(file)) {
        #expect(
          Self.foundations.contains(module) || Self.system.contains(module) || others.contains(module),
          "\(file) imports \(module)")
      }
    }
  }

  /// The two rules that the design rests on, stated apart from the table.
  @Test(arguments: [
    ("Emulator", ["Compiler", "NetworkIR", "NetworkFormats", "Reports"]),
    ("Reports", ["Emulator", "Compiler", "ProgramImage"]),
    ("ReferenceModel", ["Emulator", "Compiler"]),
  ])
  func neverImports(target: String, forbidden: [String]) throws {
    for file in try Repository.files(under: "Sources/\(target)", extension: "swift") {
      let modules = Self.imports(of: try Repository.text(file))
      #expect(modules.isDisjoint(with: forbidden), "\(file) imports \(modules.intersection(forbidden))")
    }
  }

  @Test(arguments: [
    ("CHDF5", "Sources/HDF5Files/"), ("CZip", "Sources/NetworkFormats/"), ("CPrefetch", "Sources/Emulator/"),
  ])
  func onlyOneTargetSeesTheLibrary(module: String, owner: String) throws {
    var importers: [String] = []
    for folder in ["Sources", "Tests"] {
      for file in try Repository.files(under: folder, extension: "swift")
      where Self.imports(of: try Repository.text(file)).contains(module) {
        importers.append(file)
      }
    }
    #expect(!importers.isEmpty)
    #expect(importers.allSatisfy { $0.hasPrefix(owner) }, "\(importers)")
  }

  /// The manifest lists no dependency that the table does not allow.
  @Test func manifestHasNoPackageDependencies() throws {
    #expect(try Repository.text("Package.swift").contains("dependencies: [],"))
    #expect(!(try Repository.text("Package.swift")).contains(".package("))
  }

  @Test func importLinesAreRead() {
    let source = """
      // import Nothing
      import Foundation
      @preconcurrency import Glibc
      public import struct ChipModel.Chip
      @testable import Emulator
        import NetworkIR
      let text = "import Words"
      """
    #expect(Self.imports(of: source) == ["Foundation", "Glibc", "ChipModel", "Emulator", "NetworkIR"])
  }

  /// Modules named by import lines: attributes, access level and kind of declaration may stand before the name.
  static func imports(of source: String) -> Set<String> {
    var modules: Set<String> = []
    for line in source.split(separator: "\n") {
      var words = line.split(separator: " ")[...]
      while let word = words.first,
        word.hasPrefix("@") || ["public", "internal", "package", "private"].contains(word)
      {
        words = words.dropFirst()
      }
      guard words.first == "import" else { continue }
      words = words.dropFirst()
      if let kind = words.first,
        ["struct", "class", "enum", "protocol", "func", "let", "var", "typealias"].contains(kind)
      {
        words = words.dropFirst()
      }
      if let path = words.first, let module = path.split(separator: ".").first {
        modules.insert(String(module))
      }
    }
    return modules
  }
}
