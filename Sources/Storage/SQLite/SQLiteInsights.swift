import GRDB
public import Trading

extension SQLiteStore: InsightStore {
  public func save(_ insights: InsightRecord) async throws(StoreError) {
    try await write { db in
      let place: StatementArguments = [insights.symbol, "\(insights.timeframe)"]
      try db.cachedStatement(
        sql: """
          INSERT INTO insight_edition SELECT * FROM insight WHERE symbol = ? AND timeframe = ? ON CONFLICT DO NOTHING
          """
      ).execute(arguments: place)
      try db.cachedStatement(
        sql: """
          DELETE FROM insight_edition WHERE symbol = ?1 AND timeframe = ?2 AND made_at NOT IN (
            SELECT made_at FROM insight_edition WHERE symbol = ?1 AND timeframe = ?2 ORDER BY made_at DESC LIMIT 10)
          """
      ).execute(arguments: place)
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
      try Row.fetchAll(db, sql: "SELECT * FROM insight ORDER BY symbol, timeframe").compactMap(SQLiteStore.insight)
    }
  }

  public func insights(knownAt moment: Instant) async throws(StoreError) -> [InsightRecord] {
    try await read { db in
      // Of bare columns beside max(), SQLite takes those of the row with the greatest.
      try Row.fetchAll(
        db,
        sql: """
          SELECT *, max(made_at) FROM (
            SELECT * FROM insight WHERE made_at <= ?1 UNION ALL SELECT * FROM insight_edition WHERE made_at <= ?1)
          GROUP BY symbol, timeframe ORDER BY symbol, timeframe
          """, arguments: [moment.milliseconds]
      ).compactMap(SQLiteStore.insight)
    }
  }

  private static func insight(_ row: Row) -> InsightRecord? {
    Timeframe(row["timeframe"] as String).map { timeframe in
      InsightRecord(
        symbol: row["symbol"], timeframe: timeframe, last: Instant(milliseconds: row["last"]),
        madeAt: Instant(milliseconds: row["made_at"]), document: row["document"])
    }
  }
}
