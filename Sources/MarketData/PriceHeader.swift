/// The first line of a price file: how its fields are parted and what each column means.
struct PriceHeader {
  /// What a column means. `value` counts as the columns of a series do: open 0 … volume 4.
  enum Role: Hashable {
    case time
    case value(Int)
    case passedOver
  }

  let separator: UInt8
  /// The byte that ends a line: a line feed, or a carriage return in a file that has no line feed at all.
  let lineEnd: UInt8
  let roles: [Role]
  /// The columns as the file names them.
  let names: [String]
  /// Where the rows begin, in bytes, and the line on which that is, from 1.
  let rowsStart: Int
  let rowsLine: Int

  var hasVolume: Bool { roles.contains(.value(4)) }

  /// What the header leaves unsaid.
  func notices(file: String) -> [String] {
    hasVolume ? [] : ["\(file): there is no volume column; volume is 0 throughout"]
  }

  /// Reads the header. Nil, with faults, where there is none or a column is missing.
  static func read(_ bytes: Span<UInt8>, faults: inout FaultList) -> PriceHeader? {
    if let foreign = ForeignFormat.recognised(bytes) {
      faults.add(.notText, line: 1) { "the file is \(foreign); CSV text in UTF-8 is admitted" }
      return nil
    }
    var lines = LineReader(bytes, start: ForeignFormat.markLength(bytes))
    guard let line = lines.nextFilled() else {
      faults.add(.empty, line: 1) { "the file is empty; a header such as \(example) and rows are wanted" }
      return nil
    }
    guard line.end - line.start <= PriceFile.lineLimit else {
      faults.add(.lineTooLong, line: line.number) { LineReader.tooLong(line) }
      return nil
    }
    let separator = likeliestSeparator(bytes, line)
    var fields = FieldReader(separator: separator)
    guard fields.split(bytes, line) == .whole else {
      faults.add(.unterminatedQuote, line: line.number) { "the header has a quote that nothing closes" }
      return nil
    }
    var names = fields.fields.map { FieldText.full(bytes.extracting($0)) }
    // yfinance writes three header lines: Price,Close,… then Ticker,… then Date and nothing.
    var behind = lines
    if names.first?.lowercased() == "price", let second = behind.nextFilled(), starts(bytes, second, with: "ticker"),
      let third = behind.nextFilled(), starts(bytes, third, with: "date")
    {
      names[0] = "Date"
      lines = behind
    }
    let roles = names.map(role)
    let header = PriceHeader(
      separator: separator, lineEnd: lines.lineEnd, roles: roles, names: names, rowsStart: lines.at,
      rowsLine: lines.number + 1)
    let before = faults.total
    header.check(line: line.number, faults: &faults)
    return faults.total == before ? header : nil
  }

  private static let example = "timestamp,open,high,low,close,volume"

  private static func role(_ name: String) -> Role {
    switch name.lowercased() {
    case "timestamp", "date", "datetime", "time": .time
    case "open": .value(0)
    case "high": .value(1)
    case "low": .value(2)
    case "close": .value(3)
    case "volume": .value(4)
    default: .passedOver
    }
  }

  private func check(line: Int, faults: inout FaultList) {
    if Set(roles) == [.passedOver], names.contains(where: isDatum) {
      faults.add(.missingColumn, line: line) {
        "the first line holds data; a header such as \(PriceHeader.example) is wanted"
      }
      return
    }
    let wanted: [(Role, String)] = [
      (.time, "timestamp"), (.value(0), "open"), (.value(1), "high"), (.value(2), "low"), (.value(3), "close"),
    ]
    let absent = wanted.filter { !roles.contains($0.0) }.map(\.1)
    if !absent.isEmpty {
      faults.add(.missingColumn, line: line, column: absent.count == 1 ? absent[0] : nil) {
        "the header lacks \(FieldText.list(absent)); found \(FieldText.list(names))"
      }
    }
    for role in wanted.map(\.0) + [.value(4)] {
      let same = names.indices.filter { roles[$0] == role }
      guard same.count > 1 else { continue }
      faults.add(.repeatedColumn, line: line, column: names[same[1]]) {
        let found = same.map { "\(names[$0]) (column \($0 + 1))" }.joined(separator: " and ")
        return "\(found) mean the same; one of them is admitted"
      }
    }
  }

  private func isDatum(_ name: String) -> Bool { Double(name) != nil }

  private static func starts(_ bytes: Span<UInt8>, _ line: LineReader.Line, with word: StaticString) -> Bool {
    let count = word.utf8CodeUnitCount
    guard line.end - line.start >= count else { return false }
    return DecimalNumber.isWord(bytes.extracting(line.start..<line.start + count), word)
  }

  /// The separator that stands most often in the line outside quotes; a comma where none does.
  private static func likeliestSeparator(_ bytes: Span<UInt8>, _ line: LineReader.Line) -> UInt8 {
    var counts: (comma: Int, semicolon: Int, tab: Int) = (0, 0, 0)
    var quoted = false
    for index in line.start..<line.end {
      switch bytes[index] {
      case UInt8(ascii: "\""): quoted.toggle()
      case UInt8(ascii: ",") where !quoted: counts.comma += 1
      case UInt8(ascii: ";") where !quoted: counts.semicolon += 1
      case UInt8(ascii: "\t") where !quoted: counts.tab += 1
      default: break
      }
    }
    if counts.comma >= counts.semicolon, counts.comma >= counts.tab { return UInt8(ascii: ",") }
    return counts.semicolon >= counts.tab ? UInt8(ascii: ";") : UInt8(ascii: "\t")
  }
}
