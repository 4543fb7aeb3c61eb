import GRDB
public import Trading

extension SQLiteStore: JobStore {
  public func begin(_ job: String, dueAt: Instant, at moment: Instant) async throws(StoreError) -> Int64? {
    try await write { db in
      try Int64.fetchOne(
        db,
        sql: """
          INSERT INTO job_run (job, due_at, not_before, started_at, attempts, state) VALUES (?, ?, ?, ?, 1, 'running')
          ON CONFLICT DO NOTHING RETURNING id
          """,
        arguments: [job, dueAt.milliseconds, dueAt.milliseconds, moment.milliseconds])
    }
  }

  public func add(_ slots: [(dueAt: Instant, notBefore: Instant)], mark: JobMark) async throws(StoreError) -> Int {
    try await write { db in
      var added = 0
      for slot in slots {
        added += try SQLiteStore.addPending(mark.job, dueAt: slot.dueAt, notBefore: slot.notBefore, db)
      }
      try db.cachedStatement(
        sql: """
          INSERT INTO job_mark (job, rule, through) VALUES (?, ?, ?)
          ON CONFLICT (job) DO UPDATE SET rule = excluded.rule, through = excluded.through
          """
      ).execute(arguments: [mark.job, mark.rule, mark.through.milliseconds])
      return added
    }
  }

  public func marks() async throws(StoreError) -> [JobMark] {
    try await read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM job_mark ORDER BY job").map { row in
        JobMark(job: row["job"], rule: row["rule"], through: Instant(milliseconds: row["through"]))
      }
    }
  }

  public func runs(_ state: JobRun.State, limit: Int) async throws(StoreError) -> [StoredJobRun] {
    try await read { db in
      try Row.fetchAll(
        db, sql: "SELECT * FROM job_run WHERE state = ? ORDER BY due_at, id LIMIT ?",
        arguments: [state.rawValue, limit]
      ).compactMap { row in JobRun(row).map { StoredJobRun(id: row["id"], run: $0) } }
    }
  }

  public func begin(_ run: Int64, at moment: Instant) async throws(StoreError) -> Bool {
    try await write { db in
      try db.cachedStatement(
        sql: """
          UPDATE job_run SET state = 'running', started_at = ?, attempts = attempts + 1
          WHERE id = ? AND state = 'pending'
          """
      ).execute(arguments: [moment.milliseconds, run])
      return db.changesCount == 1
    }
  }

  public func putBack(
    _ run: Int64, detail: String?, notBefore: Instant, countingAttempt: Bool
  ) async throws(StoreError) {
    try await write { db in
      try db.execute(
        sql: """
          UPDATE job_run SET state = 'pending', detail = ?, not_before = ?, attempts = max(0, attempts - ?)
          WHERE id = ? AND state = 'running'
          """,
        arguments: [detail, notBefore.milliseconds, countingAttempt ? 0 : 1, run])
    }
  }

  public func skip(_ runs: [Int64], detail: String, at moment: Instant) async throws(StoreError) {
    try await write { db in
      let statement = try db.cachedStatement(
        sql: "UPDATE job_run SET state = 'skipped', detail = ?, finished_at = ? WHERE id = ? AND state = 'pending'")
      for run in runs { try statement.execute(arguments: [detail, moment.milliseconds, run]) }
    }
  }

  public func finish(
    _ run: Int64, _ state: JobRun.State, detail: String?, followers: [String], at moment: Instant
  ) async throws(StoreError) {
    try await write { db in
      try db.cachedStatement(sql: "UPDATE job_run SET state = ?, detail = ?, finished_at = ? WHERE id = ?")
        .execute(arguments: [state.rawValue, detail, moment.milliseconds, run])
      guard !followers.isEmpty,
        let due = try Int64.fetchOne(db, sql: "SELECT due_at FROM job_run WHERE id = ?", arguments: [run])
      else { return }
      for job in followers {
        _ = try SQLiteStore.addPending(job, dueAt: Instant(milliseconds: due), notBefore: moment, db)
      }
    }
  }

  public func lastRun(of job: String) async throws(StoreError) -> JobRun? {
    try await read { db in
      try Row.fetchOne(
        db, sql: "SELECT * FROM job_run WHERE job = ? ORDER BY due_at DESC LIMIT 1", arguments: [job]
      ).flatMap { JobRun($0) }
    }
  }

  public func request(_ job: String, at moment: Instant) async throws(StoreError) -> Int64? {
    try await write { db in
      guard try SQLiteStore.addPending(job, dueAt: moment, notBefore: moment, db) == 1 else { return nil }
      return db.lastInsertedRowID
    }
  }

  public func pauses() async throws(StoreError) -> [String: Instant] {
    try await read { db in
      let rows = try Row.fetchAll(db.cachedStatement(sql: "SELECT job, paused_at FROM job_pause"))
      return Dictionary(
        rows.map { ($0["job"] as String, Instant(milliseconds: $0["paused_at"])) },
        uniquingKeysWith: { first, _ in first }
      )
    }
  }

  public func pause(_ job: String, at moment: Instant) async throws(StoreError) -> Bool {
    try await write { db in
      try db.execute(
        sql: "INSERT INTO job_pause (job, paused_at) VALUES (?, ?) ON CONFLICT DO NOTHING",
        arguments: [job, moment.milliseconds])
      return db.changesCount == 1
    }
  }

  public func resume(_ job: String) async throws(StoreError) -> Bool {
    try await write { db in
      try db.execute(sql: "DELETE FROM job_pause WHERE job = ?", arguments: [job])
      return db.changesCount == 1
    }
  }

  /// How many rows it added: none where there is a run for that moment.
  private static func addPending(
    _ job: String, dueAt: Instant, notBefore: Instant, _ db: Database
  ) throws -> Int {
    try db.cachedStatement(
      sql: """
        INSERT INTO job_run (job, due_at, not_before, attempts, state) VALUES (?, ?, ?, 0, 'pending')
        ON CONFLICT DO NOTHING
        """
    ).execute(arguments: [job, dueAt.milliseconds, notBefore.milliseconds])
    return db.changesCount
  }
}

extension JobRun {
  fileprivate init?(_ row: Row) {
    guard let state = State(rawValue: row["state"]) else { return nil }
    self.init(
      job: row["job"], dueAt: Instant(milliseconds: row["due_at"]),
      startedAt: (row["started_at"] as Int64?).map { Instant(milliseconds: $0) },
      finishedAt: (row["finished_at"] as Int64?).map { Instant(milliseconds: $0) }, state: state,
      detail: row["detail"], attempts: row["attempts"], notBefore: Instant(milliseconds: row["not_before"]))
  }
}
