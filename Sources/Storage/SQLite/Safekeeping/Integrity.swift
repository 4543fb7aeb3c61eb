import GRDB
import Trading

extension Diagnosis {
  /// Everything in a database that is not as it was written; nothing where all is sound.
  static func faults(of path: String) async throws -> [String] {
    var configuration = GRDB.Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(10)
    let file = try DatabaseQueue(path: path, configuration: configuration)
    defer { try? file.close() }
    return try await file.unsafeRead { db in
      try db.execute(sql: "BEGIN")
      defer { try? db.execute(sql: "ROLLBACK") }
      var faults = try String.fetchAll(db, sql: "PRAGMA integrity_check(20)").filter { $0 != "ok" }
      // What follows reads by indexes that may be among the damage.
      guard faults.isEmpty else { return faults }
      for row in try Row.fetchAll(db, sql: "PRAGMA foreign_key_check") {
        faults.append("a row of \(row["table"] as String) names one of \(row["parent"] as String) that is not there")
      }
      let series = try Row.fetchAll(db, sql: "SELECT * FROM candle_series ORDER BY id")
      for row in series { faults += try chunkFaults(row, db) }
      return faults
    }
  }

  /// Chunks whose checksum does not fit, that overlap, or that the series' row does not count.
  private static func chunkFaults(_ row: Row, _ db: Database) throws -> [String] {
    guard let timeframe = Timeframe(row["timeframe"] as String) else {
      return ["there is a series of timeframe \(row["timeframe"] as String)"]
    }
    let key = CandleKey(source: row["source"], symbol: row["symbol"], timeframe: timeframe)
    let tables = CandleTables(db: db, key: key)
    var faults: [String] = []
    var last: Instant?
    var count = 0
    for span in try tables.spans(row["id"], from: nil, to: nil) {
      count += span.count
      do {
        let times = try tables.view(row["id"], span) { $0.times }
        if zip(times, times.dropFirst()).contains(where: { $0 >= $1 }) {
          faults.append("bars of \(key) from \(span.first) do not ascend")
        }
      } catch let error as StoreError {
        faults.append("\(error)")
      }
      if let last, span.first <= last { faults.append("bars of \(key) from \(span.first) overlap those before") }
      last = span.last
    }
    if count != row["count"] as Int {
      faults.append("\(key) counts \(row["count"] as Int) bars, and its chunks hold \(count)")
    }
    do {
      _ = try tables.replaced(row["id"], from: nil, to: nil)
    } catch let error as StoreError {
      faults.append("\(error)")
    }
    return faults
  }
}
