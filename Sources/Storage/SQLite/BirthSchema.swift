extension Migration {
  /// When each rule was first seen, and which texts say it.
  static let birthSchema = Migration(number: 16, statements: [birthTables, "PRAGMA user_version = 16;"])

  private static let birthTables = """
    CREATE TABLE birth (
      strategy TEXT NOT NULL CHECK (strategy <> ''),
      rule TEXT NOT NULL,
      seen INTEGER NOT NULL,
      ancestor TEXT,
      is_current INTEGER NOT NULL CHECK (is_current IN (0, 1)),
      PRIMARY KEY (strategy, rule)
    ) STRICT, WITHOUT ROWID;
    CREATE UNIQUE INDEX birth_current ON birth (strategy) WHERE is_current = 1;
    CREATE INDEX birth_rule ON birth (rule, seen);

    CREATE TABLE birth_text (
      strategy TEXT NOT NULL,
      version TEXT NOT NULL,
      rule TEXT NOT NULL,
      PRIMARY KEY (strategy, version)
    ) STRICT, WITHOUT ROWID;

    """
}
