import GRDB
public import Trading

extension SQLiteStore: InstrumentStore {
  public func save(_ profiles: [InstrumentProfile]) async throws(StoreError) {
    try await write { db in
      for profile in profiles {
        let symbol = profile.instrument.symbol
        try db.cachedStatement(
          sql: """
            INSERT INTO instrument (symbol, category, exchange, currency, precision, sector, industry, source,
              updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (symbol) DO UPDATE SET category = excluded.category, exchange = excluded.exchange,
              currency = excluded.currency, precision = excluded.precision, sector = excluded.sector,
              industry = excluded.industry, source = excluded.source, updated_at = excluded.updated_at
            """
        ).execute(arguments: [
          symbol, profile.category, profile.exchange, profile.currency, profile.precision, profile.sector,
          profile.industry, profile.source, profile.updatedAt?.milliseconds,
        ])
        try db.cachedStatement(sql: "DELETE FROM instrument_name WHERE symbol = ?").execute(arguments: [symbol])
        for (language, name) in profile.names {
          try db.cachedStatement(sql: "INSERT INTO instrument_name (symbol, language, name) VALUES (?, ?, ?)")
            .execute(arguments: [symbol, language, name])
        }
      }
    }
  }

  public func profile(of instrument: Instrument) async throws(StoreError) -> InstrumentProfile? {
    try await read { db in
      try Row.fetchOne(db, sql: "SELECT * FROM instrument WHERE symbol = ?", arguments: [instrument.symbol])
        .map { try SQLiteStore.profile($0, db) }
    }
  }

  public func profiles() async throws(StoreError) -> [InstrumentProfile] {
    try await read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM instrument ORDER BY symbol").map { try SQLiteStore.profile($0, db) }
    }
  }

  private static func profile(_ row: Row, _ db: Database) throws -> InstrumentProfile {
    let symbol: String = row["symbol"]
    let names = try Row.fetchAll(
      db.cachedStatement(sql: "SELECT language, name FROM instrument_name WHERE symbol = ?"), arguments: [symbol])
    var profile = InstrumentProfile(
      instrument: Instrument(symbol: symbol),
      names: Dictionary(names.map { ($0["language"], $0["name"]) }, uniquingKeysWith: { first, _ in first }),
      category: row["category"], exchange: row["exchange"], currency: row["currency"], precision: row["precision"])
    (profile.sector, profile.industry, profile.source) = (row["sector"], row["industry"], row["source"])
    profile.updatedAt = (row["updated_at"] as Int64?).map { Instant(milliseconds: $0) }
    return profile
  }
}
