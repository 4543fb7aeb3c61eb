extension Migration {
  /// Candles as chunks of columns, everything else as rows. Moments are milliseconds since 1970 in UTC.
  static let firstSchema = Migration(number: 1, statements: [candleTables, recordTables, "PRAGMA user_version = 1;"])

  private static let candleTables = """
    PRAGMA application_id = 0x46494E53;

    CREATE TABLE candle_series (
      id INTEGER PRIMARY KEY,
      source TEXT NOT NULL CHECK (source <> ''),
      symbol TEXT NOT NULL CHECK (symbol <> ''),
      timeframe TEXT NOT NULL CHECK (timeframe <> ''),
      first INTEGER,
      last INTEGER,
      count INTEGER NOT NULL DEFAULT 0 CHECK (count >= 0),
      fetched_at INTEGER,
      revision INTEGER NOT NULL DEFAULT 0,
      UNIQUE (source, symbol, timeframe),
      CHECK ((count = 0) = (first IS NULL) AND (first IS NULL) = (last IS NULL))
    ) STRICT;

    CREATE TABLE candle_chunk (
      series INTEGER NOT NULL REFERENCES candle_series (id),
      first INTEGER NOT NULL,
      last INTEGER NOT NULL CHECK (last >= first),
      count INTEGER NOT NULL CHECK (count BETWEEN 1 AND 4096),
      adjusted INTEGER NOT NULL CHECK (adjusted IN (0, 1)),
      bars BLOB NOT NULL,
      PRIMARY KEY (series, first)
    ) STRICT;

    CREATE TABLE candle_replaced (
      series INTEGER NOT NULL REFERENCES candle_series (id),
      revision INTEGER NOT NULL CHECK (revision > 0),
      first INTEGER NOT NULL,
      last INTEGER NOT NULL CHECK (last >= first),
      replaced_at INTEGER NOT NULL,
      bars BLOB NOT NULL,
      PRIMARY KEY (series, revision, first)
    ) STRICT;

    CREATE TABLE candle_currency (
      series INTEGER NOT NULL REFERENCES candle_series (id),
      fetched_at INTEGER NOT NULL,
      currency TEXT NOT NULL,
      PRIMARY KEY (series, fetched_at)
    ) STRICT;

    CREATE TABLE corporate_action (
      id INTEGER PRIMARY KEY,
      series INTEGER NOT NULL REFERENCES candle_series (id),
      time INTEGER NOT NULL,
      kind TEXT NOT NULL CHECK (kind IN ('dividend', 'split', 'capital_gain')),
      value REAL NOT NULL,
      fetched_at INTEGER NOT NULL,
      replaced_at INTEGER
    ) STRICT;
    CREATE INDEX corporate_action_time ON corporate_action (series, time);

    CREATE TABLE candle_hole (
      series INTEGER NOT NULL REFERENCES candle_series (id),
      start INTEGER NOT NULL,
      stop INTEGER NOT NULL CHECK (stop > start),
      noted_at INTEGER NOT NULL,
      PRIMARY KEY (series, start)
    ) STRICT;

    CREATE TABLE candle_asked (
      series INTEGER NOT NULL REFERENCES candle_series (id),
      start INTEGER NOT NULL,
      stop INTEGER NOT NULL CHECK (stop > start),
      noted_at INTEGER NOT NULL,
      PRIMARY KEY (series, start)
    ) STRICT;

    """
}
