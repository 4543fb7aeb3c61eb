import GRDB
public import Trading

extension SQLiteStore: OutboxStore {
  static func insert(_ notice: Notice, about signal: Int64?, at moment: Instant, _ db: Database) throws -> Int64 {
    try db.cachedStatement(
      sql: """
        INSERT INTO outbox (signal, channel, priority, body, created_at, due_at) VALUES (?, ?, ?, ?, ?, ?)
        """
    ).execute(arguments: [
      signal, notice.channel, notice.priority, notice.body, moment.milliseconds, moment.milliseconds,
    ])
    return db.lastInsertedRowID
  }

  public func add(_ notice: Notice, at moment: Instant) async throws(StoreError) -> Int64 {
    try await write { db in try SQLiteStore.insert(notice, about: nil, at: moment, db) }
  }

  public func pending(at moment: Instant, limit: Int) async throws(StoreError) -> [OutboxEntry] {
    try await read { db in
      let rows = try Row.fetchAll(
        db, sql: "SELECT * FROM outbox WHERE state = 'pending' AND due_at <= ? ORDER BY due_at, id LIMIT ?",
        arguments: [moment.milliseconds, limit])
      return rows.compactMap(SQLiteStore.outboxEntry)
    }
  }

  public func entry(_ id: Int64) async throws(StoreError) -> OutboxEntry? {
    try await read { db in
      try Row.fetchOne(db, sql: "SELECT * FROM outbox WHERE id = ?", arguments: [id]).flatMap(SQLiteStore.outboxEntry)
    }
  }

  public func noteSent(_ id: Int64, at moment: Instant) async throws(StoreError) {
    try await write { db in
      try db.execute(
        sql: "UPDATE outbox SET state = 'sent', finished_at = ? WHERE id = ? AND state = 'pending'",
        arguments: [moment.milliseconds, id])
    }
  }

  public func noteFailure(_ id: Int64, _ reason: String, retryAt: Instant) async throws(StoreError) {
    try await write { db in
      try db.execute(
        sql: """
          UPDATE outbox SET attempts = attempts + 1, failure = ?, due_at = ? WHERE id = ? AND state = 'pending'
          """,
        arguments: [reason, retryAt.milliseconds, id])
    }
  }

  public func drop(_ id: Int64, at moment: Instant) async throws(StoreError) {
    try await write { db in
      try db.execute(
        sql: "UPDATE outbox SET state = 'dropped', finished_at = ? WHERE id = ? AND state = 'pending'",
        arguments: [moment.milliseconds, id])
    }
  }

  private static func outboxEntry(_ row: Row) -> OutboxEntry? {
    guard let state = OutboxEntry.State(rawValue: row["state"]) else { return nil }
    return OutboxEntry(
      id: row["id"], notice: Notice(channel: row["channel"], priority: row["priority"], body: row["body"]),
      signal: row["signal"], state: state, attempts: row["attempts"], failure: row["failure"],
      createdAt: Instant(milliseconds: row["created_at"]), dueAt: Instant(milliseconds: row["due_at"]))
  }
}
