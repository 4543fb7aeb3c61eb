public import Calendars
public import Storage
public import Trading

/// How a stored series stands by the calendar of its exchange, for `doctor`.
public struct SeriesExamination {
  private let calendar: ExchangeCalendar
  private let exchange: String
  private let isFetched: Bool
  private let now: Instant

  /// - Parameters:
  ///   - exchange: The calendar's name, for the text.
  ///   - isFetched: Whether somebody is to bring its next bars. What was taken in from a file once is not late.
  public init(_ calendar: ExchangeCalendar, called exchange: String, isFetched: Bool, now: Instant) {
    self.calendar = calendar
    self.exchange = exchange
    self.isFetched = isFetched
    self.now = now
  }

  /// One line where all is well, else one for the gaps and one for bars that are late.
  public func findings(_ series: Diagnosis.Series) -> [Diagnosis.Finding] {
    let (coverage, timeframe, name) = (series.coverage, series.key.timeframe, "\(series.key)")
    let span = "\(coverage.count) bars, \(coverage.first.dateText) to \(coverage.last.dateText)"
    var findings: [Diagnosis.Finding] = []
    let gaps = calendar.missing(
      from: coverage.first, to: coverage.last, timeframe, among: series.times, except: series.holes)
    if !gaps.isEmpty {
      let count = gaps.reduce(0) { $0 + $1.count }
      let some = gaps.prefix(3).map { $0.count == 1 ? text($0.first, timeframe) : text($0, timeframe) }
      let more = gaps.count > 3 ? ", and \(gaps.count - 3) more places" : ""
      findings.append(
        Diagnosis.Finding(
          .warning, name,
          "\(span); \(count) \(count == 1 ? "bar is" : "bars are") missing by \(exchange): "
            + some.joined(separator: ", ") + more))
    }
    let late = isFetched ? calendar.overdue(after: coverage.last, timeframe, now: now) : 0
    if late > 0 {
      findings.append(
        Diagnosis.Finding(
          .warning, name,
          "the last bar is of \(text(coverage.last, timeframe)); \(late) more closed since by \(exchange), "
            + "and the source was last asked \(series.coverage.fetchedAt)"))
    }
    if findings.isEmpty {
      findings.append(Diagnosis.Finding(.fine, name, "\(span), none missing by \(exchange)"))
    }
    return findings
  }

  /// What is known of a calendar's end: its table is made ahead of time, and bars close by their length alone after it.
  public static func finding(of calendar: ExchangeCalendar, called exchange: String, now: Instant) -> Diagnosis.Finding?
  {
    guard let last = calendar.lastDate else { return nil }
    let isNear = last < now.advanced(by: 60 * 86_400_000)
    return Diagnosis.Finding(
      isNear ? .warning : .fine, "calendar \(exchange)",
      "its table ends on \(last.dateText)" + (isNear ? ": a newer version of the program knows more" : ""))
  }

  private func text(_ gap: MissingBars, _ timeframe: Timeframe) -> String {
    "\(text(gap.first, timeframe)) to \(text(gap.last, timeframe)) (\(gap.count))"
  }

  private func text(_ time: Instant, _ timeframe: Timeframe) -> String {
    timeframe.milliseconds >= Timeframe.day.milliseconds ? time.dateText : "\(time)"
  }
}
