/// A row of a table or an object of a list: texts by name, and where it stands.
public struct Record: Hashable, Sendable {
  /// `line 3`, `item 2`.
  public var place: String
  var fields: [String: String]

  /// The first of some columns that says something.
  func text(_ names: String...) -> String? { text(names) }

  func text(_ names: [String]) -> String? {
    for name in names {
      if let text = fields[name], !text.isEmpty { return text }
    }
    return nil
  }

  /// The same as one line without control signs, since it is shown on terminals.
  func line(_ names: String...) -> String? { line(names) }

  func line(_ names: [String]) -> String? {
    let line = text(names).map { PlainText.line(Array($0.utf8), most: 400) } ?? ""
    return line.isEmpty ? nil : line
  }
}

/// What is wrong with a file of records: at most some dozen faults, with their number.
public struct RecordFault: Error, Hashable, Sendable, CustomStringConvertible {
  public var file: String
  public var messages: [String]
  /// How many there are, those that are not listed among them.
  public var total: Int

  public init(_ file: String, _ messages: [String], total: Int? = nil) {
    self.file = file
    self.messages = messages
    self.total = total ?? messages.count
  }

  public var description: String {
    let lines = messages.map { "\(file): \($0)" }
    return (lines + (total > messages.count ? ["\(file): and \(total - messages.count) more"] : [])).joined(
      separator: "\n")
  }
}

/// Collects faults, of which the first are kept.
struct RecordFaults {
  let file: String
  private(set) var messages: [String] = []
  private(set) var total = 0

  init(file: String) { self.file = file }

  mutating func add(_ message: String) {
    total += 1
    if messages.count < 20 { messages.append(message) }
  }

  func end() throws(RecordFault) {
    if total > 0 { throw RecordFault(file, messages, total: total) }
  }
}

extension Record {
  /// Bytes of a file, and rows of it: whole files are kept in memory.
  public static let byteLimit = 256 << 20
  static let rowLimit = 2_000_000

  /// The records of a file: JSON where it begins with a bracket, a table with a head else, parted by commas, tabs,
  /// semicolons or bars, whichever the head has.
  public static func read(_ bytes: [UInt8], file: String) throws(RecordFault) -> [Record] {
    guard bytes.count <= byteLimit else {
      throw RecordFault(file, ["holds \(bytes.count) bytes; \(byteLimit) are admitted"])
    }
    let first = bytes.first { !($0 == 32 || (9...13).contains($0) || $0 == 0xEF || $0 == 0xBB || $0 == 0xBF) }
    guard let first else { throw RecordFault(file, ["is empty"]) }
    if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") {
      return try JSONRecords.read(bytes, file: file)
    }
    return try DelimitedText.read(bytes, file: file)
  }
}
