public import Trading

extension ExchangeCalendar {
  /// Bars a year: the sessions of whole years times the bars of a session, as the table has them. Of timeframes longer
  /// than a day, their own number a year: 52 weeks, 12 months. Calendars without holidays count 365 days a year, or 52
  /// weeks of the days on which they trade.
  ///
  /// `years` are those that the prices cover; without them, or where the table has none of them, all of the table.
  public func periodsPerYear(_ timeframe: Timeframe, years: ClosedRange<Int>? = nil) -> Double {
    let count = Double(timeframe.count)
    switch timeframe.unit {
    case .week: return 52 / count
    case .month: return 12 / count
    case .day: return perYear(0, years) / count
    case .minute, .hour: return perYear(Int(timeframe.milliseconds / 60_000), years)
    }
  }

  /// `length` is that of a bar in minutes; 0 is a session.
  private func perYear(_ length: Int, _ years: ClosedRange<Int>?) -> Double {
    guard let first = firstDate?.wholeYear(from: true), let last = lastDate?.wholeYear(from: false), first <= last
    else {
      guard let week = rules.value.weeks.last?.value, let hours = rules.value.hours.last?.value else { return 0 }
      let days = week.nonzeroBitCount
      return Double((days == 7 ? 365 : days * 52) * (length == 0 ? 1 : hours.bars(of: length)))
    }
    var covered = first...last
    if let years, years.overlaps(covered) { covered = years.clamped(to: covered) }
    return Double(covered.reduce(0) { $0 + rules.bars(in: $1, of: length) }) / Double(covered.count)
  }
}

extension Instant {
  /// The first year that begins with this date or later, or the last that ends with it or earlier.
  fileprivate func wholeYear(from isFirst: Bool) -> Int {
    let (year, month, day) = date
    if isFirst { return month == 1 && day == 1 ? year : year + 1 }
    return month == 12 && day == 31 ? year : year - 1
  }
}
