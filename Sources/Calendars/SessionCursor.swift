public import Trading

/// Finds the sessions of moments that ascend: each session, and each stretch without one, is looked up once.
struct SessionCursor {
  private let calendar: ExchangeCalendar
  private var current: TradingSession?
  /// Moments before it, and not before the last one asked for, lie in no session.
  private var closedUntil: Instant?
  private var last = Instant(milliseconds: .min)

  init(_ calendar: ExchangeCalendar) { self.calendar = calendar }

  mutating func session(at moment: Instant) -> TradingSession? {
    defer { last = moment }
    if let current, moment >= current.open, moment < current.close { return current }
    if let closedUntil, moment >= last, moment < closedUntil { return nil }
    current = calendar.session(at: moment)
    closedUntil = current == nil ? calendar.session(after: moment)?.open : nil
    return current
  }
}

extension ExchangeCalendar: TradingCalendar {
  public func sessions(between first: Int, and last: Int) -> Int {
    guard let days = rules.value.days(from: first + 1, to: last - 1) else { return 0 }
    return days.count { rules.value.session(on: $0) != nil }
  }

  public func sessions(ofBarsOpening opens: [Instant], _ timeframe: Timeframe) -> BarSessions {
    var closes = closes(ofBarsOpening: opens, timeframe)
    for bar in closes.indices.dropFirst() where closes[bar] < closes[bar - 1] { closes[bar] = closes[bar - 1] }
    let isDaily = timeframe.milliseconds >= Timeframe.day.milliseconds
    var cursor = SessionCursor(self)
    var hours: [Int: Range<Instant>] = [:]
    var last: Int?
    let days = opens.map { open in
      let day = isDaily ? date(ofDailyBar: open).day : cursor.session(at: open)?.date.day ?? zone.day(at: open)
      if day != last {
        hours[day] = rules.value.session(on: day).map { $0.open..<$0.close }
        last = day
      }
      return day
    }
    return BarSessions(calendar: self, closes: closes, days: days, hours: hours)
  }
}
