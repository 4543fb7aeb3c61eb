/// Tables as text (RFC 4180, and its kin with tabs, semicolons or bars): a head of names, then rows.
enum DelimitedText {
  static func read(_ bytes: [UInt8], file: String) throws(RecordFault) -> [Record] {
    var reader = DelimitedReader(bytes, file: file)
    guard let head = try reader.row() else { throw RecordFault(file, ["is empty"]) }
    let names = head.fields.map(name)
    var seen: Set<String> = []
    for name in names where !name.isEmpty && !seen.insert(name).inserted {
      throw RecordFault(file, ["line 1: the column \"\(name)\" stands twice"])
    }
    var records: [Record] = []
    while let row = try reader.row() {
      if row.fields.count == 1, row.fields[0].isEmpty { continue }
      guard row.fields.count <= names.count else {
        throw RecordFault(file, ["line \(row.line): has \(row.fields.count) fields, the head has \(names.count)"])
      }
      guard records.count < Record.rowLimit else {
        throw RecordFault(file, ["line \(row.line): more than \(Record.rowLimit) rows"])
      }
      records.append(
        Record(
          place: "line \(row.line)",
          fields: Dictionary(zip(names, row.fields).filter { !$0.0.isEmpty }, uniquingKeysWith: { first, _ in first })))
    }
    return records
  }

  /// As columns are asked for: lower case, with an underscore for blanks.
  static func name(_ text: String) -> String {
    text.lowercased().split { $0 == " " || $0 == "-" }.joined(separator: "_")
  }
}

private struct DelimitedReader {
  let bytes: [UInt8]
  let file: String
  private var at = 0
  private var line = 1
  private var separator = UInt8(ascii: ",")

  init(_ bytes: [UInt8], file: String) {
    self.bytes = bytes
    self.file = file
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { at = 3 }
    let head = bytes[at...].prefix { $0 != 10 }
    let separators = [",", "\t", ";", "|"].map { UInt8(ascii: $0) }
    let counts = separators.map { one in head.count { $0 == one } }
    if let most = counts.max(), most > 0, let place = counts.firstIndex(of: most) { separator = separators[place] }
  }

  /// The next row; nil at the end.
  mutating func row() throws(RecordFault) -> (line: Int, fields: [String])? {
    guard at < bytes.count else { return nil }
    let start = line
    var fields: [String] = []
    while true {
      fields.append(try field())
      guard fields.count <= 10_000 else { throw RecordFault(file, ["line \(start): more than 10000 fields"]) }
      guard at < bytes.count else { return (start, fields) }
      let byte = bytes[at]
      at += 1
      if byte == separator { continue }
      if byte == 13, at < bytes.count, bytes[at] == 10 { at += 1 }
      line += 1
      return (start, fields)
    }
  }

  private mutating func field() throws(RecordFault) -> String {
    guard at < bytes.count, bytes[at] == UInt8(ascii: "\"") else {
      let start = at
      while at < bytes.count, bytes[at] != separator, bytes[at] != 10, bytes[at] != 13 { at += 1 }
      return try text(bytes[start..<at])
    }
    let start = line
    at += 1
    var value: [UInt8] = []
    while true {
      guard at < bytes.count else { throw RecordFault(file, ["line \(start): a quote is not closed"]) }
      let byte = bytes[at]
      at += 1
      if byte == UInt8(ascii: "\"") {
        guard at < bytes.count, bytes[at] == byte else { break }
        at += 1
      } else if byte == 10 {
        line += 1
      }
      value.append(byte)
    }
    guard at == bytes.count || bytes[at] == separator || bytes[at] == 10 || bytes[at] == 13 else {
      throw RecordFault(file, ["line \(line): something stands behind a closing quote"])
    }
    return try text(value[...])
  }

  private func text(_ bytes: ArraySlice<UInt8>) throws(RecordFault) -> String {
    guard bytes.count <= 1 << 20 else { throw RecordFault(file, ["line \(line): a field of \(bytes.count) bytes"]) }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw RecordFault(file, ["line \(line): is no UTF-8"])
    }
    return text.trimmed
  }
}
