import Foundation
import GRDB
import GRDBSQLite
import SeriesMath
import Storage
import Trading

// How fast candles are saved and read as chunks of columns, beside a row a bar in the same file system and run.
//
//     CandleStore [--bars 1000000] [--rounds 5] [--folder DIR]
//
// Rows are written and read as fast as SQLite does it: bound statements by sqlite3_* itself, one transaction, the same
// journal and synchronous. Prints the best round of each, bars a second and bytes a bar; every round is checked to
// give back what was saved.

func argument(_ name: String) -> String? {
  let arguments = CommandLine.arguments
  return arguments.firstIndex(of: name).flatMap { $0 + 1 < arguments.count ? arguments[$0 + 1] : nil }
}

@MainActor
func seconds(_ body: @MainActor () async throws -> Void) async rethrows -> Double {
  let clock = ContinuousClock()
  let start = clock.now
  try await body()
  let time = (clock.now - start).components
  return Double(time.seconds) + Double(time.attoseconds) * 1e-18
}

/// Minute bars of a random walk, with an adjusted close.
func walk(_ bars: Int) -> PriceHistory {
  var random = SplitMix64(seed: 1)
  var close = 100.0
  let candles = (0..<bars).map { bar in
    let open = close
    close *= 0.999 + 0.002 * random.unit()
    return Candle(
      time: Instant(seconds: 946_684_800 + Int64(bar) * 60), open: open, high: max(open, close) * 1.001,
      low: min(open, close) * 0.999, close: close, volume: (random.unit() * 1e6).rounded())
  }
  let series = CandleSeries(
    instrument: Instrument(symbol: "WALK"), timeframe: Timeframe(1, .minute), candles: candles)
  return PriceHistory(series: series, adjustedClose: candles.map { $0.close * 0.9 })
}

/// What the columns hold, so that a run that gives back something else shows.
func digest(_ times: [Instant], _ block: [Double], _ adjusted: [Double]) -> UInt64 {
  var sum: UInt64 = 0
  for time in times { sum = sum &* 31 &+ UInt64(bitPattern: time.milliseconds) }
  for value in block { sum = sum &* 31 &+ value.bitPattern }
  for value in adjusted { sum = sum &* 31 &+ value.bitPattern }
  return sum
}

struct Failed: Error { let what: String }

/// A row a bar.
struct Rows {
  let pool: DatabasePool

  init(_ path: String) throws {
    var configuration = GRDB.Configuration()
    configuration.prepareDatabase { db in try db.execute(sql: "PRAGMA page_size = 8192") }
    pool = try DatabasePool(path: path, configuration: configuration)
    try pool.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA synchronous = FULL") }
    try pool.write { db in
      try db.execute(
        sql: """
          CREATE TABLE candle (
            series INTEGER NOT NULL, time INTEGER NOT NULL, open REAL NOT NULL, high REAL NOT NULL, low REAL NOT NULL,
            close REAL NOT NULL, volume REAL NOT NULL, adjusted_close REAL, fetched_at INTEGER NOT NULL,
            PRIMARY KEY (series, time)) STRICT, WITHOUT ROWID
          """)
    }
  }

  func save(_ history: PriceHistory) throws {
    let (series, adjusted) = (history.series, history.adjustedClose ?? [])
    try pool.write { db in
      let statement = try db.makeStatement(sql: "INSERT INTO candle VALUES (1, ?, ?, ?, ?, ?, ?, ?, 1700000000)")
      let raw = statement.sqliteStatement
      for bar in 0..<series.count {
        sqlite3_bind_int64(raw, 1, series.times[bar].milliseconds)
        for column in 0..<5 {
          sqlite3_bind_double(raw, Int32(2 + column), series.block[column * series.count + bar])
        }
        sqlite3_bind_double(raw, 7, adjusted[bar])
        guard sqlite3_step(raw) == SQLITE_DONE else { throw Failed(what: "a row is not written") }
        sqlite3_reset(raw)
      }
    }
  }

  func read() throws -> (times: [Instant], block: [Double], adjusted: [Double]) {
    try pool.read { db in
      let count = try Int.fetchOne(db, sql: "SELECT count(*) FROM candle WHERE series = 1") ?? 0
      let statement = try db.makeStatement(
        sql: """
          SELECT time, open, high, low, close, volume, adjusted_close FROM candle WHERE series = 1 ORDER BY time
          """)
      let raw = statement.sqliteStatement
      var times = [Instant](repeating: Instant(milliseconds: 0), count: count)
      var block = [Double](repeating: 0, count: count * 5)
      var adjusted = [Double](repeating: 0, count: count)
      var bar = 0
      while sqlite3_step(raw) == SQLITE_ROW {
        times[bar] = Instant(milliseconds: sqlite3_column_int64(raw, 0))
        for column in 0..<5 { block[column * count + bar] = sqlite3_column_double(raw, Int32(1 + column)) }
        adjusted[bar] = sqlite3_column_double(raw, 6)
        bar += 1
      }
      return (times, block, adjusted)
    }
  }
}

let bars = argument("--bars").flatMap { Int($0) } ?? 1_000_000
let rounds = argument("--rounds").flatMap { Int($0) } ?? 5
let folder = argument("--folder") ?? FileManager.default.temporaryDirectory.path()
let history = walk(bars)
let expected = digest(history.series.times, history.series.block, history.adjustedClose ?? [])
let key = CandleKey(source: "walk", symbol: "WALK", timeframe: Timeframe(1, .minute))
var best: [String: Double] = [:]
var size: [String: Int] = [:]

@MainActor
func take(_ name: String, _ time: Double) { best[name] = min(best[name] ?? .infinity, time) }

for _ in 0..<rounds {
  let place = "\(folder)/candle-store-\(UUID().uuidString)"
  try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: place) }

  let store = try SQLiteStore(SQLiteSettings(path: "\(place)/chunks.db"), for: .writing)
  take(
    "chunks, write",
    try await seconds {
      let saved = try await store.save(history, under: key, fetchedAt: Instant(seconds: 1_700_000_000))
      guard saved.new == bars else { throw Failed(what: "\(saved.new) bars saved") }
    })
  for _ in 0..<3 {
    var read = PriceHistory(series: history.series)
    take("chunks, read", try await seconds { read = try await store.history(key) })
    guard digest(read.series.times, read.series.block, read.adjustedClose ?? []) == expected else {
      throw Failed(what: "chunks give back something else")
    }
  }
  try store.close()

  let rows = try Rows("\(place)/rows.db")
  take("rows, write", try await seconds { try rows.save(history) })
  for _ in 0..<3 {
    var read: (times: [Instant], block: [Double], adjusted: [Double]) = ([], [], [])
    take("rows, read", try await seconds { read = try rows.read() })
    guard digest(read.times, read.block, read.adjusted) == expected else {
      throw Failed(what: "rows give back something else")
    }
  }
  _ = try rows.pool.writeWithoutTransaction { db in try db.checkpoint(.truncate) }
  try rows.pool.close()
  for name in ["chunks", "rows"] {
    size[name] = try FileManager.default.attributesOfItem(atPath: "\(place)/\(name).db")[.size] as? Int
  }
}

for name in ["chunks, write", "rows, write", "chunks, read", "rows, read"] {
  let time = best[name] ?? .infinity
  print("\(name): \((Double(bars) / time / 1e5).rounded() / 10) M bars/s")
}
for name in ["chunks", "rows"] {
  print("\(name): \((Double(size[name] ?? 0) / Double(bars) * 10).rounded() / 10) bytes a bar")
}
