/// Says when bars are closed and to which sessions they belong; exchange calendars do.
public protocol TradingCalendar: Sendable {
  /// A MIC such as `XNYS`, or another name of a calendar.
  var name: String { get }

  /// What holds of bars by their opening times, which ascend.
  func sessions(ofBarsOpening opens: [Instant], _ timeframe: Timeframe) -> BarSessions

  /// How many sessions there are between two dates, neither of them included, in days since 1970-01-01. Dates that it
  /// does not cover have none.
  func sessions(between first: Int, and last: Int) -> Int

  /// Bars a year, over whole years; nil for all that are known.
  func periodsPerYear(_ timeframe: Timeframe, years: ClosedRange<Int>?) -> Double
}

/// What a calendar says of the bars of a series: asked once, when the prices are read.
///
/// A class, so that a series without a calendar carries one empty reference and no more.
public final class BarSessions: Sendable {
  public let calendar: any TradingCalendar
  /// When each bar is known; never before the bar before it.
  public let closes: [Instant]
  /// The date of the session of each bar, in days since 1970-01-01.
  public let days: [Int]
  /// The opening and the close of the sessions of these dates, where the calendar has one.
  public let hours: [Int: Range<Instant>]

  public init(calendar: any TradingCalendar, closes: [Instant], days: [Int], hours: [Int: Range<Instant>]) {
    precondition(closes.count == days.count, "a close and a date for each bar")
    self.calendar = calendar
    self.closes = closes
    self.days = days
    self.hours = hours
  }

  public var count: Int { closes.count }

  /// The same of some of the bars.
  public func of(_ bars: Range<Int>) -> BarSessions {
    BarSessions(calendar: calendar, closes: Array(closes[bars]), days: Array(days[bars]), hours: hours)
  }
}

extension CandleSeries {
  /// The same bars with the closes and sessions of a calendar.
  public func keeping(_ calendar: any TradingCalendar) -> CandleSeries {
    CandleSeries(self, sessions: calendar.sessions(ofBarsOpening: times, timeframe))
  }

  /// The same for bars that go on behind others, of which the last was known at a moment: none is known before it.
  public func keeping(_ calendar: any TradingCalendar, after known: Instant?) -> CandleSeries {
    let sessions = calendar.sessions(ofBarsOpening: times, timeframe)
    guard let known, let first = sessions.closes.first, first < known else {
      return CandleSeries(self, sessions: sessions)
    }
    return CandleSeries(
      self,
      sessions: BarSessions(
        calendar: calendar, closes: sessions.closes.map { max($0, known) }, days: sessions.days, hours: sessions.hours))
  }

  /// The date of the bar's session in days since 1970-01-01: of the calendar, without one its date in UTC.
  public func sessionDay(_ bar: Int) -> Int { sessions?.days[bar] ?? times[bar].day }
}
