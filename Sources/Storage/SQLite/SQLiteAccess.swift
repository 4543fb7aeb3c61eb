import GRDB
public import Trading

extension SQLiteStore: AccessStore {
  public func add(_ token: AccessToken) async throws(StoreError) -> Bool {
    try await write { db in
      try db.execute(
        sql: """
          INSERT INTO access_token (name, digest, role, created_at, expires_at, revoked_at) VALUES (?, ?, ?, ?, ?, ?)
          ON CONFLICT DO NOTHING
          """,
        arguments: [
          token.name, SQLiteStore.text(token.digest), token.role.rawValue, token.createdAt.milliseconds,
          token.expiresAt?.milliseconds, token.revokedAt?.milliseconds,
        ])
      return db.changesCount == 1
    }
  }

  public func tokens() async throws(StoreError) -> [AccessToken] {
    try await read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM access_token ORDER BY created_at, name").compactMap(SQLiteStore.token)
    }
  }

  public func token(digest: [UInt8]) async throws(StoreError) -> AccessToken? {
    try await read { db in
      try Row.fetchOne(
        db.cachedStatement(sql: "SELECT * FROM access_token WHERE digest = ?"), arguments: [SQLiteStore.text(digest)]
      ).flatMap(SQLiteStore.token)
    }
  }

  public func revokeToken(_ name: String, at moment: Instant) async throws(StoreError) -> Bool {
    try await write { db in
      try db.execute(
        sql: "UPDATE access_token SET revoked_at = ? WHERE name = ? AND revoked_at IS NULL",
        arguments: [moment.milliseconds, name])
      return db.changesCount == 1
    }
  }

  private static func token(_ row: Row) -> AccessToken? {
    guard let role = AccessRole(rawValue: row["role"]) else { return nil }
    return AccessToken(
      name: row["name"], digest: bytes(row["digest"]), role: role, createdAt: Instant(milliseconds: row["created_at"]),
      expiresAt: (row["expires_at"] as Int64?).map { Instant(milliseconds: $0) },
      revokedAt: (row["revoked_at"] as Int64?).map { Instant(milliseconds: $0) })
  }

  /// A digest in hexadecimal digits.
  private static func text(_ digest: [UInt8]) -> String {
    digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  private static func bytes(_ text: String) -> [UInt8] {
    let digits = text.compactMap { $0.hexDigitValue }
    return stride(from: 0, to: digits.count - digits.count % 2, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
  }
}
