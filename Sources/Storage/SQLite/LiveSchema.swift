extension Migration {
  /// What a running host has come to, and what became of signals that a correction of prices took back or changed.
  static let liveSchema = Migration(number: 5, statements: [liveTables, "PRAGMA user_version = 5;"])

  private static let liveTables = """
    ALTER TABLE signal ADD COLUMN retracted_at INTEGER;
    CREATE INDEX signal_symbol ON signal (symbol, timeframe, time);

    CREATE TABLE signal_edition (
      signal INTEGER NOT NULL REFERENCES signal (id),
      number INTEGER NOT NULL CHECK (number > 0),
      bar INTEGER NOT NULL,
      confidence REAL NOT NULL,
      price REAL NOT NULL,
      reason TEXT NOT NULL,
      retracted_at INTEGER,
      replaced_at INTEGER NOT NULL,
      cause TEXT NOT NULL,
      PRIMARY KEY (signal, number)
    ) STRICT;

    CREATE TABLE live_mark (
      market TEXT NOT NULL,
      timeframe TEXT NOT NULL,
      last INTEGER NOT NULL,
      bars INTEGER NOT NULL CHECK (bars >= 0),
      revision INTEGER NOT NULL,
      PRIMARY KEY (market, timeframe)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE live_pair (
      strategy TEXT NOT NULL,
      version TEXT NOT NULL,
      market TEXT NOT NULL,
      timeframe TEXT NOT NULL,
      after INTEGER NOT NULL,
      PRIMARY KEY (strategy, version, market, timeframe)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE live_strategy (
      name TEXT PRIMARY KEY,
      version TEXT NOT NULL,
      text TEXT NOT NULL,
      since INTEGER NOT NULL
    ) STRICT;

    """
}
