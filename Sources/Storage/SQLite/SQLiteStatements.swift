import GRDB
public import Trading

extension SQLiteStore: StatementStore {
  public func save(
    _ figures: [FiledFigure], of symbol: String, source: String, at now: Instant
  ) async throws(StoreError) -> SavedFigures {
    try await write { db in
      var saved = SavedFigures()
      for figure in figures {
        let key: [(any DatabaseValueConvertible)?] = [
          symbol, figure.field.rawValue, figure.period.rawValue, figure.endDay,
        ]
        let known = try Row.fetchAll(
          db.cachedStatement(
            sql: """
              SELECT known_at, value FROM statement_figure
              WHERE symbol = ? AND field = ? AND period = ? AND end_day = ? ORDER BY known_at
              """), arguments: StatementArguments(key))
        let same = known.first { $0["known_at"] as Int64 == figure.knownAt.milliseconds }
        var knownAt = figure.knownAt.milliseconds
        if let same {
          // The filing as it was, or as it was corrected before.
          let latest: Double = known.last?["value"] ?? .nan
          if same["value"] as Double == figure.value || latest == figure.value {
            saved.unchanged += 1
            continue
          }
          knownAt = max(now.milliseconds, (known.last?["known_at"] as Int64? ?? knownAt) + 1)
        }
        try db.cachedStatement(
          sql: """
            INSERT INTO statement_figure (symbol, field, period, end_day, known_at, value, source, imported_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """
        ).execute(arguments: StatementArguments(key + [knownAt, figure.value, source, now.milliseconds]))
        if same == nil { saved.new += 1 } else { saved.changed += 1 }
      }
      return saved
    }
  }

  public func figures(of symbol: String) async throws(StoreError) -> [StoredFigure] {
    try await read { db in
      let rows = try Row.fetchAll(
        db,
        sql: """
          SELECT * FROM statement_figure WHERE symbol = ? ORDER BY known_at, end_day, period, field
          """, arguments: [symbol])
      return rows.compactMap { row in
        // A field that a later version knows is none of this one's.
        guard let field = StatementField(rawValue: row["field"]),
          let period = FiledFigure.Period(rawValue: row["period"])
        else { return nil }
        return StoredFigure(
          figure: FiledFigure(
            field, period, endDay: row["end_day"], knownAt: Instant(milliseconds: row["known_at"]),
            value: row["value"]),
          source: row["source"], importedAt: Instant(milliseconds: row["imported_at"]))
      }
    }
  }
}
