import Calendars
import PluginKit
import Storage
import Trading

/// Which stretches of time there are to ask for.
extension Backfill {
  /// Bars before the last one that are asked for again with what follows.
  static let recheck = 3
  /// How long a source is granted to have a bar that the calendar expects, in milliseconds.
  static let patience: Int64 = 4 * 86_400_000
  /// Gaps that one run asks for; the next goes on.
  static let gapsARun = 64

  static func bars(_ count: Int, _ timeframe: Timeframe) -> Int64 { Int64(count) * timeframe.milliseconds }

  /// The opening of the first bar that is not closed yet, so that no forming bar is ever asked for.
  func firstUnclosed(settle: Int64) -> Instant {
    let now = now()
    if let calendar {
      let recent = now.advanced(by: -max(Backfill.bars(2, key.timeframe), 14 * 86_400_000))
      let opens = calendar.opens(of: key.timeframe, from: recent, to: now.advanced(by: 86_400_000))
      let unclosed = opens.first { !calendar.barIsClosed(opening: $0, key.timeframe, now: now, settle: settle) }
      if let unclosed { return min(unclosed, now) }
      if !opens.isEmpty { return now }
    }
    // Bars of unknown labels: the latest that can be closed opened a timeframe and the delay ago.
    return now.advanced(by: -(key.timeframe.milliseconds + settle) + 1)
  }

  /// Whether the calendar has bars there; without one there may always be some.
  func mayHoldBars(_ stretch: Range<Instant>) -> Bool {
    guard let calendar, calendar.covers(stretch.lowerBound), calendar.covers(stretch.upperBound) else { return true }
    // A bar's label may lie before the session that it holds.
    return calendar.opens(of: key.timeframe, from: stretch.lowerBound, to: stretch.upperBound)
      .contains { stretch.contains($0) }
  }

  /// The bars that there should be and that are neither stored nor known to be missing at the source; neighbours in the
  /// calendar are one gap.
  func missing(_ range: Range<Instant>, _ calendar: ExchangeCalendar) async throws(CollectFault) -> [MissingBars] {
    let coverage = try await storing { () async throws(StoreError) in try await store.coverage(key) }
    // Before the first bar there is no gap, but no history.
    guard let first = coverage.map({ max($0.first, range.lowerBound) }) else { return [] }
    let history = try await storing { () async throws(StoreError) in
      try await store.history(key, from: range.lowerBound, to: range.upperBound)
    }
    let holes = try await storing { () async throws(StoreError) in try await store.holes(of: key) }
    return calendar.missing(
      from: first, to: range.upperBound, key.timeframe, among: history.series.times, except: holes)
  }

  /// Whether bars that are closed and that the source has had time for are missing at the end; nil without any.
  func isStale(_ coverage: Coverage?) -> Bool? {
    guard let last = coverage?.last else { return nil }
    let now = now()
    guard let calendar else {
      return now.milliseconds - last.milliseconds > Backfill.bars(3, key.timeframe) + Backfill.patience
    }
    return calendar.overdue(after: last, key.timeframe, now: now) > 0
  }

  /// How long after its close a bar is due, in milliseconds.
  static let staleAfter: Int64 = 6 * 3_600_000
}

extension Range<Instant> {
  /// What is left of this without stretches that ascend.
  func without(_ taken: [Range<Instant>]) -> [Range<Instant>] {
    var left: [Range<Instant>] = []
    var from = lowerBound
    for stretch in taken where stretch.upperBound > from && stretch.lowerBound < upperBound {
      if stretch.lowerBound > from { left.append(from..<stretch.lowerBound) }
      from = Swift.max(from, stretch.upperBound)
    }
    if from < upperBound { left.append(from..<upperBound) }
    return left
  }
}

extension SourceReach {
  /// The requests that a stretch needs, oldest first.
  func parts(of stretch: Range<Instant>, _ timeframe: Timeframe) -> [Range<Instant>] {
    let lengths = [span, bars.map { Backfill.bars($0, timeframe) }].compactMap { $0 }
    guard let length = lengths.min(), length > 0 else { return stretch.isEmpty ? [] : [stretch] }
    var parts: [Range<Instant>] = []
    var from = stretch.lowerBound
    while from < stretch.upperBound {
      let to = Swift.min(from.advanced(by: length), stretch.upperBound)
      parts.append(from..<to)
      from = to
    }
    return parts
  }
}
