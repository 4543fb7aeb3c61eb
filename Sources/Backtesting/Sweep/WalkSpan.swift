import Trading

/// How long a window is: `1000b` bars, or `30d`, `8w`, `6mo`, `5y` of the calendar.
public enum WalkSpan: Hashable, Sendable {
  case bars(Int)
  case days(Int)
  case months(Int)

  /// Nil where the text is none of these, or the count is not 1 to 100,000.
  public init?(_ text: String) {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard let count = Int(digits), (1...100_000).contains(count) else { return nil }
    switch text.dropFirst(digits.count) {
    case "b": self = .bars(count)
    case "d": self = .days(count)
    case "w": self = .days(7 * count)
    case "mo": self = .months(count)
    case "y": self = .months(12 * count)
    default: return nil
    }
  }

  /// The day that lies this span, some times over, after a day: of bars that of the bar so many bars on, and the day
  /// after the last bar where there are no more.
  func day(after day: Int, times count: Int, in bars: [Instant]) -> Int {
    switch self {
    case .days(let days): return day + days * count
    case .months(let months):
      let (year, month, dayOfMonth) = Instant(seconds: Int64(day) * 86_400).date
      let all = year * 12 + month - 1 + months * count
      guard let first = Instant(year: all / 12, month: all % 12 + 1, day: 1) else { return Int.max / 2 }
      // The 31st of a shorter month is its last day.
      return (0...3).lazy.compactMap { less in
        Instant(year: all / 12, month: all % 12 + 1, day: max(1, dayOfMonth - less))?.day
      }.first ?? first.day
    case .bars(let length):
      let first = bars.firstIndex { $0.day >= day } ?? bars.count
      let wanted = first + length * count
      return wanted < bars.count ? bars[wanted].day : (bars.last?.day ?? day) + 1
    }
  }
}

extension WalkSpan: CustomStringConvertible {
  public var description: String {
    switch self {
    case .bars(let count): "\(count)b"
    case .days(let count): count.isMultiple(of: 7) ? "\(count / 7)w" : "\(count)d"
    case .months(let count): count.isMultiple(of: 12) ? "\(count / 12)y" : "\(count)mo"
    }
  }
}
