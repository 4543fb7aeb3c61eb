import GRDB
public import Trading

extension SQLiteStore: OutcomeStore {
  public func save(_ outcome: OutcomeRecord) async throws(StoreError) {
    try await write { db in try SQLiteStore.insert([outcome], db) }
  }

  public func save(_ changes: OutcomeChanges) async throws(StoreError) {
    try await write { db in
      let mark = changes.mark
      let removal = try db.cachedStatement(sql: "DELETE FROM outcome WHERE signal = ? AND horizon = ?")
      for one in changes.removed { try removal.execute(arguments: [one.signal, one.horizon]) }
      try SQLiteStore.insert(changes.saved, db)
      try db.cachedStatement(sql: "DELETE FROM outcome_tally WHERE symbol = ? AND timeframe = ?")
        .execute(arguments: [mark.symbol, "\(mark.timeframe)"])
      let tally = try db.cachedStatement(
        sql: """
          INSERT INTO outcome_tally (strategy, version, timeframe, horizon, direction, symbol, count, successes, base)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
          """)
      for one in changes.tallies {
        try tally.execute(arguments: [
          one.strategy, one.version, "\(mark.timeframe)", one.horizon, one.direction.rawValue, mark.symbol, one.count,
          one.successes, one.base,
        ])
      }
      try db.cachedStatement(
        sql: """
          INSERT INTO outcome_mark (symbol, timeframe, state) VALUES (?, ?, ?)
          ON CONFLICT (symbol, timeframe) DO UPDATE SET state = excluded.state
          """
      ).execute(arguments: [mark.symbol, "\(mark.timeframe)", mark.state])
    }
  }

  private static func insert(_ outcomes: [OutcomeRecord], _ db: Database) throws {
    let statement = try db.cachedStatement(
      sql: """
        INSERT INTO outcome (signal, horizon, time, price, result) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (signal, horizon) DO UPDATE SET time = excluded.time, price = excluded.price,
          result = excluded.result
        """)
    for one in outcomes {
      try statement.execute(arguments: [one.signal, one.horizon, one.time?.milliseconds, one.price, one.result])
    }
  }

  public func outcomes(of signal: Int64) async throws(StoreError) -> [OutcomeRecord] {
    try await read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM outcome WHERE signal = ? ORDER BY rowid", arguments: [signal])
        .map(SQLiteStore.outcome)
    }
  }

  public func outcomes(symbol: String, timeframe: Timeframe) async throws(StoreError) -> [OutcomeRecord] {
    try await read { db in
      let rows = try Row.fetchCursor(
        db.cachedStatement(
          sql: """
            SELECT outcome.* FROM signal JOIN outcome ON outcome.signal = signal.id
            WHERE signal.symbol = ? AND signal.timeframe = ? ORDER BY signal.time, signal.id, outcome.rowid
            """), arguments: [symbol, "\(timeframe)"])
      var outcomes: [OutcomeRecord] = []
      while let row = try rows.next() { outcomes.append(SQLiteStore.outcome(row)) }
      return outcomes
    }
  }

  public func openOutcomes() async throws(StoreError) -> [OutcomeRecord] {
    try await read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM outcome WHERE time IS NULL ORDER BY signal, rowid")
        .map(SQLiteStore.outcome)
    }
  }

  public func signalStandings() async throws(StoreError) -> [SignalStanding] {
    try await read { db in
      let rows = try Row.fetchAll(
        db,
        sql: """
          SELECT stands.*, coalesce(editions, 0) AS editions FROM (
            SELECT symbol, timeframe, count(*) AS count, max(id) AS latest, min(time) AS first
            FROM signal GROUP BY symbol, timeframe
          ) AS stands LEFT JOIN (
            SELECT symbol, timeframe, count(*) AS editions
            FROM signal_edition JOIN signal ON signal.id = signal_edition.signal GROUP BY symbol, timeframe
          ) USING (symbol, timeframe) ORDER BY symbol, timeframe
          """)
      return rows.compactMap { row in
        Timeframe(row["timeframe"] as String).map { timeframe in
          SignalStanding(
            symbol: row["symbol"], timeframe: timeframe, count: row["count"], latest: row["latest"],
            editions: row["editions"], first: Instant(milliseconds: row["first"]))
        }
      }
    }
  }

  public func outcomeMarks() async throws(StoreError) -> [OutcomeMark] {
    try await read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM outcome_mark ORDER BY symbol, timeframe").compactMap { row in
        Timeframe(row["timeframe"] as String).map { timeframe in
          OutcomeMark(symbol: row["symbol"], timeframe: timeframe, state: row["state"])
        }
      }
    }
  }

  public func tallies(
    strategy: String, version: String, timeframe: Timeframe, horizon: String
  ) async throws(StoreError) -> [OutcomeTally] {
    try await read { db in
      let rows = try Row.fetchAll(
        db.cachedStatement(
          sql: """
            SELECT * FROM outcome_tally WHERE strategy = ? AND version = ? AND timeframe = ? AND horizon = ?
            ORDER BY direction, symbol
            """), arguments: [strategy, version, "\(timeframe)", horizon])
      return rows.compactMap { row in
        Direction(rawValue: row["direction"]).map { direction in
          OutcomeTally(
            strategy: row["strategy"], version: row["version"], direction: direction, horizon: row["horizon"],
            count: row["count"], successes: row["successes"], base: row["base"])
        }
      }
    }
  }

  private static func outcome(_ row: Row) -> OutcomeRecord {
    OutcomeRecord(
      signal: row["signal"], horizon: row["horizon"],
      time: (row["time"] as Int64?).map { Instant(milliseconds: $0) }, price: row["price"], result: row["result"])
  }
}
