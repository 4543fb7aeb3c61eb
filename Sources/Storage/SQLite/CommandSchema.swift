extension Migration {
  /// What people do by commands: how far each bot has been heard, silences, signals that were taken; and answers, which
  /// go to where the command was written.
  static let commandSchema = Migration(number: 17, statements: [commandTables, "PRAGMA user_version = 17;"])

  private static let commandTables = """
    CREATE TABLE command_source (
      source TEXT PRIMARY KEY CHECK (source <> ''),
      next INTEGER NOT NULL,
      at INTEGER NOT NULL,
      begun INTEGER,
      tries INTEGER NOT NULL DEFAULT 0
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE silence (
      id INTEGER PRIMARY KEY,
      strategy TEXT NOT NULL CHECK (strategy <> ''),
      begins_at INTEGER NOT NULL,
      ends_at INTEGER NOT NULL,
      reason TEXT NOT NULL,
      actor TEXT NOT NULL,
      CHECK (begins_at <= ends_at)
    ) STRICT;
    CREATE INDEX silence_end ON silence (ends_at);

    CREATE TABLE taken_signal (
      signal INTEGER NOT NULL REFERENCES signal (id),
      actor TEXT NOT NULL,
      name TEXT NOT NULL,
      at INTEGER NOT NULL,
      PRIMARY KEY (signal, actor)
    ) STRICT, WITHOUT ROWID;

    ALTER TABLE outbox ADD COLUMN recipient TEXT;
    ALTER TABLE outbox ADD COLUMN reply_to TEXT;

    """
}
