import GRDB
public import Trading

extension SQLiteStore: JobStore {
  public func begin(_ job: String, dueAt: Instant, at moment: Instant) async throws(StoreError) -> Int64? {
    try await write { db in
      try Int64.fetchOne(
        db,
        sql: """
          INSERT INTO job_run (job, due_at, started_at, state) VALUES (?, ?, ?, 'running')
          ON CONFLICT DO NOTHING RETURNING id
          """,
        arguments: [job, dueAt.milliseconds, moment.milliseconds])
    }
  }

  public func finish(
    _ run: Int64, _ state: JobRun.State, detail: String?, at moment: Instant
  ) async throws(StoreError) {
    try await write { db in
      try db.execute(
        sql: "UPDATE job_run SET state = ?, detail = ?, finished_at = ? WHERE id = ?",
        arguments: [state.rawValue, detail, moment.milliseconds, run])
    }
  }

  public func lastRun(of job: String) async throws(StoreError) -> JobRun? {
    try await read { db in
      let row = try Row.fetchOne(
        db, sql: "SELECT * FROM job_run WHERE job = ? ORDER BY due_at DESC LIMIT 1", arguments: [job])
      return row.flatMap { row in
        JobRun.State(rawValue: row["state"]).map { state in
          JobRun(
            job: row["job"], dueAt: Instant(milliseconds: row["due_at"]),
            startedAt: Instant(milliseconds: row["started_at"]),
            finishedAt: (row["finished_at"] as Int64?).map { Instant(milliseconds: $0) }, state: state,
            detail: row["detail"])
        }
      }
    }
  }
}

extension SQLiteStore: AuditStore {
  public func note(_ entry: AuditEntry) async throws(StoreError) {
    try await write { db in
      try db.execute(
        sql: "INSERT INTO audit (time, actor, action, subject, detail) VALUES (?, ?, ?, ?, ?)",
        arguments: [entry.time.milliseconds, entry.actor, entry.action, entry.subject, entry.detail])
    }
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
