import GRDB
import Trading

extension SQLiteStore: InsightStore {
  public func save(_ insights: InsightRecord) async throws(StoreError) {
    try await write { db in
      try db.cachedStatement(
        sql: """
          INSERT INTO insight (symbol, timeframe, last, made_at, document) VALUES (?, ?, ?, ?, ?)
          ON CONFLICT (symbol, timeframe) DO UPDATE SET last = excluded.last, made_at = excluded.made_at,
            document = excluded.document
          """
      ).execute(arguments: [
        insights.symbol, "\(insights.timeframe)", insights.last.milliseconds, insights.madeAt.milliseconds,
        insights.document,
      ])
    }
  }

  public func insights() async throws(StoreError) -> [InsightRecord] {
    try await read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM insight ORDER BY symbol, timeframe").compactMap { row in
        Timeframe(row["timeframe"] as String).map { timeframe in
          InsightRecord(
            symbol: row["symbol"], timeframe: timeframe, last: Instant(milliseconds: row["last"]),
            madeAt: Instant(milliseconds: row["made_at"]), document: row["document"])
        }
      }
    }
  }
}
