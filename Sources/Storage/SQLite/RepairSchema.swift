extension Migration {
  /// Which revisions of candles a repair made, and what the last check of a series found.
  static let repairSchema = Migration(number: 2, statements: [repairTables, "PRAGMA user_version = 2;"])

  private static let repairTables = """
    CREATE TABLE candle_repair (
      series INTEGER NOT NULL REFERENCES candle_series (id),
      revision INTEGER NOT NULL CHECK (revision > 0),
      origin TEXT NOT NULL CHECK (origin IN ('repair', 'undo')),
      made_at INTEGER NOT NULL,
      bars INTEGER NOT NULL,
      actions INTEGER NOT NULL,
      undone_by INTEGER,
      PRIMARY KEY (series, revision)
    ) STRICT;

    CREATE TABLE candle_repair_reason (
      series INTEGER NOT NULL,
      revision INTEGER NOT NULL,
      place INTEGER NOT NULL,
      reason TEXT NOT NULL,
      PRIMARY KEY (series, revision, place),
      FOREIGN KEY (series, revision) REFERENCES candle_repair (series, revision) ON DELETE CASCADE
    ) STRICT;

    CREATE TABLE candle_repair_added (
      series INTEGER NOT NULL,
      revision INTEGER NOT NULL,
      time INTEGER NOT NULL,
      PRIMARY KEY (series, revision, time),
      FOREIGN KEY (series, revision) REFERENCES candle_repair (series, revision) ON DELETE CASCADE
    ) STRICT;

    CREATE TABLE candle_check (
      series INTEGER PRIMARY KEY REFERENCES candle_series (id),
      checked_at INTEGER NOT NULL,
      errors INTEGER NOT NULL CHECK (errors >= 0),
      warnings INTEGER NOT NULL CHECK (warnings >= 0),
      notes INTEGER NOT NULL CHECK (notes >= 0)
    ) STRICT;

    ALTER TABLE corporate_action ADD COLUMN made_by INTEGER;
    ALTER TABLE corporate_action ADD COLUMN ended_by INTEGER;

    """
}
