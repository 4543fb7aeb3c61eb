public import Trading

/// How long the rows of a table are kept.
public struct RetentionRule: Hashable, Sendable {
  public let table: RetainedTable
  /// Milliseconds after which a row goes.
  public let age: Int64

  public init(_ table: RetainedTable, olderThan age: Int64) {
    self.table = table
    self.age = age
  }
}

/// The tables whose rows nobody needs for ever, by their names in the configuration.
public enum RetainedTable: String, Sendable, CaseIterable {
  /// By when they were published.
  case news
  /// Runs that have ended, by when they were due.
  case jobs
  /// Notices that have come to an end, by when they did: sent, unknown, dead, dropped.
  case outbox
  /// By when it was done.
  case audit
  /// Snapshots, by the session's date.
  case sessions

  /// Why a table that one might want to clear is kept whole; nil for those that are not, and for unknown names.
  public static func reasonToKeep(_ name: String) -> String? {
    switch name {
    case "candles": "a backtest needs every bar, and a bar that has gone cannot always be fetched again"
    case "revisions": "`candles --as-of` and reports on what was known at the time need them"
    case "actions": "prices before a split or dividend are wrong without it"
    case "instruments": "every report names them"
    case "trials": "figures are corrected for luck by how many trials there ever were"
    case "signals": "outcomes that are still open, and the success of a strategy, hang on them"
    case "outcomes": "the success of a strategy is reckoned from all of them"
    case "highs": "the next high is told by the last one"
    default: nil
    }
  }
}

/// Takes away rows that the configuration no longer wants.
public protocol RetentionStore: Sendable {
  /// Rows older than their rule admits are deleted. Returns how many of each table.
  func prune(_ rules: [RetentionRule], now: Instant) async throws(StoreError) -> [RetainedTable: Int]
}
