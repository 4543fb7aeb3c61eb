import GRDB
public import Trading

extension SQLiteStore: PriceHighStore {
  public func save(_ highs: [PriceHigh], at moment: Instant) async throws(StoreError) -> [LevelChange] {
    try await write { db in try highs.map { try SQLiteStore.save($0, at: moment, db) } }
  }

  private static func save(_ high: PriceHigh, at moment: Instant, _ db: Database) throws -> LevelChange {
    let known = try Row.fetchOne(
      db.cachedStatement(sql: "SELECT * FROM price_high WHERE symbol = ?"), arguments: [high.symbol]
    ).map(SQLiteStore.high)
    guard known != high else { return .same }
    let change: LevelChange =
      known.map { $0.price < high.price && $0.time < high.time ? .raised : .revised } ?? .new
    if change == .revised {
      try db.cachedStatement(
        sql: """
          INSERT INTO price_high_edition (symbol, number, price, time, replaced_at)
          SELECT symbol, 1 + (SELECT count(*) FROM price_high_edition WHERE symbol = ?1), price, time, ?2
          FROM price_high WHERE symbol = ?1
          """
      ).execute(arguments: [high.symbol, moment.milliseconds])
    }
    try db.cachedStatement(
      sql: """
        INSERT INTO price_high (symbol, price, time) VALUES (?, ?, ?)
        ON CONFLICT (symbol) DO UPDATE SET price = excluded.price, time = excluded.time
        """
    ).execute(arguments: [high.symbol, high.price, high.time.milliseconds])
    return change
  }

  public func high(of symbol: String) async throws(StoreError) -> PriceHigh? {
    try await read { db in
      try Row.fetchOne(db, sql: "SELECT * FROM price_high WHERE symbol = ?", arguments: [symbol])
        .map(SQLiteStore.high)
    }
  }

  public func highs() async throws(StoreError) -> [PriceHigh] {
    try await read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM price_high ORDER BY symbol").map(SQLiteStore.high)
    }
  }

  public func editions(ofHigh symbol: String) async throws(StoreError) -> [PriceHighEdition] {
    try await read { db in
      try Row.fetchAll(
        db, sql: "SELECT * FROM price_high_edition WHERE symbol = ? ORDER BY number", arguments: [symbol]
      ).map { row in
        PriceHighEdition(high: SQLiteStore.high(row), replacedAt: Instant(milliseconds: row["replaced_at"]))
      }
    }
  }

  private static func high(_ row: Row) -> PriceHigh {
    PriceHigh(symbol: row["symbol"], price: row["price"], time: Instant(milliseconds: row["time"]))
  }
}

extension SQLiteStore: SessionStore {
  public func save(_ snapshots: [SessionSnapshot]) async throws(StoreError) -> [LevelChange] {
    try await write { db in
      // Of most nothing has changed: a symbol's are read at once.
      var known: [String: [Instant: SessionSnapshot]] = [:]
      for symbol in Set(snapshots.map(\.symbol)) {
        let rows = try Row.fetchAll(
          db.cachedStatement(sql: "SELECT * FROM session_snapshot WHERE symbol = ?"), arguments: [symbol])
        known[symbol] = Dictionary(
          rows.map(SQLiteStore.snapshot).map { ($0.date, $0) }, uniquingKeysWith: { first, _ in first })
      }
      return try snapshots.map { snapshot in
        let change = try SQLiteStore.save(snapshot, over: known[snapshot.symbol]?[snapshot.date], db)
        if change != .same { known[snapshot.symbol]?[snapshot.date] = snapshot }
        return change
      }
    }
  }

  private static func save(
    _ snapshot: SessionSnapshot, over known: SessionSnapshot?, _ db: Database
  ) throws -> LevelChange {
    if let known {
      if known.saysTheSame(as: snapshot) { return .same }
      try db.cachedStatement(
        sql: """
          INSERT INTO session_edition
            (symbol, date, number, open, high, low, close, volume, taken_at, replaced_at)
          SELECT symbol, date, 1 + (SELECT count(*) FROM session_edition WHERE symbol = ?1 AND date = ?2), open, high,
            low, close, volume, taken_at, ?3 FROM session_snapshot WHERE symbol = ?1 AND date = ?2
          """
      ).execute(arguments: [snapshot.symbol, snapshot.date.milliseconds, snapshot.takenAt.milliseconds])
    }
    try db.cachedStatement(
      sql: """
        INSERT INTO session_snapshot (symbol, date, open, high, low, close, volume, taken_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (symbol, date) DO UPDATE SET open = excluded.open, high = excluded.high, low = excluded.low,
          close = excluded.close, volume = excluded.volume, taken_at = excluded.taken_at
        """
    ).execute(arguments: [
      snapshot.symbol, snapshot.date.milliseconds, snapshot.open, snapshot.high, snapshot.low, snapshot.close,
      snapshot.volume, snapshot.takenAt.milliseconds,
    ])
    return known == nil ? .new : .revised
  }

  public func sessions(of symbol: String, from: Instant?, to: Instant?) async throws(StoreError) -> [SessionSnapshot] {
    try await read { db in
      try Row.fetchAll(
        db, sql: "SELECT * FROM session_snapshot WHERE symbol = ? AND date BETWEEN ? AND ? ORDER BY date",
        arguments: [symbol, from?.milliseconds ?? .min, to?.milliseconds ?? .max]
      ).map(SQLiteStore.snapshot)
    }
  }

  public func editions(of symbol: String, on date: Instant) async throws(StoreError) -> [SessionEdition] {
    try await read { db in
      try Row.fetchAll(
        db, sql: "SELECT * FROM session_edition WHERE symbol = ? AND date = ? ORDER BY number",
        arguments: [symbol, date.milliseconds]
      ).map { row in
        SessionEdition(
          snapshot: SQLiteStore.snapshot(row), replacedAt: Instant(milliseconds: row["replaced_at"]))
      }
    }
  }

  private static func snapshot(_ row: Row) -> SessionSnapshot {
    SessionSnapshot(
      symbol: row["symbol"], date: Instant(milliseconds: row["date"]), open: row["open"], high: row["high"],
      low: row["low"], close: row["close"], volume: row["volume"], takenAt: Instant(milliseconds: row["taken_at"]))
  }
}
