import GRDB
import Trading

extension SQLiteStore: AuditStore {
  public func note(_ entry: AuditEntry) async throws(StoreError) {
    try await write { db in try SQLiteStore.insert(entry, db) }
  }

  static func insert(_ entry: AuditEntry, _ db: Database) throws {
    try db.execute(
      sql: "INSERT INTO audit (time, actor, action, subject, detail) VALUES (?, ?, ?, ?, ?)",
      arguments: [entry.time.milliseconds, entry.actor, entry.action, entry.subject, entry.detail])
  }

  public func entries(limit: Int) async throws(StoreError) -> [AuditEntry] {
    try await read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM audit ORDER BY id DESC LIMIT ?", arguments: [limit]).map { row in
        AuditEntry(
          time: Instant(milliseconds: row["time"]), actor: row["actor"], action: row["action"],
          subject: row["subject"], detail: row["detail"])
      }
    }
  }
}
