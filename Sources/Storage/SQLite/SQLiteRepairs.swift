import GRDB
public import Trading

extension SQLiteStore: RepairStore {
  public func repair(
    _ key: CandleKey, from original: PriceHistory, to mended: PriceHistory, reasons: [String], at moment: Instant
  ) async throws(StoreError) -> CandleRepair? {
    let before = try SQLiteStore.checked(original, key, moment)
    let after = try SQLiteStore.checked(mended, key, moment)
    var changed = Chunk()
    for bar in 0..<after.count {
      if let there = before.place(of: after.times[bar]), before.says(there, after, bar) { continue }
      changed.append(bar: bar, of: after)
    }
    let (differing, gone) = (changed, Set(before.times).subtracting(after.times))
    let actions = ActionChange.changes(from: original.actions, to: mended.actions)
    return try await write { db in
      let tables = CandleTables(db: db, key: key)
      guard let row = try tables.series() else { return nil }
      let number: Int64 = row["id"]
      let revision = (row["revision"] as Int) + 1
      let made = try tables.momentOfRevision(row, notBefore: moment)
      let bars = differing.fetched(at: made)
      var revising = CandleRevising(tables: tables, series: number)
      try revising.put(bars, takingAway: gone) { there, bar in
        before.place(of: there.times[bar]).map { there.says(bar, before, $0) } ?? false
      }
      let repair = CandleRepair(
        revision: revision, madeAt: made, bars: revising.changes,
        actions: try tables.put(actions, number, revision: revision, at: made.milliseconds), reasons: reasons)
      guard repair.bars + repair.actions > 0 else { return nil }
      try tables.keep(revising, repair, .repair)
      return repair
    }
  }

  public func undo(
    repair revision: Int, of key: CandleKey, at moment: Instant
  ) async throws(StoreError) -> CandleRepair? {
    guard UInt32(exactly: moment.wholeSeconds.milliseconds / 1_000) != nil else {
      throw .unsound("\(key): \(moment) is no moment between 1970 and 2106")
    }
    return try await write { db in
      let tables = CandleTables(db: db, key: key)
      guard let row = try tables.series() else { return nil }
      let number: Int64 = row["id"]
      guard let found = try tables.repairs(number).first(where: { $0.revision == revision }), found.undoneBy == nil
      else { return nil }
      let (old, isReplaced) = try tables.editions(number, of: revision)
      let added = try tables.added(number, revision).filter { !isReplaced.contains($0) }
      var revising = CandleRevising(tables: tables, series: number)
      let made = try tables.momentOfRevision(row, notBefore: moment)
      try revising.put(old.fetched(at: made), takingAway: Set(added)) { _, _ in true }
      let next = (row["revision"] as Int) + 1
      let undo = CandleRepair(
        revision: next, madeAt: made, bars: revising.changes,
        actions: try tables.takeBack(number, revision, by: next, at: made.milliseconds),
        reasons: ["revision \(revision) is taken back"])
      try tables.keep(revising, undo, .undo)
      try db.cachedStatement(sql: "UPDATE candle_repair SET undone_by = ? WHERE series = ? AND revision = ?")
        .execute(arguments: [next, number, revision])
      return undo
    }
  }

  public func repairs(of key: CandleKey) async throws(StoreError) -> [CandleRepair] {
    try await read { db in
      let tables = CandleTables(db: db, key: key)
      return try tables.series().map { try tables.repairs($0["id"]) } ?? []
    }
  }

  public func note(_ check: CandleCheck, of key: CandleKey) async throws(StoreError) {
    try await write { db in
      guard let row = try CandleTables(db: db, key: key).series() else { return }
      try db.cachedStatement(
        sql: """
          INSERT OR REPLACE INTO candle_check (series, checked_at, errors, warnings, notes) VALUES (?, ?, ?, ?, ?)
          """
      ).execute(arguments: [
        row["id"] as Int64, check.checkedAt.milliseconds, check.errors, check.warnings, check.notes,
      ])
    }
  }

  public func check(of key: CandleKey) async throws(StoreError) -> CandleCheck? {
    try await read { db in
      try Row.fetchOne(
        db.cachedStatement(
          sql: """
            SELECT c.* FROM candle_check c JOIN candle_series s ON s.id = c.series
            WHERE s.source = ? AND s.symbol = ? AND s.timeframe = ?
            """),
        arguments: [key.source, key.symbol, "\(key.timeframe)"]
      ).map { row in
        CandleCheck(
          checkedAt: Instant(milliseconds: row["checked_at"]), errors: row["errors"], warnings: row["warnings"],
          notes: row["notes"])
      }
    }
  }
}
