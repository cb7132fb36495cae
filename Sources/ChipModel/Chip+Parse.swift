import Diagnostics
import Documents

extension Chip {
  /// Reads a chip file (docs/chip-file.md).
  ///
  /// Everything that is wrong with it is thrown together: unknown and missing keys, wrong dimensions, impossible
  /// values, constants without a source, limits of the arithmetic (docs/emulator-semantics.md §7).
  ///
  /// - Parameter place: the file's name, for diagnostics.
  /// - Parameter overrides: what `--set path=value` gives, applied in order. A constant set this way has
  ///   `--set path=value` as its source.
  public static func parse(
    text: String, place: String, overrides: [(path: String, value: String)] = []
  ) throws(Failure) -> Chip {
    var document = try Document.parse(json5: text, place: place)
    var settings: [String: String] = [:]
    for (path, value) in overrides {
      // `a.b.value` would leave the source of the old number beside the new one.
      let constant = path.hasSuffix(".value") ? String(path.dropLast(".value".count)) : path
      document = try document.setting(path: constant, to: value)
      settings[constant] = value
    }
    let reader = DocumentReader(document, place: place)
    var sections = ChipSections(reader.root, settings: settings)
    let chip = sections.chip()
    reader.root.finish()
    try reader.diagnostics.throwIfErrors()
    guard var chip else {
      throw Failure(
        .ourBug, Diagnostic("chip.reader", place: place, problem: "the chip reader gave up without a reason"))
    }
    chip.resolvedText = chip.document.serialized(pretty: false)
    return chip
  }
}
