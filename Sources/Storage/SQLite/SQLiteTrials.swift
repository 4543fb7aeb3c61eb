import GRDB
import Trading

extension SQLiteStore: TrialStore {
  public func save(_ trials: [TrialRecord]) async throws(StoreError) -> Int {
    try await write { db in
      let insert = try db.cachedStatement(
        sql: """
          INSERT INTO trial (configuration, strategy, line, recorded_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING
          """)
      var new = 0
      for trial in trials {
        try insert.execute(
          arguments: [trial.configuration, trial.strategy, trial.line, trial.recordedAt.milliseconds])
        new += db.changesCount
      }
      return new
    }
  }

  public func trials(of strategy: String?) async throws(StoreError) -> [TrialRecord] {
    try await read { db in
      let rows = try Row.fetchAll(
        db, sql: "SELECT * FROM trial WHERE ?1 IS NULL OR strategy = ?1 ORDER BY id", arguments: [strategy])
      return rows.map { row in
        TrialRecord(
          configuration: row["configuration"], strategy: row["strategy"], line: row["line"],
          recordedAt: .init(milliseconds: row["recorded_at"]))
      }
    }
  }
}
