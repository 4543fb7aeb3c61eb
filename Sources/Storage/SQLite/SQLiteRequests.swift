import GRDB
public import Trading

extension SQLiteStore: RequestStore {
  public func noteRequest(
    to source: String, at moment: Instant, forgetting oldest: Instant
  ) async throws(StoreError) {
    try await write { db in
      try db.cachedStatement(sql: "DELETE FROM source_request WHERE source = ? AND at < ?")
        .execute(arguments: [source, oldest.milliseconds])
      try db.cachedStatement(sql: "INSERT INTO source_request (source, at) VALUES (?, ?)")
        .execute(arguments: [source, moment.milliseconds])
    }
  }

  public func requests(to source: String, since moment: Instant) async throws(StoreError) -> [Instant] {
    try await read { db in
      try Int64.fetchAll(
        db, sql: "SELECT at FROM source_request WHERE source = ? AND at >= ? ORDER BY at",
        arguments: [source, moment.milliseconds]
      ).map { Instant(milliseconds: $0) }
    }
  }
}
