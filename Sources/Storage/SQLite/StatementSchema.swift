extension Migration {
  /// What is known of companies: more of an instrument, and the figures of its statements, each version of a filing;
  /// and since when an item of news is known to be about a symbol.
  static let statementSchema = Migration(number: 12, statements: [statementTables, "PRAGMA user_version = 12;"])

  private static let statementTables = """
    ALTER TABLE instrument ADD COLUMN sector TEXT;
    ALTER TABLE instrument ADD COLUMN industry TEXT;
    ALTER TABLE instrument ADD COLUMN source TEXT;
    ALTER TABLE instrument ADD COLUMN updated_at INTEGER;

    ALTER TABLE news_symbol ADD COLUMN known_at INTEGER;

    CREATE TABLE statement_figure (
      symbol TEXT NOT NULL CHECK (symbol <> ''),
      field TEXT NOT NULL,
      period TEXT NOT NULL CHECK (period IN ('quarter', 'year')),
      end_day INTEGER NOT NULL,
      known_at INTEGER NOT NULL,
      value REAL NOT NULL,
      source TEXT NOT NULL,
      imported_at INTEGER NOT NULL,
      PRIMARY KEY (symbol, field, period, end_day, known_at)
    ) STRICT, WITHOUT ROWID;

    """
}
