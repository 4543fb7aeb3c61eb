import GRDB
public import Trading

extension SQLiteStore: OutboxStore {
  public func add(_ notices: [Notice], at moment: Instant) async throws(StoreError) {
    try await write { db in try SQLiteStore.insert(notices, about: nil, at: moment, db) }
  }

  public func claim(
    channel: String, at moment: Instant, lateBefore: Instant, limit: Int
  ) async throws(StoreError) -> ClaimedMessage? {
    try await write { db in
      let now = moment.milliseconds
      let waiting = try Bool.fetchOne(
        db.cachedStatement(
          sql: """
            SELECT EXISTS (SELECT 1 FROM outbox
              WHERE channel = ? AND state = 'pending' AND attempts > 0 AND due_at > ?)
            """), arguments: [channel, now])
      guard waiting != true else { return nil }
      let first = try Row.fetchOne(
        db.cachedStatement(
          sql: """
            SELECT *, (SELECT png FROM picture WHERE notice = outbox.id) AS picture
            FROM outbox WHERE channel = ? AND state = 'pending' AND due_at <= ?
            ORDER BY attempts > 0 DESC, due_at, id LIMIT 1
            """), arguments: [channel, now]
      ).flatMap(SQLiteStore.outboxEntry)
      guard let first else { return nil }
      var entries = [first]
      if let batch = first.notice.batch {
        entries = try Row.fetchAll(
          db,
          sql: """
            SELECT * FROM outbox WHERE channel = ? AND state = 'pending' AND due_at <= ? AND batch = ? AND policy = ?
            ORDER BY id LIMIT ?
            """, arguments: [channel, now, batch, first.notice.policy.rawValue, limit]
        ).compactMap(SQLiteStore.outboxEntry)
      } else if first.createdAt < lateBefore, first.notice.answers == nil, first.notice.recipient == nil,
        first.notice.expiresAt == nil, first.notice.picture == nil
      {
        let late = try Row.fetchAll(
          db,
          sql: """
            SELECT * FROM outbox WHERE channel = ? AND state = 'pending' AND due_at <= ? AND batch IS NULL
              AND answers IS NULL AND recipient IS NULL AND expires_at IS NULL AND created_at < ? AND policy = ? AND id NOT IN (SELECT notice FROM picture)
            ORDER BY attempts > 0 DESC, due_at, id LIMIT ?
            """, arguments: [channel, now, lateBefore.milliseconds, first.notice.policy.rawValue, limit]
        ).compactMap(SQLiteStore.outboxEntry)
        if late.count > 1 { entries = late }
      }
      for index in entries.indices {
        try db.cachedStatement(
          sql: "UPDATE outbox SET state = 'sending', attempts = attempts + 1, claimed_at = ? WHERE id = ?"
        ).execute(arguments: [now, entries[index].id])
        entries[index].state = .sending
        entries[index].attempts += 1
        entries[index].claimedAt = moment
      }
      // A digest answers nothing, whatever its first line does.
      let replyTo = try (entries.count == 1 ? first.notice.answers : nil).flatMap { signal in
        try String.fetchOne(
          db,
          sql: """
            SELECT reference FROM outbox WHERE signal = ? AND channel = ? AND reference IS NOT NULL ORDER BY id LIMIT 1
            """, arguments: [signal, channel])
      }
      return ClaimedMessage(entries: entries, replyTo: replyTo ?? (entries.count == 1 ? first.notice.replyTo : nil))
    }
  }

  public func note(_ result: SendingResult, of ids: [Int64], at moment: Instant) async throws(StoreError) {
    try await write { db in
      let now = moment.milliseconds
      for id in ids {
        switch result {
        case .sent(let reference):
          try SQLiteStore.finish(id, .sent, nil, reference, now, db)
        case .unknown(let reason): try SQLiteStore.finish(id, .unknown, reason, nil, now, db)
        case .dead(let reason): try SQLiteStore.finish(id, .dead, reason, nil, now, db)
        case .parked(let reason):
          try db.execute(
            sql: "UPDATE outbox SET state = 'parked', failure = ? WHERE id = ? AND state = 'sending'",
            arguments: [reason, id])
        case .again(let due, let reason, let doubtful):
          try db.execute(
            sql: """
              UPDATE outbox SET state = 'pending', failure = ?, due_at = ?, doubts = doubts + ?
              WHERE id = ? AND state = 'sending'
              """, arguments: [reason, due.milliseconds, doubtful ? 1 : 0, id])
        }
      }
    }
  }

