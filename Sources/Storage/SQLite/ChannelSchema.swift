extension Migration {
  /// What channels remember, which symbols a running strategy acts on, and the few notices about a symbol that were not
  /// held back found apart from the many that were.
  static let channelSchema = Migration(
    number: 7,
    statements: [
      """
      CREATE TABLE channel_memory (
        channel TEXT NOT NULL,
        name TEXT NOT NULL,
        value TEXT NOT NULL,
        at INTEGER NOT NULL,
        PRIMARY KEY (channel, name)
      ) STRICT, WITHOUT ROWID;

      ALTER TABLE live_strategy ADD COLUMN symbols TEXT;

      DROP INDEX outbox_symbol;
      CREATE INDEX outbox_told ON outbox (symbol, created_at, channel) WHERE state <> 'dropped';
      CREATE INDEX outbox_held ON outbox (symbol, created_at, channel) WHERE state = 'dropped';

      """, "PRAGMA user_version = 7;",
    ])
}
