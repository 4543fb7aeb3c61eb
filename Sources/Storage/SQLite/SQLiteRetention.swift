import GRDB
public import Trading

extension SQLiteStore: RetentionStore {
  public func prune(_ rules: [RetentionRule], now: Instant) async throws(StoreError) -> [RetainedTable: Int] {
    try await write { db in
      var removed: [RetainedTable: Int] = [:]
      for rule in rules {
        try db.cachedStatement(sql: SQLiteStore.removal(from: rule.table))
          .execute(arguments: [now.milliseconds - rule.age])
        removed[rule.table, default: 0] += db.changesCount
      }
      return removed
    }
  }

  private static func removal(from table: RetainedTable) -> String {
    switch table {
    case .news: "DELETE FROM news WHERE published_at < ?"
    case .jobs: "DELETE FROM job_run WHERE due_at < ? AND state NOT IN ('pending', 'running')"
    case .outbox: "DELETE FROM outbox WHERE finished_at < ? AND state IN ('sent', 'unknown', 'dead', 'dropped')"
    case .audit: "DELETE FROM audit WHERE time < ?"
    case .sessions: "DELETE FROM session_snapshot WHERE date < ?"
    }
  }
}
