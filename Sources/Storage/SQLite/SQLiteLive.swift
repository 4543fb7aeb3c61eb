import GRDB
public import Trading

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension SQLiteStore: LiveStore {
  public func marks() async throws(StoreError) -> [LiveMark] {
    try await read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM live_mark ORDER BY market, timeframe").compactMap { row in
        Timeframe(row["timeframe"] as String).map { timeframe in
          LiveMark(
            market: row["market"], timeframe: timeframe, last: Instant(milliseconds: row["last"]), bars: row["bars"],
            revision: row["revision"])
        }
      }
    }
  }

  public func pairs() async throws(StoreError) -> [LivePair] {
    try await read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM live_pair").compactMap { row in
        Timeframe(row["timeframe"] as String).map { timeframe in
          LivePair(
            strategy: row["strategy"], version: row["version"], market: row["market"], timeframe: timeframe,
            after: Instant(milliseconds: row["after"]))
        }
      }
    }
  }

  public func running() async throws(StoreError) -> [RunningStrategy] {
    try await read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM live_strategy ORDER BY name").map { row in
        RunningStrategy(
          name: row["name"], version: row["version"], text: row["text"], since: Instant(milliseconds: row["since"]),
          symbols: (row["symbols"] as String?).flatMap {
            try? JSONDecoder().decode([String].self, from: Data($0.utf8))
          })
      }
    }
  }

  public func save(_ changes: LiveChanges, at moment: Instant) async throws(StoreError) -> [Int64?] {
    try await write { db in
      let ids = try changes.signals.map { signal in
        try SQLiteStore.insert(signal.record, signal.notices, at: moment, db)
      }
      for correction in changes.corrections { _ = try SQLiteStore.correct(correction, at: moment, db) }
      for (id, bar) in changes.renumbered {
        try db.cachedStatement(sql: "UPDATE signal SET bar = ? WHERE id = ?").execute(arguments: [bar, id])
      }
      let mark = try db.cachedStatement(
        sql: """
          INSERT INTO live_mark (market, timeframe, last, bars, revision) VALUES (?, ?, ?, ?, ?)
          ON CONFLICT (market, timeframe) DO UPDATE SET last = excluded.last, bars = excluded.bars,
            revision = excluded.revision
          """)
      for one in changes.marks {
        try mark.execute(arguments: [one.market, "\(one.timeframe)", one.last.milliseconds, one.bars, one.revision])
      }
      let pair = try db.cachedStatement(
        sql: """
          INSERT INTO live_pair (strategy, version, market, timeframe, after) VALUES (?, ?, ?, ?, ?)
          ON CONFLICT DO NOTHING
          """)
      for one in changes.pairs {
        try pair.execute(arguments: [
          one.strategy, one.version, one.market, "\(one.timeframe)", one.after.milliseconds,
        ])
      }
      return ids
    }
  }

  public func run(_ strategies: [RunningStrategy]) async throws(StoreError) {
    try await write { db in
      let known = Set(try String.fetchAll(db, sql: "SELECT name FROM live_strategy"))
      for gone in known.subtracting(strategies.map(\.name)) {
        try db.cachedStatement(sql: "DELETE FROM live_strategy WHERE name = ?").execute(arguments: [gone])
      }
      let save = try db.cachedStatement(
        sql: """
          INSERT INTO live_strategy (name, version, text, since, symbols) VALUES (?, ?, ?, ?, ?)
          ON CONFLICT (name) DO UPDATE SET version = excluded.version, text = excluded.text, symbols = excluded.symbols,
            since = CASE WHEN version = excluded.version THEN since ELSE excluded.since END
          """)
      for one in strategies {
        let symbols = try one.symbols.map { String(decoding: try JSONEncoder().encode($0), as: UTF8.self) }
        try save.execute(arguments: [one.name, one.version, one.text, one.since.milliseconds, symbols])
      }
    }
  }
}
