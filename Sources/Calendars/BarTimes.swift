public import Trading

extension ExchangeCalendar {
  /// The labels of the bars that there should be for the sessions of the dates from `from` to `to`, both included:
  /// midnight UTC of the session's date for days, the Monday for weeks and the first for months in which there is a
  /// session; within a day from the opening by the timeframe, and anew from the end of the pause.
  public func opens(of timeframe: Timeframe, from: Instant, to: Instant) -> [Instant] {
    let sessions = sessions(from: from, to: to)
    switch timeframe.unit {
    case .minute, .hour:
      var opens: [Instant] = []
      for session in sessions {
        for part in session.parts {
          var open = part.lowerBound
          while open < part.upperBound {
            opens.append(open)
            open = open.advanced(by: timeframe.milliseconds)
          }
        }
      }
      return opens
    case .day, .week, .month:
      var opens: [Instant] = []
      for session in sessions {
        let start = timeframe.period(of: session.date).lowerBound
        if opens.last != start { opens.append(start) }
      }
      return opens
    }
  }

  /// The moment from which a bar is known: its close.
  ///
  /// A daily bar closes with its session, a weekly or monthly one with the last session of its week (from Monday) or
  /// month. A bar within a day closes after its timeframe, or where trading ends before that, for the pause or for the
  /// day. Where the table has no session for a bar, it is the opening and the timeframe.
  ///
  /// A daily bar's label is midnight UTC of the session's date, or a moment of the session or of the exchange's day.
  public func close(ofBarOpening open: Instant, _ timeframe: Timeframe) -> Instant {
    switch timeframe.unit {
    case .minute, .hour:
      return closeWithinDay(open, open.advanced(by: timeframe.milliseconds), session(at: open))
    case .day:
      let first = date(ofDailyBar: open)
      guard timeframe.count > 1 else { return session(on: first)?.close ?? timeframe.knownAt(open: open) }
      return lastSession(in: timeframe.period(of: first))?.close ?? timeframe.knownAt(open: open)
    case .week, .month:
      return lastSession(in: timeframe.period(of: date(ofDailyBar: open)))?.close ?? timeframe.knownAt(open: open)
    }
  }

  /// The closes of bars in order, bar by bar those of `close(ofBarOpening:_:)`.
  public func closes(ofBarsOpening opens: [Instant], _ timeframe: Timeframe) -> [Instant] {
    guard timeframe.unit == .minute || timeframe.unit == .hour else {
      return opens.map { close(ofBarOpening: $0, timeframe) }
    }
    var cursor = SessionCursor(self)
    let length = timeframe.milliseconds
    return opens.map { closeWithinDay($0, $0.advanced(by: length), cursor.session(at: $0)) }
  }

  /// Whether a bar is closed at a moment, `settle` milliseconds granted to the source to make it final.
  public func barIsClosed(opening open: Instant, _ timeframe: Timeframe, now: Instant, settle: Int64) -> Bool {
    now >= close(ofBarOpening: open, timeframe).advanced(by: settle)
  }

  /// The date of the session that a daily bar's label stands for.
  func date(ofDailyBar label: Instant) -> Instant {
    if label.milliseconds % 86_400_000 == 0 { return label }
    return session(at: label)?.date ?? .midnight(rules.value.zone.day(at: label))
  }

  private func closeWithinDay(_ open: Instant, _ end: Instant, _ session: TradingSession?) -> Instant {
    // Bars on the hours of the clock may begin before the opening: the session in which they end decides.
    guard let session = session ?? self.session(at: Instant(milliseconds: end.milliseconds - 1)) else {
      return lastClose(from: open.advanced(by: 1), to: end) ?? end
    }
    if end > session.close { return lastClose(from: session.close.advanced(by: 1), to: end) ?? session.close }
    // A bar over the whole pause may be one of the clock's hours and hold what comes after: it is known at its end.
    if let pause = session.pause, pause.lowerBound > open, end > pause.lowerBound, end <= pause.upperBound {
      return pause.lowerBound
    }
    return end
  }

  /// Where trading last stood between two moments of which neither lies in a session that ends later.
  private func lastClose(from: Instant, to end: Instant) -> Instant? {
    if session(at: Instant(milliseconds: end.milliseconds - 1)) != nil { return end }
    guard let before = session(before: end), before.close >= from else { return nil }
    return before.close
  }

  private func lastSession(in period: Range<Instant>) -> TradingSession? {
    // A period that the table covers in part has a last session that is not known.
    guard covers(period.lowerBound), covers(period.upperBound.advanced(by: -1)) else { return nil }
    for day in (period.lowerBound.day..<period.upperBound.day).reversed() {
      if let session = rules.value.session(on: day) { return session }
    }
    return nil
  }
}

extension TradingSession {
  /// The session without its pause.
  var parts: [Range<Instant>] {
    guard let pause else { return [open..<close] }
    return [open..<pause.lowerBound, pause.upperBound..<close]
  }
}

extension Timeframe {
  /// The dates of the period that begins with a date's own day, week (from Monday) or month.
  fileprivate func period(of date: Instant) -> Range<Instant> {
    let start: Int
    switch unit {
    case .week: start = date.day - (date.weekday - 1)
    case .month: start = date.day - (date.date.day - 1)
    case .minute, .hour, .day: start = date.day
    }
    let midnight = Instant.midnight(start)
    return midnight..<knownAt(open: midnight)
  }
}
