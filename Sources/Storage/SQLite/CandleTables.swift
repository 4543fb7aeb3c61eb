import GRDB
import Trading

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The statements over the tables of one key, inside a transaction.
struct CandleTables {
  let db: Database
  let key: CandleKey

  /// A chunk as its row says, without its bars.
  struct Span {
    let first, last: Instant
    let count: Int
    let adjusted: Bool
  }

  func series() throws -> Row? {
    try Row.fetchOne(
      db.cachedStatement(sql: "SELECT * FROM candle_series WHERE source = ? AND symbol = ? AND timeframe = ?"),
      arguments: [key.source, key.symbol, "\(key.timeframe)"])
  }

  /// The number of the key, which is made where there is none.
  func number() throws -> Int64 {
    if let row = try series() { return row["id"] }
    try db.cachedStatement(sql: "INSERT INTO candle_series (source, symbol, timeframe) VALUES (?, ?, ?)")
      .execute(arguments: [key.source, key.symbol, "\(key.timeframe)"])
    return db.lastInsertedRowID
  }

  /// The chunks that hold bars from one moment to another, both inclusive.
  func spans(_ series: Int64, from: Instant?, to: Instant?) throws -> [Span] {
    let rows = try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT first, last, count, adjusted FROM candle_chunk WHERE series = ? AND last >= ? AND first <= ?
          ORDER BY first
          """),
      arguments: [series, from?.milliseconds ?? .min, to?.milliseconds ?? .max])
    return rows.map(span)
  }

  /// The chunks that a save of bars from a moment on may touch: those from there on, and some before, which an append
  /// may be joined with.
  func spans(_ series: Int64, around moment: Instant) throws -> [Span] {
    let before = try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT first, last, count, adjusted FROM candle_chunk WHERE series = ? AND first <= ?
          ORDER BY first DESC LIMIT 16
          """),
      arguments: [series, moment.milliseconds])
    let after = try Row.fetchAll(
      db.cachedStatement(
        sql: "SELECT first, last, count, adjusted FROM candle_chunk WHERE series = ? AND first > ? ORDER BY first"),
      arguments: [series, moment.milliseconds])
    return before.reversed().map(span) + after.map(span)
  }

  private func span(_ row: Row) -> Span {
    Span(
      first: Instant(milliseconds: row["first"]), last: Instant(milliseconds: row["last"]), count: row["count"],
      adjusted: row["adjusted"])
  }

  /// Gives a chunk's bytes to a body, as long as they stand in SQLite's memory.
  func view<Value>(_ series: Int64, _ span: Span, _ body: (ChunkView) throws -> Value) throws -> Value {
    let rows = try Row.fetchCursor(
      db.cachedStatement(sql: "SELECT bars FROM candle_chunk WHERE series = ? AND first = ?"),
      arguments: [series, span.first.milliseconds])
    let result = try rows.next().map { row in
      try row.withUnsafeData(atIndex: 0) { data in
        (data ?? Data()).withUnsafeBytes { bytes in
          do throws(ChunkFault) {
            let view = try ChunkView(bytes)
            guard view.count == span.count, view.time(0) == span.first, view.time(view.count - 1) == span.last else {
              throw ChunkFault(detail: "its bars are not those that its row names")
            }
            return Result<Value, any Error> { try body(view) }
          } catch {
            return .failure(StoreError.damaged(key, from: span.first, detail: error.detail))
          }
        }
      }
    }
    guard let result else { throw StoreError.damaged(key, from: span.first, detail: "its row is gone") }
    return try result.get()
  }

  func chunk(_ series: Int64, _ span: Span) throws -> Chunk {
    try view(series, span) { view in
      var chunk = Chunk()
      chunk.times = view.times
      chunk.columns = (0..<Chunk.width).map(view.column)
      chunk.fetched = view.fetched
      return chunk
    }
  }

  func remove(_ series: Int64, _ span: Span) throws {
    try db.cachedStatement(sql: "DELETE FROM candle_chunk WHERE series = ? AND first = ?")
      .execute(arguments: [series, span.first.milliseconds])
  }

  func insert(_ series: Int64, _ chunk: Chunk) throws {
    guard let first = chunk.times.first, let last = chunk.times.last else { return }
    try db.cachedStatement(
      sql: "INSERT INTO candle_chunk (series, first, last, count, adjusted, bars) VALUES (?, ?, ?, ?, ?, ?)"
    ).execute(arguments: [
      series, first.milliseconds, last.milliseconds, chunk.count, chunk.hasAdjustedClose, ChunkCodec.encode(chunk),
    ])
  }

  func insertReplaced(_ series: Int64, _ chunk: Chunk, revision: Int, at moment: Int64) throws {
    guard let first = chunk.times.first, let last = chunk.times.last else { return }
    try db.cachedStatement(
      sql: """
        INSERT INTO candle_replaced (series, revision, first, last, replaced_at, bars) VALUES (?, ?, ?, ?, ?, ?)
        """
    ).execute(arguments: [
      series, revision, first.milliseconds, last.milliseconds, moment, ChunkCodec.encode(chunk),
    ])
  }

  /// Bars that were replaced after a moment, by when they were.
  func replaced(
    _ series: Int64, from: Instant?, to: Instant?, after moment: Int64 = .min
  ) throws -> [(revision: Int, replacedAt: Instant, origin: RevisionOrigin, chunk: Chunk)] {
    let rows = try Row.fetchCursor(
      db.cachedStatement(
        sql: """
          SELECT c.revision, c.first, c.replaced_at, c.bars, r.origin FROM candle_replaced c
          LEFT JOIN candle_repair r ON r.series = c.series AND r.revision = c.revision
          WHERE c.series = ? AND c.last >= ? AND c.first <= ? AND c.replaced_at > ? ORDER BY c.revision, c.first
          """),
      arguments: [series, from?.milliseconds ?? .min, to?.milliseconds ?? .max, moment])
    var found: [(revision: Int, replacedAt: Instant, origin: RevisionOrigin, chunk: Chunk)] = []
    while let row = try rows.next() {
      let bytes: Data = row["bars"]
      let chunk = try bytes.withUnsafeBytes { bytes in
        do throws(ChunkFault) { return try ChunkCodec.decode(bytes) } catch {
          throw StoreError.damaged(key, from: Instant(milliseconds: row["first"]), detail: error.detail)
        }
      }
      let origin = (row["origin"] as String?).flatMap(RevisionOrigin.init) ?? .source
      found.append((row["revision"], Instant(milliseconds: row["replaced_at"]), origin, chunk))
    }
    return found
  }
}
