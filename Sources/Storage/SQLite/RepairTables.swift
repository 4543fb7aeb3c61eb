import GRDB
import Trading

/// Repairs of one key, inside a transaction.
extension CandleTables {
  /// Repairs, without what took them back; the oldest first.
  func repairs(_ series: Int64) throws -> [CandleRepair] {
    let rows = try Row.fetchAll(
      db.cachedStatement(sql: "SELECT * FROM candle_repair WHERE series = ? AND origin = 'repair' ORDER BY revision"),
      arguments: [series])
    return try rows.map { row in
      let reasons = try String.fetchAll(
        db.cachedStatement(
          sql: "SELECT reason FROM candle_repair_reason WHERE series = ? AND revision = ? ORDER BY place"),
        arguments: [series, row["revision"] as Int])
      return CandleRepair(
        revision: row["revision"], madeAt: Instant(milliseconds: row["made_at"]), bars: row["bars"],
        actions: row["actions"], reasons: reasons, undoneBy: row["undone_by"])
    }
  }

  /// Notes a revision that no source made, with what it replaced.
  func keep(_ revising: CandleRevising, _ repair: CandleRepair, _ origin: RevisionOrigin) throws {
    let (series, moment) = (revising.series, repair.madeAt.milliseconds)
    for part in revising.replaced.fullParts {
      try insertReplaced(series, part, revision: repair.revision, at: moment)
    }
    try db.cachedStatement(
      sql: """
        UPDATE candle_series SET revision = ?,
          count = (SELECT coalesce(sum(count), 0) FROM candle_chunk WHERE series = id),
          first = (SELECT min(first) FROM candle_chunk WHERE series = id),
          last = (SELECT max(last) FROM candle_chunk WHERE series = id)
        WHERE id = ?
        """
    ).execute(arguments: [repair.revision, series])
    try db.cachedStatement(
      sql: "INSERT INTO candle_repair (series, revision, origin, made_at, bars, actions) VALUES (?, ?, ?, ?, ?, ?)"
    ).execute(arguments: [series, repair.revision, origin.rawValue, moment, repair.bars, repair.actions])
    for (place, reason) in repair.reasons.enumerated() {
      try db.cachedStatement(
        sql: "INSERT INTO candle_repair_reason (series, revision, place, reason) VALUES (?, ?, ?, ?)"
      ).execute(arguments: [series, repair.revision, place, reason])
    }
    for time in revising.added {
      try db.cachedStatement(sql: "INSERT INTO candle_repair_added (series, revision, time) VALUES (?, ?, ?)")
        .execute(arguments: [series, repair.revision, time.milliseconds])
    }
  }

  func added(_ series: Int64, _ revision: Int) throws -> [Instant] {
    try Int64.fetchAll(
      db.cachedStatement(sql: "SELECT time FROM candle_repair_added WHERE series = ? AND revision = ? ORDER BY time"),
      arguments: [series, revision]
    ).map { Instant(milliseconds: $0) }
  }

  /// When a revision is made that no source made: behind whatever is kept by the second, so that `asOf` tells the two
  /// apart.
  func momentOfRevision(_ row: Row, notBefore moment: Instant) throws -> Instant {
    let repaired = try Int64.fetchOne(
      db.cachedStatement(sql: "SELECT max(made_at) FROM candle_repair WHERE series = ?"),
      arguments: [row["id"] as Int64])
    let last = max(row["fetched_at"] as Int64? ?? 0, repaired ?? 0)
    return max(moment.wholeSeconds, Instant(milliseconds: last + 1_000))
  }

  /// What a repair replaced, and the openings of bars that have been replaced since.
  func editions(
    _ series: Int64, of revision: Int
  ) throws -> (old: Chunk, isReplaced: Set<Instant>) {
    let standing = try replacedForGood(series, from: nil, to: nil)
    let isReplaced = Set(standing.filter { $0.revision > revision }.flatMap(\.chunk.times))
    var old = Chunk()
    for edition in standing where edition.revision == revision {
      for bar in 0..<edition.chunk.count where !isReplaced.contains(edition.chunk.times[bar]) {
        old.append(bar: bar, of: edition.chunk)
      }
    }
    return (old, isReplaced)
  }

  /// Bars that were replaced, by when they were; without repairs that were taken back, and without the taking back.
  private func replacedForGood(
    _ series: Int64, from: Instant?, to: Instant?
  ) throws -> [(revision: Int, origin: RevisionOrigin, chunk: Chunk)] {
    let undone = try Set(
      Int.fetchAll(
        db.cachedStatement(
          sql: "SELECT revision FROM candle_repair WHERE series = ? AND (undone_by IS NOT NULL OR origin = 'undo')"),
        arguments: [series]))
    return try replaced(series, from: from, to: to).filter { !undone.contains($0.revision) }
      .map { ($0.revision, $0.origin, $0.chunk) }
  }

  /// What arrives, without the bars that say once more what a repair has mended.
  func withoutMended(_ arriving: Chunk, _ series: Int64) throws -> Chunk {
    let isMended = try Bool.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT EXISTS (SELECT 1 FROM candle_repair WHERE series = ? AND origin = 'repair' AND undone_by IS NULL)
          """),
      arguments: [series])
    guard isMended == true, arriving.count > 0 else { return arriving }
    var latest: [Instant: (origin: RevisionOrigin, chunk: Chunk, bar: Int)] = [:]
    for edition in try replacedForGood(series, from: arriving.times.first, to: arriving.times.last) {
      for bar in 0..<edition.chunk.count {
        latest[edition.chunk.times[bar]] = (edition.origin, edition.chunk, bar)
      }
    }
    var rest = Chunk()
    for bar in 0..<arriving.count {
      if let edition = latest[arriving.times[bar]], edition.origin == .repair,
        edition.chunk.says(edition.bar, arriving, bar, passingOverNoAdjustedClose: true)
      {
        continue
      }
      rest.append(bar: bar, of: arriving)
    }
    return rest
  }
}
