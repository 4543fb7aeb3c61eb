extension Migration {
  /// Who may ask, and which jobs rest.
  static let accessSchema = Migration(
    number: 14,
    statements: [
      """
      CREATE TABLE access_token (
        name TEXT PRIMARY KEY CHECK (name != ''),
        digest TEXT NOT NULL UNIQUE CHECK (length(digest) = 64),
        role TEXT NOT NULL CHECK (role IN ('read', 'operate', 'admin')),
        created_at INTEGER NOT NULL,
        expires_at INTEGER,
        revoked_at INTEGER
      ) STRICT;

      CREATE TABLE job_pause (
        job TEXT PRIMARY KEY,
        paused_at INTEGER NOT NULL
      ) STRICT;
      """,
      "PRAGMA user_version = 14;",
    ])
}
