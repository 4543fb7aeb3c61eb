extension Migration {
  /// How far outcomes have been judged, what they come to, and the strategies that drifted.
  static let outcomeSchema = Migration(number: 8, statements: [outcomeTables, "PRAGMA user_version = 8;"])

  private static let outcomeTables = """
    CREATE TABLE outcome_mark (
      symbol TEXT NOT NULL,
      timeframe TEXT NOT NULL,
      state TEXT NOT NULL,
      PRIMARY KEY (symbol, timeframe)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE outcome_tally (
      strategy TEXT NOT NULL,
      version TEXT NOT NULL,
      timeframe TEXT NOT NULL,
      horizon TEXT NOT NULL,
      direction TEXT NOT NULL,
      symbol TEXT NOT NULL,
      count INTEGER NOT NULL CHECK (count > 0),
      successes INTEGER NOT NULL CHECK (successes BETWEEN 0 AND count),
      base REAL CHECK (base BETWEEN 0 AND 1),
      PRIMARY KEY (strategy, version, timeframe, horizon, direction, symbol)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX outcome_tally_symbol ON outcome_tally (symbol, timeframe);

    CREATE TABLE drift_reference (
      strategy TEXT NOT NULL,
      version TEXT NOT NULL,
      timeframe TEXT NOT NULL,
      horizon TEXT NOT NULL,
      count INTEGER NOT NULL CHECK (count >= 0),
      rate REAL CHECK (rate BETWEEN 0 AND 1),
      PRIMARY KEY (strategy, version, timeframe, horizon)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE drift (
      strategy TEXT NOT NULL,
      version TEXT NOT NULL,
      timeframe TEXT NOT NULL,
      horizon TEXT NOT NULL,
      raised_at INTEGER NOT NULL,
      since INTEGER NOT NULL,
      rate REAL NOT NULL,
      count INTEGER NOT NULL,
      history REAL NOT NULL,
      floor REAL NOT NULL,
      PRIMARY KEY (strategy, version, timeframe, horizon)
    ) STRICT, WITHOUT ROWID;

    """
}
