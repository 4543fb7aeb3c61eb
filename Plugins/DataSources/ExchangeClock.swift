import MarketData
import Calendars
import Trading

/// The clock of the exchange that an answer of Yahoo is about, and its running session.
struct ExchangeClock {
  private let zone: ClockZone?
  /// Milliseconds ahead of UTC today; of another day it may be wrong by an hour.
  private let offset: Int64
  /// The regular hours of the session that runs, or ran last.
  private let session: Range<Instant>?
  private let lastTrade: Instant?

  init(_ meta: JSON) {
    zone = meta["exchangeTimezoneName"]?.text.flatMap { ClockZone($0) }
    offset = Int64(min(max(meta["gmtoffset"]?.number ?? 0, -86_400), 86_400)) * 1_000
    lastTrade = Instant(epoch: meta["regularMarketTime"]?.number)
    let regular = meta["currentTradingPeriod"]?["regular"]
    let (start, end) = (Instant(epoch: regular?["start"]?.number), Instant(epoch: regular?["end"]?.number))
    if let start, let end, start < end { session = start..<end } else { session = nil }
  }

  /// Midnight UTC of the date of a session that opens so. A zone that no calendar knows goes by today's offset, and an
  /// hour later: right by summer and by winter time for every session that opens before 22:00 of its date.
  func date(of open: Instant) -> Instant {
    .midnight(ofDay: zone?.day(at: open) ?? open.advanced(by: offset + 3_600_000).day)
  }

  /// Whether the last row of an answer is the appended one, which has the moment of the last trade for its stamp and is
  /// no bar. A day's row keeps such a stamp after the close; then it is whole.
  func isForming(_ stamp: Instant, _ timeframe: Timeframe, isDaily: Bool) -> Bool {
    if isDaily {
      guard let session else { return stamp == lastTrade && stamp.milliseconds % 60_000 != 0 }
      return session.lowerBound < stamp && stamp < session.upperBound
    }
    if stamp.milliseconds % 60_000 != 0 { return true }
    guard stamp == lastTrade, let session else { return false }
    let intoSession = stamp.milliseconds - session.lowerBound.milliseconds
    return stamp >= session.upperBound || intoSession % timeframe.milliseconds != 0
  }
}
