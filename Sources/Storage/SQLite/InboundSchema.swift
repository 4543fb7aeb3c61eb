extension Migration {
  /// Where signals came from that are not the host's own, and the messages that brought them.
  static let inboundSchema = Migration(number: 18, statements: [inboundTables, "PRAGMA user_version = 18;"])

  private static let inboundTables = """
    ALTER TABLE signal ADD COLUMN source TEXT;

    CREATE TABLE inbound_message (
      source TEXT NOT NULL CHECK (source <> ''),
      key TEXT NOT NULL CHECK (key <> ''),
      digest TEXT NOT NULL,
      signal INTEGER NOT NULL REFERENCES signal (id),
      received_at INTEGER NOT NULL,
      PRIMARY KEY (source, key)
    ) STRICT, WITHOUT ROWID;

    """
}
