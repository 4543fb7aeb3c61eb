import PluginKit

/// A table of text in lines, its fields parted by one character; a field in double quotes may hold it.
struct CSVTable {
  static let mostFields = 8_000_000
  static let mostColumns = 1_000
  /// Bytes of all names of columns together.
  static let longestHeader = 16_384

  struct Fault: Error { let sentence: String }

  let header: [String]
  private let bytes: [UInt8]
  /// The fields of the rows, one after another, each row as many as the header has.
  private var fields: [Field] = []
  var count: Int { header.isEmpty ? 0 : fields.count / header.count }

  /// Where a field stands; half of what a range of two words takes, and there are millions.
  private struct Field {
    let start, end: UInt32
    init(_ range: Range<Int>) { (start, end) = (UInt32(range.lowerBound), UInt32(range.upperBound)) }
  }

  /// Without a header, columns are called `1`, `2` … by their place.
  init(_ bytes: [UInt8], separator: UInt8, hasHeader: Bool = true) throws(Fault) {
    self.bytes = bytes
    guard bytes.count <= UInt32.max else { throw Fault(sentence: "the table has \(bytes.count) bytes") }
    var header: [String]?
    var at = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    var line = 0
    while at < bytes.count {
      line += 1
      var row: [Range<Int>] = []
      at = try CSVTable.split(bytes, from: at, separator, line: line, into: &row)
      if row.count == 1, row[0].isEmpty { continue }
      guard let names = header else {
        if hasHeader, let last = row.last, last.upperBound > CSVTable.longestHeader {
          throw Fault(
            sentence: "line \(line) has more than \(CSVTable.longestHeader) bytes, where the columns are named")
        }
        header = hasHeader ? row.map { String(decoding: bytes[$0], as: UTF8.self) } : row.indices.map { "\($0 + 1)" }
        if !hasHeader { fields += row.map(Field.init) }
        continue
      }
      guard row.count == names.count else {
        throw Fault(sentence: "line \(line) has \(row.count) fields, where line 1 has \(names.count)")
      }
      fields += row.map(Field.init)
      guard fields.count <= CSVTable.mostFields else {
        throw Fault(sentence: "the table has more than \(CSVTable.mostFields) fields")
      }
    }
    guard let header else { throw Fault(sentence: "the table is empty") }
    self.header = header
  }

  /// The place of a column by its name, in any letter case.
  func column(_ name: String) -> Int? {
    header.firstIndex { $0.lowercased() == name.lowercased() }
  }

  /// A field as text; nil where it is empty or a word for nothing.
  func text(_ column: Int, row: Int) -> String? {
    let place = row * header.count + column
    guard column < header.count, fields.indices.contains(place) else { return nil }
    let field = fields[place]
    let text = String(decoding: bytes[Int(field.start)..<Int(field.end)], as: UTF8.self)
    return ["", "-", "null", "nan", "n/a", "n/d", "none"].contains(text.lowercased()) ? nil : text
  }

  /// Adds the fields of one line; gives the start of the next.
  private static func split(
    _ bytes: [UInt8], from start: Int, _ separator: UInt8, line: Int, into row: inout [Range<Int>]
  ) throws(Fault) -> Int {
    var at = start
    while true {
      let isQuoted = at < bytes.count && bytes[at] == UInt8(ascii: "\"")
      if isQuoted { at += 1 }
      let begin = at
      if isQuoted {
        while at < bytes.count, bytes[at] != UInt8(ascii: "\"") { at += 1 }
        guard at < bytes.count else { throw Fault(sentence: "line \(line) has a quote that nothing closes") }
        row.append(begin..<at)
        at += 1
      }
      while at < bytes.count, bytes[at] != separator, bytes[at] != 10, bytes[at] != 13 { at += 1 }
      if !isQuoted { row.append(trimmed(bytes, begin..<at)) }
      guard at < bytes.count, bytes[at] == separator else { break }
      at += 1
      guard row.count < CSVTable.mostColumns else {
        throw Fault(sentence: "line \(line) has more than \(CSVTable.mostColumns) fields")
      }
    }
    if at < bytes.count, bytes[at] == 13 { at += 1 }
    if at < bytes.count, bytes[at] == 10 { at += 1 }
    return at
  }

  private static func trimmed(_ bytes: [UInt8], _ range: Range<Int>) -> Range<Int> {
    var (start, end) = (range.lowerBound, range.upperBound)
    while start < end, bytes[start] == 32 || bytes[start] == 9 { start += 1 }
    while end > start, bytes[end - 1] == 32 || bytes[end - 1] == 9 { end -= 1 }
    return start..<end
  }
}
