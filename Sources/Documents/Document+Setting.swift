import Diagnostics

extension Document {
  /// The document with the value at `path` (`electrical.parasitics.node`) replaced, as `--set` does.
  ///
  /// The text is taken as JSON5 (`12`, `true`, `[0, 1]`) and, where it is not, as a string (`50fF`). Objects on
  /// the way that do not exist are made; whether the key means anything is the reader's to say.
  ///
  /// Fails when the path is empty or leads through a value that is not an object.
  public func setting(path: String, to text: String) throws(Failure) -> Document {
    let keys = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    if keys.contains("") {
      throw Failure(
        .usage,
        Diagnostic(
          "set.path", place: "--set", problem: "does not name a key", found: "\"\(path)\"",
          expected: "keys joined by points, such as electrical.parasitics.node"))
    }
    return try setting(keys[...], path: path, to: Self.value(fromSetting: text))
  }

  /// The value that `--set` makes of a text.
  public static func value(fromSetting text: String) -> Document {
    do {
      return try parse(json5: text, place: "--set")
    } catch {
      return .string(text)
    }
  }

  private func setting(
    _ keys: ArraySlice<String>, path: String, to value: Document
  ) throws(Failure) -> Document {
    guard let key = keys.first else { return value }
    guard case .object(var members) = self else {
      throw Failure(
        .usage,
        Diagnostic(
          "set.path", subject: path, place: "--set", problem: "leads through a value that is not an object",
          found: summary, expected: "an object with the key \"\(key)\""))
    }
    let child = members[key] ?? .object([:])
    members[key] = try child.setting(keys.dropFirst(), path: path, to: value)
    return .object(members)
  }
}
