public import Backtesting
public import Insights
public import Trading

/// What a report says, before it is put into words: all of it was computed from what was known at `at`. What is not
/// known is nil, and `missing` says why.
public struct DailyReport: Sendable {
  public enum Kind: String, Sendable, CaseIterable {
    case daily, weekly
    /// The signals and what became of them, without the rest.
    case signals
  }

  /// Why something is not in the report.
  public enum Missing: Hashable, Sendable {
    case noSignals
    /// So many calls have ended, and none of the strategies on the symbol has the least number.
    case tooFew(symbol: String, count: Int, least: Int)
    case noPrices(symbol: String, reason: String)
    /// Calls of bars too long to show the horizon, and calls whose bar is not there any more.
    case tooLong(Int)
    case withoutBar(Int)
    /// No strategy could be replayed; one that cannot be read, or not over a symbol.
    case noReplay
    case notReplayed(strategy: String, reason: String)
    /// No insights had been kept by then, or they are of an earlier bar than the last one.
    case noInsights
    case olderInsights(symbol: String, last: Instant)
    /// No feed is read.
    case noFeeds
    case noSchedule
  }

  public var kind: Kind
  /// What is known is what was known then.
  public var at: Instant
  /// The last report, or where the report begins without one.
  public var from: Instant
  public var followsReport: Bool
  /// Whether a market was open since; nil where no calendar says so.
  public var hadSession: Bool?
  /// After so long calls are judged.
  public var horizon: Horizon
  public var leastSamples: Int
  public var fired: [Fired] = []
  public var alerts: [Alert] = []
  public var closed: [Closed] = []
  /// Of the calls that were stored.
  public var total: Total?
  /// Of all calls that the strategies make over all bars there are, as a backtest has them.
  public var replayed: Total?
  public var markets: [Market] = []
  public var readings: [Reading] = []
  /// Those that are told of, in their order.
  public var insights: [InsightsDigest] = []
  public var news: News?
  /// By symbol, in the reader's language.
  public var names: [String: String] = [:]
  public var freshness: [Freshness] = []
  public var drifts: [Drift] = []
  public var charts: [Chart] = []
  /// The next run of this report; nil where none is scheduled.
  public var next: Instant?
  public var missing: [Missing] = []

  public init(
    kind: Kind, at: Instant, from: Instant, followsReport: Bool, horizon: Horizon = .session, leastSamples: Int
  ) {
    self.kind = kind
    self.at = at
    self.from = from
    self.followsReport = followsReport
    self.horizon = horizon
    self.leastSamples = leastSamples
  }

  /// Whether there is nothing to tell: no market was open, and nothing came in.
  public var isQuiet: Bool { hadSession == false && fired.isEmpty && alerts.isEmpty && closed.isEmpty }
}