  public func recover(doubts: Int, at moment: Instant) async throws(StoreError) -> (again: Int, unknown: Int) {
    try await write { db in
      let reason = "the host ended while this was being sent"
      try db.execute(
        sql: """
          UPDATE outbox SET state = 'unknown', failure = ?, finished_at = ?, doubts = doubts + 1
          WHERE state = 'sending' AND (policy = 'at_most_once' OR doubts + 1 >= ?)
          """, arguments: [reason, moment.milliseconds, doubts])
      let unknown = db.changesCount
      try db.execute(
        sql: """
          UPDATE outbox SET state = 'pending', failure = ?, due_at = min(due_at, ?), doubts = doubts + 1
          WHERE state = 'sending'
          """, arguments: [reason, moment.milliseconds])
      let again = db.changesCount
      try db.execute(sql: "UPDATE outbox SET state = 'pending' WHERE state = 'parked'")
      // All channels are asked anew, whoever wanted that.
      try db.execute(sql: "DELETE FROM channel_memory WHERE name = ?", arguments: [SQLiteStore.ask])
      return (again, unknown)
    }
  }

  public func park(channel: String, _ reason: String) async throws(StoreError) -> Int {
    try await write { db in
      try db.execute(
        sql: "UPDATE outbox SET state = 'parked', failure = ? WHERE channel = ? AND state = 'pending'",
        arguments: [reason, channel])
      return db.changesCount
    }
  }

  public func unpark(channel: String, at moment: Instant) async throws(StoreError) -> Int {
    try await write { db in
      try db.execute(
        sql: "UPDATE outbox SET state = 'pending' WHERE channel = ? AND state = 'parked'", arguments: [channel])
      return db.changesCount
    }
  }

  public func retry(_ id: Int64, at moment: Instant) async throws(StoreError) -> Bool {
    try await write { db in
      // Its channel is asked at once whether it has been mended, and not when it would be by itself.
      let parked = try String.fetchOne(
        db, sql: "SELECT channel FROM outbox WHERE id = ? AND state = 'parked'", arguments: [id])
      if let parked {
        try SQLiteStore.remember("\(moment)", as: SQLiteStore.ask, of: parked, at: moment, db)
      }
      try db.execute(
        sql: """
          UPDATE outbox SET state = 'pending', attempts = 0, doubts = 0, due_at = ?, finished_at = NULL, batch = NULL
          WHERE id = ? AND state IN ('unknown', 'parked', 'dead', 'dropped')
          """, arguments: [moment.milliseconds, id])
      return db.changesCount > 0
    }
  }

  public func drop(_ id: Int64, _ reason: String, at moment: Instant) async throws(StoreError) -> Bool {
    try await write { db in
      try db.execute(
        sql: """
          UPDATE outbox SET state = 'dropped', failure = ?, finished_at = ?
          WHERE id = ? AND state IN ('pending', 'parked', 'unknown', 'dead')
          """, arguments: [reason, moment.milliseconds, id])
      return db.changesCount > 0
    }
  }

  private static func finish(
    _ id: Int64, _ state: OutboxEntry.State, _ failure: String?, _ reference: String?, _ now: Int64, _ db: Database
  ) throws {
    try db.cachedStatement(
      sql: """
        UPDATE outbox SET state = ?, failure = ?, reference = ?, finished_at = ? WHERE id = ? AND state = 'sending'
        """
    ).execute(arguments: [state.rawValue, failure, reference, now, id])
    // It has arrived, and is sent to nobody again.
    guard state == .sent else { return }
    try db.cachedStatement(sql: "DELETE FROM picture WHERE notice = ?").execute(arguments: [id])
  }
}
