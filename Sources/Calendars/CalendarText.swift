import Trading

extension SessionRules {
  /// Reads a block of `CalendarTable`. Nil where a line is not of its form, which a test rules out for every block.
  init?(text: String) {
    var zone: ClockZone?
    var days: ClosedRange<Int>?
    var (weeks, hours): ([Since<UInt8>], [Since<SessionHours>]) = ([], [])
    var exceptions: [Int: Exception] = [:]
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ")
      guard words.count > 1, let keyword = words.first else { return nil }
      let rest = words.dropFirst()
      switch keyword {
      case "zone":
        zone = ClockZone(String(words[1]))
      case "span":
        let ends = rest.compactMap { Instant(String($0))?.day }
        guard ends.count == 2, ends[0] <= ends[1] else { return nil }
        days = ends[0]...ends[1]
      case "week":
        guard words.count == 3, let day = Instant(String(words[1]))?.day else { return nil }
        let mask = words[2].utf8.reduce(UInt8(0)) { $0 | 1 << ($1 &- 49) }
        weeks.append(Since(day: day, value: mask))
      case "hours":
        guard let day = Instant(String(words[1]))?.day, let value = SessionHours(words: rest.dropFirst()) else {
          return nil
        }
        hours.append(Since(day: day, value: value))
      case "closed", "extra":
        guard let year = Int(words[1]) else { return nil }
        for word in rest.dropFirst() {
          guard let date = Int(word), let day = Self.day(year * 10_000 + date) else { return nil }
          exceptions[day] = keyword == "closed" ? .closed : .regular
        }
      case "special":
        guard let on = words.firstIndex(of: "on"), let value = SessionHours(words: words[1..<on]) else { return nil }
        for word in words[(on + 1)...] {
          guard let date = Int(word), let day = Self.day(date) else { return nil }
          exceptions[day] = .hours(value)
        }
      default:
        return nil
      }
    }
    guard let zone, let days, !weeks.isEmpty, !hours.isEmpty else { return nil }
    self.init(zone: zone, days: days, weeks: weeks, hours: hours, exceptions: exceptions)
  }

  /// `20010911` as days since 1970-01-01.
  private static func day(_ number: Int) -> Int? {
    Instant(year: number / 10_000, month: number / 100 % 100, day: number % 100)?.day
  }
}

extension SessionHours {
  /// `09:00 15:00`, or with the pause `09:00 15:00 11:30 12:30`.
  fileprivate init?(words: ArraySlice<Substring>) {
    let minutes = words.compactMap { SessionHours.minutes($0) }
    guard minutes.count == words.count else { return nil }
    switch minutes.count {
    case 2: self.init(open: minutes[0], close: minutes[1])
    case 4 where minutes[2] < minutes[3]:
      self.init(open: minutes[0], close: minutes[1], pause: minutes[2]..<minutes[3])
    default: return nil
    }
  }
}
