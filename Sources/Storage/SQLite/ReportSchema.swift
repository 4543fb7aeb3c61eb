extension Migration {
  /// What insights were before later ones took their place, so that a report of an earlier moment says what it said.
  static let reportSchema = Migration(number: 13, statements: [reportTables, "PRAGMA user_version = 13;"])

  private static let reportTables = """
    CREATE TABLE insight_edition (
      symbol TEXT NOT NULL,
      timeframe TEXT NOT NULL,
      last INTEGER NOT NULL,
      made_at INTEGER NOT NULL,
      document TEXT NOT NULL CHECK (json_valid(document)),
      PRIMARY KEY (symbol, timeframe, made_at)
    ) STRICT, WITHOUT ROWID;

    """
}
