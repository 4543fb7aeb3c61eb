import GRDB
public import Trading

extension SQLiteStore: PriceHighStore {
  public func raise(_ high: PriceHigh) async throws(StoreError) -> Bool {
    try await write { db in
      try db.execute(
        sql: """
          INSERT INTO price_high (symbol, price, time) VALUES (?, ?, ?)
          ON CONFLICT (symbol) DO UPDATE SET price = excluded.price, time = excluded.time
            WHERE excluded.price > price_high.price
          """,
        arguments: [high.symbol, high.price, high.time.milliseconds])
      return db.changesCount > 0
    }
  }

  public func high(of symbol: String) async throws(StoreError) -> PriceHigh? {
    try await read { db in
      try Row.fetchOne(db, sql: "SELECT * FROM price_high WHERE symbol = ?", arguments: [symbol]).map { row in
        PriceHigh(symbol: row["symbol"], price: row["price"], time: Instant(milliseconds: row["time"]))
      }
    }
  }
}

extension SQLiteStore: SessionStore {
  public func save(_ snapshot: SessionSnapshot) async throws(StoreError) {
    try await write { db in
      try db.execute(
        sql: """
          INSERT OR REPLACE INTO session_snapshot (symbol, date, open, high, low, close, volume, taken_at)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          snapshot.symbol, snapshot.date.milliseconds, snapshot.open, snapshot.high, snapshot.low, snapshot.close,
          snapshot.volume, snapshot.takenAt.milliseconds,
        ])
    }
  }

  public func sessions(of symbol: String, from: Instant?, to: Instant?) async throws(StoreError) -> [SessionSnapshot] {
    try await read { db in
      let rows = try Row.fetchAll(
        db, sql: "SELECT * FROM session_snapshot WHERE symbol = ? AND date BETWEEN ? AND ? ORDER BY date",
        arguments: [symbol, from?.milliseconds ?? .min, to?.milliseconds ?? .max])
      return rows.map { row in
        SessionSnapshot(
          symbol: row["symbol"], date: Instant(milliseconds: row["date"]), open: row["open"], high: row["high"],
          low: row["low"], close: row["close"], volume: row["volume"],
          takenAt: Instant(milliseconds: row["taken_at"]))
      }
    }
  }
}
