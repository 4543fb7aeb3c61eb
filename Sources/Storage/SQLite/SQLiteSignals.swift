import GRDB
public import Trading

extension SQLiteStore: SignalStore {
  public func save(
    _ record: SignalRecord, notices: [Notice], at moment: Instant
  ) async throws(StoreError) -> Int64? {
    try await write { db in
      let signal = record.signal
      let id = try Int64.fetchOne(
        db.cachedStatement(
          sql: """
            INSERT INTO signal
              (strategy, version, symbol, timeframe, time, bar, direction, confidence, price, reason, saved_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING id
            """),
        arguments: [
          record.strategy, record.version, record.symbol, "\(record.timeframe)", signal.time.milliseconds, signal.bar,
          signal.direction.rawValue, signal.confidence, signal.price, signal.reason, moment.milliseconds,
        ])
      guard let id else { return nil }
      try SQLiteStore.insert(notices, about: id, at: moment, db)
      return id
    }
  }

  public func signal(_ id: Int64) async throws(StoreError) -> SignalRecord? {
    try await read { db in
      try Row.fetchOne(db, sql: "SELECT * FROM signal WHERE id = ?", arguments: [id]).flatMap(SQLiteStore.signal)
    }
  }

  public func signals(
    strategy: String?, symbol: String?, limit: Int
  ) async throws(StoreError) -> [(id: Int64, record: SignalRecord)] {
    try await read { db in
      let rows = try Row.fetchAll(
        db.cachedStatement(
          sql: """
            SELECT * FROM signal WHERE (?1 IS NULL OR strategy = ?1) AND (?2 IS NULL OR symbol = ?2)
            ORDER BY time DESC, id DESC LIMIT ?3
            """),
        arguments: [strategy, symbol, limit])
      return rows.compactMap { row in SQLiteStore.signal(row).map { (id: row["id"], record: $0) } }
    }
  }

  private static func signal(_ row: Row) -> SignalRecord? {
    guard let timeframe = Timeframe(row["timeframe"] as String),
      let direction = Direction(rawValue: row["direction"])
    else { return nil }
    return SignalRecord(
      strategy: row["strategy"], version: row["version"], symbol: row["symbol"], timeframe: timeframe,
      signal: Signal(
        time: Instant(milliseconds: row["time"]), bar: row["bar"], direction: direction,
        confidence: row["confidence"], price: row["price"], reason: row["reason"]))
  }
}

extension SQLiteStore: OutcomeStore {
  public func save(_ outcome: OutcomeRecord) async throws(StoreError) {
    try await write { db in
      try db.cachedStatement(
        sql: """
          INSERT INTO outcome (signal, horizon, time, price, result) VALUES (?, ?, ?, ?, ?)
          ON CONFLICT (signal, horizon) DO UPDATE SET time = excluded.time, price = excluded.price,
            result = excluded.result
          """
      ).execute(arguments: [
        outcome.signal, outcome.horizon, outcome.time?.milliseconds, outcome.price, outcome.result,
      ])
    }
  }

  public func outcomes(of signal: Int64) async throws(StoreError) -> [OutcomeRecord] {
    try await read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM outcome WHERE signal = ? ORDER BY rowid", arguments: [signal])
        .map(SQLiteStore.outcome)
    }
  }

  public func openOutcomes() async throws(StoreError) -> [OutcomeRecord] {
    try await read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM outcome WHERE time IS NULL ORDER BY signal, rowid")
        .map(SQLiteStore.outcome)
    }
  }

  private static func outcome(_ row: Row) -> OutcomeRecord {
    OutcomeRecord(
      signal: row["signal"], horizon: row["horizon"],
      time: (row["time"] as Int64?).map { Instant(milliseconds: $0) }, price: row["price"], result: row["result"])
  }
}
