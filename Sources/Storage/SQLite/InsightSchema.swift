extension Migration {
  /// The latest insights into each symbol.
  static let insightSchema = Migration(number: 9, statements: [insightTables, "PRAGMA user_version = 9;"])

  private static let insightTables = """
    CREATE TABLE insight (
      symbol TEXT NOT NULL,
      timeframe TEXT NOT NULL,
      last INTEGER NOT NULL,
      made_at INTEGER NOT NULL,
      document TEXT NOT NULL CHECK (json_valid(document)),
      PRIMARY KEY (symbol, timeframe)
    ) STRICT, WITHOUT ROWID;

    """
}
