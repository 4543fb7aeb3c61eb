import GRDB
public import Trading

extension SQLiteStore: CandleStore {
  public func save(
    _ history: PriceHistory, under key: CandleKey, fetchedAt: Instant, asked: Range<Instant>?
  ) async throws(StoreError) -> SavedCandles {
    let arriving = try SQLiteStore.checked(history, key, fetchedAt)
    let moment = fetchedAt.wholeSeconds.milliseconds
    return try await write { db in
      let tables = CandleTables(db: db, key: key)
      let last = try tables.series().flatMap { $0["last"] as Int64? }.map(Instant.init(milliseconds:))
      let number = try tables.number()
      var saving = CandleSaving(tables: tables, series: number)
      let unmended = try tables.withoutMended(arriving, number)
      try saving.save(unmended)
      var counts = saving.counts
      counts.unchanged += arriving.count - unmended.count
      let saved = try tables.save(history.actions, number, at: moment, behind: last)
      counts.actions = saved.new
      if let currency = history.currency { try tables.save(currency: currency, number, at: moment) }
      if let asked, !asked.isEmpty { try tables.noteAsked(asked, number, at: moment) }

      let revises = saving.replaced.count > 0 || saved.isLate
      let revision = try Int.fetchOne(
        db.cachedStatement(
          sql: """
            UPDATE candle_series SET count = count + ?, fetched_at = max(coalesce(fetched_at, ?), ?),
              revision = revision + ?,
              first = (SELECT min(first) FROM candle_chunk WHERE series = id),
              last = (SELECT last FROM candle_chunk WHERE series = id ORDER BY first DESC LIMIT 1)
            WHERE id = ? RETURNING revision
            """),
        arguments: [counts.new, moment, moment, revises ? 1 : 0, number])
      for part in saving.replaced.fullParts where revises {
        try tables.insertReplaced(number, part, revision: revision ?? 0, at: moment)
      }
      return counts
    }
  }

  /// The bars that are there, where they can be kept at all.
  static func checked(
    _ history: PriceHistory, _ key: CandleKey, _ fetchedAt: Instant
  ) throws(StoreError) -> Chunk {
    guard history.series.timeframe == key.timeframe else {
      throw .unsound("bars of \(history.series.timeframe) are not saved as \(key)")
    }
    guard let second = UInt32(exactly: fetchedAt.wholeSeconds.milliseconds / 1_000) else {
      throw .unsound("\(key): \(fetchedAt) is no moment between 1970 and 2106 at which bars can have been fetched")
    }
    let times = history.series.times
    if let bar = times.indices.dropFirst().first(where: { times[$0] <= times[$0 - 1] }) {
      throw .unsound("\(key): the bar of \(times[bar]) follows that of \(times[bar - 1]); times ascend strictly")
    }
    return Chunk(history, fetched: second)
  }

  public func history(
    _ key: CandleKey, from: Instant?, to: Instant?, asOf: Instant?
  ) async throws(StoreError) -> PriceHistory {
    try await read { db in
      let tables = CandleTables(db: db, key: key)
      guard let row = try tables.series() else {
        let none = CandleSeries(
          instrument: Instrument(symbol: key.symbol), timeframe: key.timeframe, times: [], block: [])
        return PriceHistory(series: none)
      }
      let number: Int64 = row["id"]
      let reading = CandleReading(tables: tables, series: number, from: from, to: to)
      let (series, adjusted) =
        try asOf.map { try reading.asOf(UInt32(clamping: $0.wholeSeconds.milliseconds / 1_000)) } ?? reading.current()
      let moment = asOf?.milliseconds ?? .max
      return PriceHistory(
        series: series, adjustedClose: adjusted,
        actions: try tables.actions(number, from: from, to: to, asOf: moment),
        currency: try tables.currency(number, asOf: moment))
    }
  }

  public func coverage(_ key: CandleKey) async throws(StoreError) -> Coverage? {
    try await read { db in
      let tables = CandleTables(db: db, key: key)
      return try tables.series().flatMap { try SQLiteStore.coverage($0, tables) }
    }
  }

