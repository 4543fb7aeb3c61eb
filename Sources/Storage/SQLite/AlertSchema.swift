extension Migration {
  /// What a price alert is measured against, and what highs and sessions were before a correction of prices.
  static let alertSchema = Migration(number: 9, statements: [alertTables, "PRAGMA user_version = 9;"])

  private static let alertTables = """
    ALTER TABLE signal ADD COLUMN base REAL;
    ALTER TABLE signal_edition ADD COLUMN base REAL;

    CREATE TABLE price_high_edition (
      symbol TEXT NOT NULL REFERENCES price_high (symbol) ON DELETE CASCADE,
      number INTEGER NOT NULL CHECK (number > 0),
      price REAL NOT NULL,
      time INTEGER NOT NULL,
      replaced_at INTEGER NOT NULL,
      PRIMARY KEY (symbol, number)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE session_edition (
      symbol TEXT NOT NULL,
      date INTEGER NOT NULL,
      number INTEGER NOT NULL CHECK (number > 0),
      open REAL NOT NULL,
      high REAL NOT NULL,
      low REAL NOT NULL,
      close REAL NOT NULL,
      volume REAL NOT NULL,
      taken_at INTEGER NOT NULL,
      replaced_at INTEGER NOT NULL,
      PRIMARY KEY (symbol, date, number),
      FOREIGN KEY (symbol, date) REFERENCES session_snapshot (symbol, date) ON DELETE CASCADE
    ) STRICT, WITHOUT ROWID;

    """
}
