import Trading

/// How a zone's clocks go on for ever: the TZ string of POSIX with the extensions of RFC 9636, such as
/// `EST5EDT,M3.2.0,M11.1.0`.
struct ZoneRule {
  /// Day and time of day of a change, in local time.
  struct Turn {
    enum Day { case counted(Int), withoutLeapDay(Int), weekday(month: Int, week: Int, weekday: Int) }
    var day: Day
    /// Seconds after midnight, beyond the day too.
    var time: Int64 = 7_200
  }

  /// Seconds ahead of UTC.
  private var standard: Int64 = 0
  private var summer: (offset: Int64, start: Turn, end: Turn)?

  init?(_ text: String) {
    var reader = RuleReader(text)
    guard reader.name(), let behind = reader.time() else { return nil }
    standard = -behind
    guard !reader.isAtEnd else { return }
    guard reader.name() else { return nil }
    var ahead = standard + 3_600
    if !reader.isAt(",") {
      guard let behind = reader.time() else { return nil }
      ahead = -behind
    }
    guard reader.take(","), let start = reader.turn(), reader.take(","), let end = reader.turn(), reader.isAtEnd
    else { return nil }
    summer = (ahead, start, end)
  }

  /// The changes after a moment, in order, up to the year 2600; the first of them may change nothing.
  func changes(after moment: Int64) -> [(moment: Int64, offset: Int64)] {
    guard let summer else { return [] }
    let first = moment == .min ? 1970 : max(1, Instant(seconds: moment).date.year - 1)
    guard first < 2_600 else { return [] }
    var changes: [(moment: Int64, offset: Int64)] = []
    for year in first..<2_600 {
      changes.append((ZoneRule.local(summer.start, in: year) - standard, summer.offset))
      changes.append((ZoneRule.local(summer.end, in: year) - summer.offset, standard))
    }
    return changes.filter { $0.moment > moment }.sorted { $0.moment < $1.moment }
  }

  /// Seconds since 1970 on the zone's clocks.
  private static func local(_ turn: Turn, in year: Int) -> Int64 {
    let newYear = day(year, 1, 1)
    let isLeap = day(year, 3, 1) - newYear == 60
    let day: Int
    switch turn.day {
    case .counted(let count): day = newYear + count
    case .withoutLeapDay(let count): day = newYear + count - 1 + (isLeap && count >= 60 ? 1 : 0)
    case .weekday(let month, let week, let weekday):
      let first = self.day(year, month, 1)
      let next = month == 12 ? self.day(year + 1, 1, 1) : self.day(year, month + 1, 1)
      // 1970-01-01 was a Thursday; Sunday is 0.
      let firstWeekday = ((first + 4) % 7 + 7) % 7
      let found = first + (weekday - firstWeekday + 7) % 7 + (week - 1) * 7
      day = found < next ? found : found - 7
    }
    return Int64(day) * 86_400 + turn.time
  }

  private static func day(_ year: Int, _ month: Int, _ day: Int) -> Int {
    Instant(year: year, month: month, day: day)?.day ?? 0
  }
}

private struct RuleReader {
  private var rest: Substring

  init(_ text: String) { rest = text[...] }

  var isAtEnd: Bool { rest.isEmpty }

  func isAt(_ character: Character) -> Bool { rest.first == character }

  mutating func take(_ character: Character) -> Bool {
    guard rest.first == character else { return false }
    rest.removeFirst()
    return true
  }

  /// `EST`, or `<+1030>`.
  mutating func name() -> Bool {
    if take("<") {
      guard let end = rest.firstIndex(of: ">") else { return false }
      rest = rest[rest.index(after: end)...]
      return true
    }
    let letters = rest.prefix { $0.isASCII && $0.isLetter }
    rest = rest[letters.endIndex...]
    return letters.count >= 3
  }

  /// `5`, `-5:30`, `+167:00:00`, in seconds.
  mutating func time() -> Int64? {
    let isBelow = take("-")
    if !isBelow { _ = take("+") }
    guard let hours = number(0...167) else { return nil }
    var seconds = hours * 3_600
    if take(":") {
      guard let minutes = number(0...59) else { return nil }
      seconds += minutes * 60
      if take(":") {
        guard let rest = number(0...59) else { return nil }
        seconds += rest
      }
    }
    return Int64(isBelow ? -seconds : seconds)
  }

  mutating func turn() -> ZoneRule.Turn? {
    var day: ZoneRule.Turn.Day?
    if take("M") {
      guard let month = number(1...12), take("."), let week = number(1...5), take("."), let weekday = number(0...6)
      else { return nil }
      day = .weekday(month: month, week: week, weekday: weekday)
    } else if take("J") {
      day = number(1...365).map { .withoutLeapDay($0) }
    } else {
      day = number(0...365).map { .counted($0) }
    }
    guard let day else { return nil }
    guard take("/") else { return ZoneRule.Turn(day: day) }
    return time().map { ZoneRule.Turn(day: day, time: $0) }
  }

  private mutating func number(_ range: ClosedRange<Int>) -> Int? {
    let digits = rest.prefix { $0.isASCII && $0.isNumber }
    guard !digits.isEmpty, digits.count <= 4, let number = Int(digits), range.contains(number) else { return nil }
    rest = rest[digits.endIndex...]
    return number
  }
}
