import GRDB
public import Trading

extension SQLiteStore: CommandStore {
  public func place(of source: String) async throws(StoreError) -> CommandPlace? {
    try await read { db in
      // A source that has only begun its first command has no place yet.
      try Row.fetchOne(
        db, sql: "SELECT next, at FROM command_source WHERE source = ? AND next >= 0", arguments: [source]
      )
      .map { CommandPlace(next: $0["next"], at: Instant(milliseconds: $0["at"])) }
    }
  }

  public func begin(_ number: Int64, of source: String, at moment: Instant) async throws(StoreError) -> Int {
    try await write { db in
      try db.execute(
        sql: """
          INSERT INTO command_source (source, next, at, begun, tries) VALUES (?1, -1, ?2, ?3, 1)
          ON CONFLICT (source) DO UPDATE SET
            tries = CASE WHEN begun = ?3 THEN tries + 1 ELSE 1 END, begun = ?3
          """, arguments: [source, moment.milliseconds, number])
      return try Int.fetchOne(db, sql: "SELECT tries FROM command_source WHERE source = ?", arguments: [source]) ?? 1
    }
  }

  public func carryOut(_ command: CarriedCommand, anew: Bool, at moment: Instant) async throws(StoreError) -> Bool {
    try await write { db in
      guard try SQLiteStore.move(command.source, to: command.number, anew: anew, at: moment, db) else { return false }
      switch command.effect {
      case .silence(let silence):
        try db.execute(
          sql: "INSERT INTO silence (strategy, begins_at, ends_at, reason, actor) VALUES (?, ?, ?, ?, ?)",
          arguments: [
            silence.strategy, silence.from.milliseconds, silence.until.milliseconds, silence.reason, silence.actor,
          ])
      case .endSilences(let strategy):
        try db.execute(
          sql: "UPDATE silence SET ends_at = max(begins_at, ?1) WHERE strategy = ?2 AND ends_at > ?1",
          arguments: [moment.milliseconds, strategy])
      case .taken(let taken):
        try db.execute(
          sql: "INSERT INTO taken_signal (signal, actor, name, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
          arguments: [taken.signal, taken.actor, taken.name, taken.at.milliseconds])
      case nil: break
      }
      for entry in command.audit { try SQLiteStore.insert(entry, db) }
      try SQLiteStore.insert(command.notices, about: nil, at: moment, db)
      return true
    }
  }

  public func pass(to next: Int64, of source: String, anew: Bool, at moment: Instant) async throws(StoreError) {
    try await write { db in _ = try SQLiteStore.move(source, to: next - 1, anew: anew, at: moment, db) }
  }

  /// Moves a source on behind a number; false where it is there already.
  private static func move(
    _ source: String, to number: Int64, anew: Bool, at moment: Instant, _ db: Database
  ) throws -> Bool {
    try db.cachedStatement(
      sql: """
        INSERT INTO command_source (source, next, at) VALUES (?1, ?2, ?3)
        ON CONFLICT (source) DO UPDATE SET next = ?2, at = ?3, begun = NULL, tries = 0 WHERE ?4 OR next < ?2
        """
    ).execute(arguments: [source, number + 1, moment.milliseconds, anew])
    return db.changesCount > 0
  }

  public func silences(at moment: Instant) async throws(StoreError) -> [StoredSilence] {
    try await read { db in
      try Row.fetchAll(
        db, sql: "SELECT * FROM silence WHERE begins_at <= ?1 AND ends_at > ?1 ORDER BY ends_at, id",
        arguments: [moment.milliseconds]
      ).map { row in
        StoredSilence(
          strategy: row["strategy"], from: Instant(milliseconds: row["begins_at"]),
          until: Instant(milliseconds: row["ends_at"]), reason: row["reason"], actor: row["actor"])
      }
    }
  }

  public func taken(_ signal: Int64) async throws(StoreError) -> [TakenSignal] {
    try await read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM taken_signal WHERE signal = ? ORDER BY at, actor", arguments: [signal])
        .map { row in
          TakenSignal(
            signal: row["signal"], actor: row["actor"], name: row["name"], at: Instant(milliseconds: row["at"]))
        }
    }
  }

  public func takenSignals() async throws(StoreError) -> Set<Int64> {
    try await read { db in try Set(Int64.fetchAll(db, sql: "SELECT DISTINCT signal FROM taken_signal")) }
  }
}
