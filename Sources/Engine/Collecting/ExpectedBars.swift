public import Calendars
public import Trading

/// Neighbouring bars that a calendar expects and that are not there.
public struct MissingBars: Hashable, Sendable {
  /// From the opening of the first to just behind that of the last.
  public var stretch: Range<Instant>
  public var count: Int

  /// The openings of the first and the last.
  public var first: Instant { stretch.lowerBound }
  public var last: Instant { stretch.upperBound.advanced(by: -1) }
}

extension ExchangeCalendar {
  /// The bars that should open in a stretch and are neither among the times nor in a hole; neighbours in the calendar
  /// are one item.
  ///
  /// - Parameters:
  ///   - times: Openings of the bars that are there. Sources label daily bars differently; a bar is there where its
  ///     period has one.
  ///   - holes: What the source is known not to have.
  public func missing(
    from first: Instant, to end: Instant, _ timeframe: Timeframe, among times: [Instant], except holes: [Range<Instant>]
  ) -> [MissingBars] {
    let there = Set(times.map { timeframe.label(of: $0) })
    var gaps: [MissingBars] = []
    var isOpen = false
    for open in opens(of: timeframe, from: first, to: end) where open >= first && open < end {
      if there.contains(timeframe.label(of: open)) || holes.contains(where: { $0.contains(open) }) {
        isOpen = false
      } else if isOpen, let last = gaps.indices.last {
        gaps[last].stretch = gaps[last].stretch.lowerBound..<open.advanced(by: 1)
        gaps[last].count += 1
      } else {
        gaps.append(MissingBars(stretch: open..<open.advanced(by: 1), count: 1))
        isOpen = true
      }
    }
    return gaps
  }

  /// How many bars after the last one have been closed for long enough for a source to have them.
  public func overdue(after last: Instant, _ timeframe: Timeframe, now: Instant) -> Int {
    opens(of: timeframe, from: last, to: now).count { open in
      open > last && timeframe.label(of: open) != timeframe.label(of: last)
        && barIsClosed(opening: open, timeframe, now: now, settle: Backfill.staleAfter)
    }
  }
}

extension Timeframe {
  /// What a bar is known by, whatever the hour at which its source says that it opens: a daily one by its date.
  func label(of open: Instant) -> Instant {
    switch unit {
    case .minute, .hour: open
    case .day, .week, .month: Instant(seconds: Int64(open.day) * 86_400)
    }
  }
}
