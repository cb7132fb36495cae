// swift-tools-version: 6.2
import PackageDescription

// The road in one direction (docs/architecture.md): formats → NetworkIR → Compiler → ProgramImage →
// Emulator → Observations → Reports. `Tests/ArchitectureTests` checks that every target imports only
// what is listed here and that the emulator never sees the compiler.

let foundations: [Target.Dependency] = ["Diagnostics", "Quantities", "FixedPoint", "Documents"]

let package = Package(
  name: "rheobase",
  products: [.executable(name: "rheobase", targets: ["rheobase"])],
  dependencies: [],
  targets: [
    // MARK: - Foundations
    .target(name: "Diagnostics"),
    .target(name: "Quantities"),
    .target(name: "FixedPoint"),
    .target(name: "Documents", dependencies: ["Diagnostics", "Quantities"]),

    // MARK: - C libraries
    .systemLibrary(name: "CHDF5", pkgConfig: "hdf5", providers: [.apt(["libhdf5-dev", "zlib1g-dev"])]),
    .systemLibrary(name: "CZip", pkgConfig: "libzip", providers: [.apt(["libzip-dev"])]),
    .systemLibrary(name: "CPrefetch"),
    .target(name: "HDF5Files", dependencies: foundations + ["CHDF5"]),

    // MARK: - Models
    .target(name: "NetworkIR", dependencies: foundations),
    .target(name: "ChipModel", dependencies: foundations),
    .target(name: "ProgramImage", dependencies: foundations + ["ChipModel", "HDF5Files"]),
    .target(name: "Observations", dependencies: foundations + ["HDF5Files"]),

    // MARK: - In
    .target(
      name: "NetworkFormats",
      dependencies: foundations + ["NetworkIR", "Observations", "HDF5Files", "CZip"]),

    // MARK: - Compile
    .target(
      name: "RateTheory", dependencies: foundations + ["NetworkIR", "ChipModel", "ProgramImage"]),
    .target(
      name: "Compiler",
      dependencies: foundations + ["NetworkIR", "ChipModel", "ProgramImage", "RateTheory"]),

    // MARK: - Run
    .target(
      name: "Emulator",
      dependencies: foundations + ["ProgramImage", "ChipModel", "Observations", "CPrefetch"]),
    .target(
      name: "ReferenceModel",
      dependencies: foundations + ["NetworkIR", "ChipModel", "ProgramImage", "Observations"]),

    // MARK: - Out
    .target(name: "Reports", dependencies: foundations + ["Observations", "ChipModel"]),
    .executableTarget(
      name: "rheobase",
      dependencies: foundations + [
        "NetworkIR", "ChipModel", "HDF5Files", "NetworkFormats", "ProgramImage", "RateTheory",
        "Compiler", "Observations", "Emulator", "ReferenceModel", "Reports",
      ]),

    // MARK: - Measuring, not installed
    .executableTarget(
      name: "Benchmarks",
      dependencies: foundations + [
        "NetworkIR", "ChipModel", "HDF5Files", "ProgramImage", "Compiler", "Emulator", "Observations",
        "GoldenChecks",
      ]),

    // MARK: - Tests
    .target(name: "TestSupport", path: "Tests/TestSupport"),
    .target(name: "RuntimeCounts", path: "Tests/RuntimeCounts"),
    .target(
      name: "GoldenChecks",
      dependencies: foundations + [
        "ChipModel", "ProgramImage", "RateTheory", "ReferenceModel", "TestSupport",
      ],
      path: "Tests/GoldenChecks"),
    .testTarget(name: "GoldenChecksTests", dependencies: ["GoldenChecks", "TestSupport"]),
    .testTarget(name: "QuantitiesTests", dependencies: ["Quantities", "TestSupport"]),
    .testTarget(name: "FixedPointTests", dependencies: ["FixedPoint"]),
    .testTarget(name: "DocumentsTests", dependencies: foundations + ["TestSupport"]),
    .testTarget(
      name: "ChipModelTests", dependencies: foundations + ["ChipModel", "GoldenChecks", "TestSupport"],
      exclude: ["Golden"]),
    .testTarget(
      name: "HDF5FilesTests", dependencies: foundations + ["HDF5Files", "TestSupport", "rheobase"],
      resources: [.copy("Golden")]),
    .testTarget(
      name: "NetworkFormatsTests",
      dependencies: foundations + [
        "NetworkFormats", "NetworkIR", "Observations", "HDF5Files", "ReferenceModel", "TestSupport",
        "rheobase",
      ],
      resources: [.copy("Golden")]),
    .testTarget(
      name: "ProgramImageTests",
      dependencies: foundations + ["ProgramImage", "ChipModel", "HDF5Files", "TestSupport", "rheobase"]),
    .testTarget(
      name: "RateTheoryTests",
      dependencies: foundations + [
        "RateTheory", "NetworkIR", "ChipModel", "ProgramImage", "GoldenChecks", "TestSupport",
      ],
      exclude: ["Golden"]),
    .testTarget(
      name: "CompilerTests",
      dependencies: foundations + [
        "Compiler", "NetworkIR", "NetworkFormats", "ChipModel", "ProgramImage", "RateTheory", "Emulator",
        "ReferenceModel", "Observations", "TestSupport", "rheobase",
      ]),
    .testTarget(
      name: "ObservationsTests",
      dependencies: foundations + ["Observations", "HDF5Files", "TestSupport", "rheobase"],
      exclude: ["Golden"]),
    .testTarget(
      name: "EmulatorTests",
      dependencies: foundations + [
        "Emulator", "ReferenceModel", "ProgramImage", "ChipModel", "Observations", "Reports",
        "TestSupport", "RuntimeCounts",
      ],
      resources: [.copy("Golden")]),
    .testTarget(
      name: "ReferenceModelTests",
      dependencies: foundations + [
        "ReferenceModel", "ProgramImage", "ChipModel", "Observations", "NetworkIR", "GoldenChecks",
        "TestSupport",
      ],
      exclude: ["Golden"]),
    .testTarget(
      name: "ReportsTests", dependencies: foundations + ["Reports", "Observations", "ChipModel"]),
    .testTarget(name: "ArchitectureTests", dependencies: foundations + ["TestSupport"]),
    .testTarget(
      name: "EndToEndTests",
      dependencies: foundations + ["Observations", "TestSupport", "rheobase"], exclude: ["Golden"]),
  ],
  swiftLanguageModes: [.v6]
)
