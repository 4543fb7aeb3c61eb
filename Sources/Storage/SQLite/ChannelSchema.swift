extension Migration {
  /// What channels remember, and which symbols a running strategy acts on.
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

      """, "PRAGMA user_version = 7;",
    ])
}
