/// A file's text by lines, to find the place of a value or of a part of an expression in it.
public struct SourceText: Sendable {
  /// The path as the user would write it.
  public let file: String
  public let text: String
  private let lines: [Substring]

  public init(file: String, text: String) {
    self.file = file
    self.text = text
    // Bytes are looked through faster than characters.
    lines =
      SourceText.hasOtherLineEnds(text)
      ? text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      : text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { Substring($0) }
  }

  /// Whether something else than a line feed may end a line: a carriage return, a form feed, U+0085, U+2028 and the like.
  private static func hasOtherLineEnds(_ text: String) -> Bool {
    var before: UInt8 = 0
    for byte in text.utf8 {
      switch byte {
      case 0x0B, 0x0C, 0x0D: return true
      case 0x85: if before == 0xC2 { return true }
      case 0xA8, 0xA9: if before == 0x80 { return true }
      default: break
      }
      before = byte
    }
    return false
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

  /// Where each scalar of a value's text stands. Quotes, escapes, indentation and folded line ends make text and source
  /// differ, so the two are walked together; where they cannot be, the rest has no place.
  private func places(of scalar: YAMLValue.Scalar, line: Int, column: Int) -> [(line: Int, column: Int)] {
    var walk = SourceWalk(lines: lines, row: line - 1, at: column - 1)
    if scalar.isBlock { walk.nextLine() }
    let quote = scalar.isQuoted ? walk.current : nil
    if quote != nil { walk.step() }
    var result: [(line: Int, column: Int)] = []
    for character in scalar.text.unicodeScalars {
      guard let place = walk.take(character, quote: quote) else { break }
      result.append(place)
    }
    return result
  }
}

/// Walks through a scalar in its source, one character of its text after another.
private struct SourceWalk {
  let lines: [Substring]
  private(set) var row: Int
  private(set) var at: Int
  private var line: [Unicode.Scalar]

  init(lines: [Substring], row: Int, at: Int) {
    self.lines = lines
    self.row = row
    self.at = at
    line = lines.indices.contains(row) ? Array(lines[row].unicodeScalars) : []
  }

  var current: Unicode.Scalar? { line.indices.contains(at) ? line[at] : nil }

  mutating func step() { at += 1 }

  mutating func nextLine() { self = SourceWalk(lines: lines, row: row + 1, at: 0) }

  /// The place of the next character; nil where the source goes on with another one.
  mutating func take(_ character: Unicode.Scalar, quote: Unicode.Scalar?) -> (line: Int, column: Int)? {
    let isSpace = character.properties.isWhitespace
    while !isSpace, row < lines.count {
      guard let here = current else {
        nextLine()
        continue
      }
      let continues = quote == "\"" && here == "\\" && at + 1 == line.count
      guard here == " " || here == "\t" || continues else { break }
      at += 1
    }
    let place = (line: row + 1, column: at + 1)
    if current == "\\", quote == "\"" {
      at += escapeLength
    } else if current == character {
      at += character == "'" && quote == "'" ? 2 : 1
    } else if !isSpace {
      return nil
    }
    return place
  }

  /// Of `\n`, `\x41`, `\u00e9`, `\U0001F600`.
  private var escapeLength: Int {
    switch at + 1 < line.count ? line[at + 1] : " " {
    case "x": 4
    case "u": 6
    case "U": 10
    default: 2
    }
  }
}