  public func coverages() async throws(StoreError) -> [(key: CandleKey, coverage: Coverage)] {
    try await read { db in
      let rows = try Row.fetchAll(db, sql: "SELECT * FROM candle_series WHERE count > 0")
      let all = try rows.compactMap { row in
        try Timeframe(row["timeframe"] as String).flatMap { timeframe in
          let key = CandleKey(source: row["source"], symbol: row["symbol"], timeframe: timeframe)
          return try SQLiteStore.coverage(row, CandleTables(db: db, key: key)).map { (key: key, coverage: $0) }
        }
      }
      return all.sorted {
        ($0.key.source, $0.key.symbol, $0.key.timeframe.milliseconds)
          < ($1.key.source, $1.key.symbol, $1.key.timeframe.milliseconds)
      }
    }
  }

  private static func coverage(_ row: Row, _ tables: CandleTables) throws -> Coverage? {
    guard let first = row["first"] as Int64?, let last = row["last"] as Int64?, let at = row["fetched_at"] as Int64?
    else { return nil }
    return Coverage(
      first: Instant(milliseconds: first), last: Instant(milliseconds: last), count: row["count"],
      fetchedAt: Instant(milliseconds: at), revision: row["revision"],
      currency: try tables.currency(row["id"], asOf: .max))
  }

  public func replaced(_ key: CandleKey, from: Instant?, to: Instant?) async throws(StoreError) -> [ReplacedBar] {
    try await read { db in
      let tables = CandleTables(db: db, key: key)
      guard let row = try tables.series() else { return [] }
      var bars: [ReplacedBar] = []
      for (revision, replacedAt, origin, chunk) in try tables.replaced(row["id"], from: from, to: to) {
        for bar in 0..<chunk.count {
          let time = chunk.times[bar]
          if let from, time < from { continue }
          if let to, time > to { continue }
          let value = { (column: CandleSeries.Column) in chunk.columns[column.rawValue][bar] }
          let adjusted = chunk.columns[Chunk.adjusted][bar]
          bars.append(
            ReplacedBar(
              candle: Candle(
                time: time, open: value(.open), high: value(.high), low: value(.low), close: value(.close),
                volume: value(.volume)), adjustedClose: adjusted.isNaN ? nil : adjusted,
              fetchedAt: Instant(seconds: Int64(chunk.fetched[bar])), replacedAt: replacedAt, revision: revision,
              replacedBy: origin))
        }
      }
      return bars.sorted { ($0.candle.time, $0.revision) < ($1.candle.time, $1.revision) }
    }
  }

  public func noteHole(_ hole: Range<Instant>, of key: CandleKey, at moment: Instant) async throws(StoreError) {
    guard !hole.isEmpty else { return }
    try await write { db in
      let tables = CandleTables(db: db, key: key)
      try tables.noteHole(hole, tables.number(), at: moment.milliseconds)
    }
  }

  public func holes(of key: CandleKey) async throws(StoreError) -> [Range<Instant>] {
    try await read { db in
      let tables = CandleTables(db: db, key: key)
      return try tables.series().map { try tables.holes($0["id"]) } ?? []
    }
  }

  public func forgetHoles(of key: CandleKey) async throws(StoreError) {
    try await write { db in
      let tables = CandleTables(db: db, key: key)
      if let row = try tables.series() { try tables.forgetHoles(row["id"]) }
    }
  }

  public func asked(of key: CandleKey) async throws(StoreError) -> [Range<Instant>] {
    try await read { db in
      let tables = CandleTables(db: db, key: key)
      return try tables.series().map { try tables.asked($0["id"]) } ?? []
    }
  }
}

extension Instant {
  /// The second that it lies in.
  var wholeSeconds: Instant {
    Instant(milliseconds: Int64((Double(milliseconds) / 1_000).rounded(.down)) * 1_000)
  }
}
