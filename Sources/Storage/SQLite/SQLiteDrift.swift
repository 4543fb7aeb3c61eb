import GRDB
public import Trading

extension SQLiteStore {
  public func endedOutcomes(
    strategy: String, version: String, timeframe: Timeframe, horizon: String
  ) async throws(StoreError) -> [EndedOutcome] {
    try await read { db in
      let rows = try Row.fetchCursor(
        db.cachedStatement(
          sql: """
            SELECT signal.time AS began, outcome.time AS ended, outcome.result AS result
            FROM signal JOIN outcome ON outcome.signal = signal.id AND outcome.horizon = ?
            WHERE strategy = ? AND version = ? AND timeframe = ? AND retracted_at IS NULL
              AND outcome.result IS NOT NULL
            ORDER BY signal.time, outcome.time, signal.id
            """), arguments: [horizon, strategy, version, "\(timeframe)"])
      var outcomes: [EndedOutcome] = []
      while let row = try rows.next() {
        outcomes.append(
          EndedOutcome(
            time: Instant(milliseconds: row["began"]), end: Instant(milliseconds: row["ended"]), result: row["result"]))
      }
      return outcomes
    }
  }

  public func save(_ reference: DriftReference) async throws(StoreError) {
    try await write { db in
      try db.cachedStatement(
        sql: """
          INSERT INTO drift_reference (strategy, version, timeframe, horizon, count, rate) VALUES (?, ?, ?, ?, ?, ?)
          ON CONFLICT DO NOTHING
          """
      ).execute(arguments: [
        reference.strategy, reference.version, "\(reference.timeframe)", reference.horizon, reference.count,
        reference.rate,
      ])
    }
  }

  public func driftReferences() async throws(StoreError) -> [DriftReference] {
    try await read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM drift_reference ORDER BY strategy, version, timeframe, horizon")
        .compactMap { row in
          Timeframe(row["timeframe"] as String).map { timeframe in
            DriftReference(
              strategy: row["strategy"], version: row["version"], timeframe: timeframe, horizon: row["horizon"],
              count: row["count"], rate: row["rate"])
          }
        }
    }
  }

  public func save(_ drift: DriftRecord, notices: [Notice], at moment: Instant) async throws(StoreError) -> Bool {
    try await write { db in
      try db.cachedStatement(
        sql: """
          INSERT INTO drift (strategy, version, timeframe, horizon, raised_at, since, rate, count, history, floor)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
          """
      ).execute(arguments: [
        drift.strategy, drift.version, "\(drift.timeframe)", drift.horizon, drift.raisedAt.milliseconds,
        drift.since.milliseconds, drift.rate, drift.count, drift.history, drift.floor,
      ])
      guard db.changesCount == 1 else { return false }
      try SQLiteStore.insert(notices, about: nil, at: moment, db)
      return true
    }
  }

  public func drifts() async throws(StoreError) -> [DriftRecord] {
    try await read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM drift ORDER BY raised_at DESC, strategy, version").compactMap { row in
        Timeframe(row["timeframe"] as String).map { timeframe in
          DriftRecord(
            strategy: row["strategy"], version: row["version"], timeframe: timeframe, horizon: row["horizon"],
            raisedAt: Instant(milliseconds: row["raised_at"]), since: Instant(milliseconds: row["since"]),
            rate: row["rate"], count: row["count"], history: row["history"], floor: row["floor"])
        }
      }
    }
  }
}
