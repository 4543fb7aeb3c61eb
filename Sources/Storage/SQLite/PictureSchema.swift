extension Migration {
  /// Pictures of notices, apart from them: whoever lists the outbox reads none.
  static let pictureSchema = Migration(number: 15, statements: [pictureTables, "PRAGMA user_version = 15;"])

  private static let pictureTables = """
    CREATE TABLE picture (
      notice INTEGER PRIMARY KEY REFERENCES outbox (id) ON DELETE CASCADE,
      png BLOB NOT NULL
    ) STRICT;

    """
}
