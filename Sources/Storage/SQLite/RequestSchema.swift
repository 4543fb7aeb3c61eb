extension Migration {
  /// When each source was asked, for rates that count hours and days.
  static let requestSchema = Migration(
    number: 3,
    statements: [
      """
      CREATE TABLE source_request (
        id INTEGER PRIMARY KEY,
        source TEXT NOT NULL CHECK (source <> ''),
        at INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX source_request_at ON source_request (source, at);
      """,
      "PRAGMA user_version = 3;",
    ])
}
