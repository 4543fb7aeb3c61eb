/// A file's text by lines, to find the place of a value or of a part of an expression in it.
public struct SourceText: Sendable {
  /// The path as the user would write it.
  public let file: String
  private let lines: [Substring]

  public init(file: String, text: String) {
    self.file = file
    lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" || $0 == "\r" }
  }

  /// A line without its end, from 1.
  public func line(_ number: Int) -> String? { lines.indices.contains(number - 1) ? String(lines[number - 1]) : nil }

  /// The line and the columns (end excluded) of a value, or of a part of a scalar's text.
  func place(of value: YAMLValue, part: Range<Int>?) -> (line: Int, columns: Range<Int>) {
    guard case .scalar(let scalar) = value.content, !scalar.text.isEmpty else {
      return (value.line, value.column..<value.column + 1)
    }
    let count = scalar.text.unicodeScalars.count
    let wanted = part ?? 0..<count
    let places = places(of: scalar, line: value.line, column: value.column)
    let first = min(wanted.lowerBound, count)
    let start = first < places.count ? places[first] : after(places.last, else: value)
    var end = start.column + 1
    for index in first..<max(first, min(wanted.upperBound, places.count)) where places[index].line == start.line {
      end = places[index].column + 1
    }
    return (start.line, start.column..<end)
  }

  private func after(_ last: (line: Int, column: Int)?, else value: YAMLValue) -> (line: Int, column: Int) {
    last.map { ($0.line, $0.column + 1) } ?? (value.line, value.column)
  }

  /// Where each scalar of a value's text stands. Quotes, escapes and folded line ends make text and source differ, so
  /// the two are walked together: each character that is not a space is looked for from the last place on.
  private func places(of scalar: YAMLValue.Scalar, line: Int, column: Int) -> [(line: Int, column: Int)] {
    var result: [(line: Int, column: Int)] = []
    var (row, at) = (line - 1, column - 1)
    if scalar.isBlock { (row, at) = (row + 1, 0) }
    var current = row < lines.count ? Array(lines[row].unicodeScalars) : []
    if scalar.isQuoted, current.indices.contains(at), current[at] == "\"" || current[at] == "'" { at += 1 }
    for character in scalar.text.unicodeScalars {
      if character.properties.isWhitespace {
        result.append((row + 1, at + 1))
        if at < current.count, current[at] == character { at += 1 }
        continue
      }
      var (seekRow, seekAt, seekLine) = (row, at, current)
      while seekRow < lines.count {
        if seekAt < seekLine.count {
          if seekLine[seekAt] == character { break }
          seekAt += 1
        } else {
          seekRow += 1
          seekAt = 0
          seekLine = seekRow < lines.count ? Array(lines[seekRow].unicodeScalars) : []
        }
      }
      // An escaped character stands nowhere as itself: it keeps the place before it.
      if seekRow < lines.count { (row, at, current) = (seekRow, seekAt, seekLine) }
      result.append((row + 1, at + 1))
      if seekRow < lines.count { at += 1 }
      if result.count > 4_096 { break }
    }
    return result
  }
}
