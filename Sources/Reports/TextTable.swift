/// A table for a terminal: columns as wide as their widest cell, two spaces apart.
public struct TextTable: Sendable {
  public enum Alignment: Sendable { case left, right }

  private var columns: [(title: String, alignment: Alignment)]
  private var rows: [[String]] = []

  /// Columns by title and alignment.
  public init(_ columns: [(title: String, alignment: Alignment)]) { self.columns = columns }

  /// Adds a row; missing cells are empty.
  public mutating func add(_ cells: [String]) { rows.append(cells) }

  public var isEmpty: Bool { rows.isEmpty }

  /// Title line and rows, each ended by a newline, without trailing spaces. Columns without any content are
  /// left out.
  public var text: String {
    let used = columns.indices.filter { column in rows.contains { $0.count > column && !$0[column].isEmpty } }
    let lines = [columns.map(\.title)] + rows
    let widths = used.map { column in lines.map { $0.count > column ? $0[column].count : 0 }.max() ?? 0 }
    return lines.map { cells in
      var line = zip(used, widths).map { column, width in
        let cell = column < cells.count ? cells[column] : ""
        let padding = String(repeating: " ", count: width - cell.count)
        return columns[column].alignment == .left ? cell + padding : padding + cell
      }.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return line + "\n"
    }.joined()
  }
}

/// Labelled lines: labels padded to a common width.
public func labelledLines(_ rows: [(label: String, text: String)]) -> String {
  let width = rows.map(\.label.count).max() ?? 0
  return rows.map { row in
    row.label + String(repeating: " ", count: width - row.label.count) + "  " + row.text + "\n"
  }.joined()
}
