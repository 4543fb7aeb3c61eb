import GRDB
import Trading

/// Holes that the source does not have, and what it has been asked for.
extension CandleTables {
  func holes(_ series: Int64) throws -> [Range<Instant>] {
    try stretches(
      db.cachedStatement(sql: "SELECT start, stop FROM candle_hole WHERE series = ? ORDER BY start"), series)
  }

  func noteHole(_ hole: Range<Instant>, _ series: Int64, at moment: Int64) throws {
    let all = try holes(series).joined(with: hole)
    try forgetHoles(series)
    let insert = try db.cachedStatement(
      sql: "INSERT INTO candle_hole (series, start, stop, noted_at) VALUES (?, ?, ?, ?)")
    for hole in all {
      try insert.execute(arguments: [series, hole.lowerBound.milliseconds, hole.upperBound.milliseconds, moment])
    }
  }

  func forgetHoles(_ series: Int64) throws {
    try db.cachedStatement(sql: "DELETE FROM candle_hole WHERE series = ?").execute(arguments: [series])
  }

  func asked(_ series: Int64) throws -> [Range<Instant>] {
    try stretches(
      db.cachedStatement(sql: "SELECT start, stop FROM candle_asked WHERE series = ? ORDER BY start"), series)
  }

  func noteAsked(_ stretch: Range<Instant>, _ series: Int64, at moment: Int64) throws {
    let all = try asked(series).joined(with: stretch)
    try db.cachedStatement(sql: "DELETE FROM candle_asked WHERE series = ?").execute(arguments: [series])
    let insert = try db.cachedStatement(
      sql: "INSERT INTO candle_asked (series, start, stop, noted_at) VALUES (?, ?, ?, ?)")
    for stretch in all {
      try insert.execute(arguments: [series, stretch.lowerBound.milliseconds, stretch.upperBound.milliseconds, moment])
    }
  }

  private func stretches(_ statement: Statement, _ series: Int64) throws -> [Range<Instant>] {
    try Row.fetchAll(statement, arguments: [series]).map { row in
      Instant(milliseconds: row["start"])..<Instant(milliseconds: row["stop"])
    }
  }
}
