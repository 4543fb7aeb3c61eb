/// One field of a cron expression: which numbers it admits.
struct CronField: Hashable, Sendable {
  enum Kind: String {
    case minute, hour, day = "day of the month", month, weekday

    var range: ClosedRange<Int> {
      switch self {
      case .minute: 0...59
      case .hour: 0...23
      case .day: 1...31
      case .month: 1...12
      case .weekday: 0...7
      }
    }

    var names: [String] {
      switch self {
      case .month: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
      case .weekday: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
      default: []
      }
    }
  }

  /// Bit n stands for the number n; Sunday is 0.
  private(set) var bits: UInt64 = 0
  /// Whether it begins with `*`, which is what Vixie cron looks at.
  let isStarred: Bool

  init(_ kind: Kind, _ word: CronWord) throws(CronFault) {
    isStarred = word.scalars.first == "*"
    for item in word.split(",") { bits |= try CronField.bits(kind, item, of: word) }
    if kind == .weekday, bits & 1 << 7 != 0 { bits = bits & ~(1 << 7) | 1 }
  }

  func admits(_ number: Int) -> Bool { bits >> UInt64(number) & 1 == 1 }

  /// The numbers in order.
  var numbers: [Int] { (0..<60).filter(admits) }

  private static func bits(_ kind: Kind, _ item: CronWord, of word: CronWord) throws(CronFault) -> UInt64 {
    let parts = item.split("/")
    guard let span = parts.first, parts.count <= 2, !item.scalars.isEmpty else {
      throw CronFault(
        "the \(kind.rawValue) \"\(word.text)\" is no list of numbers, ranges and steps", part: item.part,
        hint: "write *, 5, 1-5, 0,30 or */15")
    }
    var range = kind.range
    if span.scalars != ["*"] {
      let ends = span.split("-")
      guard let first = ends.first, let last = ends.last, ends.count <= 2 else {
        throw CronFault("\"\(span.text)\" is no range", part: span.part, hint: "write 1-5")
      }
      let (low, high) = (try number(kind, first), try number(kind, last))
      guard low <= high else {
        throw CronFault(
          "the range \"\(span.text)\" ends before it begins", part: span.part,
          hint: "write two: \(low)-\(kind.range.upperBound),\(kind.range.lowerBound)-\(high)")
      }
      if parts.count == 2, ends.count == 1 {
        throw CronFault(
          "a step follows * or a range; found \"\(item.text)\"", part: item.part,
          hint: "write \(low)-\(kind.range.upperBound)/\(parts[1].text)")
      }
      range = low...high
    } else if kind == .weekday {
      range = 0...6
    }
    var step = 1
    if let written = parts.dropFirst().first {
      guard let found = written.number, found > 0, found <= kind.range.upperBound else {
        throw CronFault(
          "the step of the \(kind.rawValue) is 1 to \(kind.range.upperBound); found \"\(written.text)\"",
          part: written.part)
      }
      step = found
    }
    return stride(from: range.lowerBound, through: range.upperBound, by: step).reduce(0) { $0 | 1 << UInt64($1) }
  }

  private static func number(_ kind: Kind, _ word: CronWord) throws(CronFault) -> Int {
    if let number = word.number {
      guard kind.range.contains(number) else {
        throw CronFault(
          "the \(kind.rawValue) is \(kind.range.lowerBound) to \(kind.range.upperBound); found \(word.text)",
          part: word.part)
      }
      return number
    }
    if let place = kind.names.firstIndex(of: word.text.lowercased()) { return place + kind.range.lowerBound }
    let hint = kind.names.isEmpty ? "write *, 5, 1-5, 0,30 or */15" : "names: \(kind.names.joined(separator: ", "))"
    throw CronFault("\"\(word.text)\" is no \(kind.rawValue)", part: word.part, hint: hint)
  }
}
