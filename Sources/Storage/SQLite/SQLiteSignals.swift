import GRDB
public import Trading

extension SQLiteStore: SignalStore {
  public func save(
    _ record: SignalRecord, notices: [Notice], at moment: Instant
  ) async throws(StoreError) -> Int64? {
    try await write { db in try SQLiteStore.insert(record, notices, at: moment, db) }
  }

  static func insert(
    _ record: SignalRecord, _ notices: [Notice], at moment: Instant, _ db: Database
  ) throws -> Int64? {
    let signal = record.signal
    let id = try Int64.fetchOne(
      db.cachedStatement(
        sql: """
          INSERT INTO signal
            (strategy, version, symbol, timeframe, time, bar, direction, confidence, price, reason, base, source, saved_at)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING id
          """),
      arguments: [
        record.strategy, record.version, record.symbol, "\(record.timeframe)", signal.time.milliseconds, signal.bar,
        signal.direction.rawValue, signal.confidence, signal.price, signal.reason, signal.base, record.source,
        moment.milliseconds,
      ])
    guard let id else { return nil }
    try SQLiteStore.insert(notices, about: id, at: moment, db)
    return id
  }

  public func signal(_ id: Int64) async throws(StoreError) -> SignalRecord? {
    try await read { db in
      try Row.fetchOne(db, sql: "SELECT * FROM signal WHERE id = ?", arguments: [id]).flatMap(SQLiteStore.signal)?
        .record
    }
  }

  public func signals(
    strategy: String?, symbol: String?, limit: Int
  ) async throws(StoreError) -> [StoredSignal] {
    try await read { db in
      let conditions = [strategy.map { _ in "strategy = ?" }, symbol.map { _ in "symbol = ?" }].compactMap(\.self)
      let chosen = conditions.isEmpty ? "" : "WHERE \(conditions.joined(separator: " AND "))"
      // The plus keeps the index of times out: the signals of one symbol are sorted rather than all looked through.
      let order = symbol == nil ? "time DESC, id DESC" : "+time DESC, id DESC"
      let values = [strategy, symbol].compactMap(\.self).map(\.databaseValue) + [limit.databaseValue]
      let rows = try Row.fetchAll(
        db.cachedStatement(sql: "SELECT * FROM signal \(chosen) ORDER BY \(order) LIMIT ?"),
        arguments: StatementArguments(values))
      return rows.compactMap(SQLiteStore.signal)
    }
  }

  public func signals(_ query: SignalQuery) async throws(StoreError) -> [StoredSignal] {
    try await read { db in
      let rows = try Row.fetchAll(
        db.cachedStatement(
          sql: """
            SELECT * FROM signal
            WHERE (?1 IS NULL OR strategy = ?1) AND (?2 IS NULL OR symbol = ?2) AND (?3 IS NULL OR timeframe = ?3)
              AND (?4 IS NULL OR direction = ?4) AND time >= ?5 AND time <= ?6
              AND (?7 IS NULL OR (time, id) < (?7, ?8))
            ORDER BY time DESC, id DESC LIMIT ?9
            """),
        arguments: [
          query.strategy, query.symbol, query.timeframe.map { "\($0)" }, query.direction?.rawValue,
          query.from?.milliseconds ?? .min, query.to?.milliseconds ?? .max, query.behindTime?.milliseconds,
          query.behindID, query.limit,
        ])
      return rows.compactMap(SQLiteStore.signal)
    }
  }

  public func signals(
    symbol: String, timeframe: Timeframe, from: Instant
  ) async throws(StoreError) -> [StoredSignal] {
    try await read { db in
      let rows = try Row.fetchAll(
        db.cachedStatement(
          sql: "SELECT * FROM signal WHERE symbol = ? AND timeframe = ? AND time >= ? ORDER BY time, id"),
        arguments: [symbol, "\(timeframe)", from.milliseconds])
      return rows.compactMap(SQLiteStore.signal)
    }
  }

  public func correct(_ correction: SignalCorrection, at moment: Instant) async throws(StoreError) -> Bool {
    try await write { db in try SQLiteStore.correct(correction, at: moment, db) }
  }

  static func correct(_ correction: SignalCorrection, at moment: Instant, _ db: Database) throws -> Bool {
    let id = correction.id
    try db.cachedStatement(
      sql: """
        INSERT INTO signal_edition
          (signal, number, bar, confidence, price, reason, base, retracted_at, replaced_at, cause)
        SELECT id, 1 + (SELECT count(*) FROM signal_edition WHERE signal = ?1), bar, confidence, price, reason, base,
          retracted_at, ?2, ?3 FROM signal WHERE id = ?1
        """
    ).execute(arguments: [id, moment.milliseconds, correction.cause])
    guard db.changesCount == 1 else { return false }
    if let signal = correction.signal {
      try db.cachedStatement(
        sql: """
          UPDATE signal SET bar = ?, confidence = ?, price = ?, reason = ?, base = ?, retracted_at = NULL WHERE id = ?
          """
      ).execute(arguments: [signal.bar, signal.confidence, signal.price, signal.reason, signal.base, id])
    } else {
      try db.cachedStatement(sql: "UPDATE signal SET retracted_at = ? WHERE id = ?")
        .execute(arguments: [moment.milliseconds, id])
    }
    try SQLiteStore.insert(correction.notices, about: nil, at: moment, db)
    return true
  }

  public func editions(of id: Int64) async throws(StoreError) -> [SignalEdition] {
    try await read { db in
      let rows = try Row.fetchAll(
        db.cachedStatement(
          sql: """
            SELECT signal.time, signal.direction, signal_edition.* FROM signal_edition JOIN signal ON id = signal
            WHERE signal = ? ORDER BY number
            """), arguments: [id])
      return rows.compactMap { row in
        Direction(rawValue: row["direction"]).map { direction in
          SignalEdition(
            signal: SQLiteStore.said(row, direction),
            retractedAt: (row["retracted_at"] as Int64?).map { Instant(milliseconds: $0) },
            replacedAt: Instant(milliseconds: row["replaced_at"]), cause: row["cause"])
        }
      }
    }
  }

  static func said(_ row: Row, _ direction: Direction) -> Signal {
    Signal(
      time: Instant(milliseconds: row["time"]), bar: row["bar"], direction: direction, confidence: row["confidence"],
      price: row["price"], reason: row["reason"], base: row["base"])
  }

  static func signal(_ row: Row) -> StoredSignal? {
    guard let timeframe = Timeframe(row["timeframe"] as String),
      let direction = Direction(rawValue: row["direction"])
    else { return nil }
    return StoredSignal(
      id: row["id"],
      record: SignalRecord(
        strategy: row["strategy"], version: row["version"], symbol: row["symbol"], timeframe: timeframe,
        signal: said(row, direction), source: row["source"]),
      retractedAt: (row["retracted_at"] as Int64?).map { Instant(milliseconds: $0) })
  }
}
