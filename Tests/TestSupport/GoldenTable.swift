import Foundation

/// A row of a golden table: cells by column name.
public typealias GoldenRow = [String: String]

/// Tables that other programs made: comma-separated, the first row names the columns, quotes may enclose a cell.
public enum GoldenTable {
  public struct Problem: Error, CustomStringConvertible {
    public var description: String

    public init(description: String) { self.description = description }
  }

  /// The rows of Tests/`owner`Tests/Golden/`name`. Cells beyond the named columns are left out; of columns with the same
  /// name the first counts.
  public static func rows(_ owner: String, _ name: String) throws -> [GoldenRow] {
    let text = try Repository.text("Tests/\(owner)Tests/Golden/\(name)")
    let lines = text.split(whereSeparator: \.isNewline).map(cells)
    guard let header = lines.first else { throw Problem(description: "\(name) is empty") }
    return lines.dropFirst().map { Dictionary(zip(header, $0)) { first, _ in first } }
  }

  private static func cells(_ line: Substring) -> [String] {
    var cells = [""]
    var quoted = false
    for character in line {
      if character == "\"" {
        quoted.toggle()
      } else if character == ",", !quoted {
        cells.append("")
      } else {
        cells[cells.count - 1].append(character)
      }
    }
    return cells
  }
}

extension GoldenRow {
  public func text(_ column: String) throws -> String {
    guard let text = self[column] else { throw GoldenTable.Problem(description: "no column \(column)") }
    return text
  }

  /// The number in a column; "inf" and "nan" are numbers too.
  public func number(_ column: String) throws -> Double {
    guard let number = Double(try text(column)) else {
      throw GoldenTable.Problem(description: "\(column) is no number in \(self)")
    }
    return number
  }

  public func integer(_ column: String) throws -> Int {
    guard let number = Int(try text(column)) else {
      throw GoldenTable.Problem(description: "\(column) is no whole number in \(self)")
    }
    return number
  }
}
