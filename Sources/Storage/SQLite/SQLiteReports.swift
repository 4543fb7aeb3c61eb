import GRDB
public import Trading

extension SQLiteStore: ReportStore {
  public func signals(knownAt moment: Instant) async throws(StoreError) -> [KnownSignal] {
    try await read { db in
      let now = moment.milliseconds
      // What each corrected signal was when the first correction after the moment replaced it.
      let editions = try Row.fetchAll(
        db,
        sql: """
          SELECT signal.time, signal.direction, signal_edition.*, min(number) FROM signal_edition
          JOIN signal ON id = signal WHERE replaced_at > ? GROUP BY signal
          """, arguments: [now])
      var earlier: [Int64: (signal: Signal, retractedAt: Instant?)] = [:]
      for row in editions {
        guard let direction = Direction(rawValue: row["direction"]) else { continue }
        earlier[row["signal"]] = (
          SQLiteStore.said(row, direction), (row["retracted_at"] as Int64?).map { Instant(milliseconds: $0) }
        )
      }
      var known: [KnownSignal] = []
      let rows = try Row.fetchCursor(
        db, sql: "SELECT * FROM signal WHERE saved_at <= ? ORDER BY time, id", arguments: [now])
      while let row = try rows.next() {
        guard var stored = SQLiteStore.signal(row) else { continue }
        if let before = earlier[stored.id] {
          stored.record.signal = before.signal
          stored.retractedAt = before.retractedAt
        }
        known.append(KnownSignal(stored: stored, savedAt: Instant(milliseconds: row["saved_at"])))
      }
      return known
    }
  }

  public func news(
    broughtAfter from: Instant, knownAt moment: Instant, limit: Int
  ) async throws(StoreError) -> [KnownNews] {
    try await read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT news.*, (
            SELECT group_concat(symbol, char(31)) FROM news_symbol
            WHERE news = news.id AND coalesce(known_at, news.fetched_at) <= ?2) AS about
          FROM news WHERE fetched_at > ?1 AND fetched_at <= ?2 AND published_at > ?3 AND published_at <= ?2
          ORDER BY published_at DESC, id DESC LIMIT ?4
          """,
        arguments: [
          from.milliseconds, moment.milliseconds, from.milliseconds - 86_400_000, limit,
        ]
      ).map { row in
        let about = (row["about"] as String?) ?? ""
        return KnownNews(
          title: row["title"], feed: row["feed"], url: row["url"],
          publishedAt: Instant(milliseconds: row["published_at"]),
          symbols: about.split(separator: "\u{1F}").map { String($0) }.sorted(), story: row["story"])
      }
    }
  }

  public func lastNotice(keyFrom first: String, before end: String) async throws(StoreError) -> OutboxEntry? {
    try await read { db in
      try Row.fetchOne(
        db, sql: "SELECT * FROM outbox WHERE key >= ? AND key < ? ORDER BY key DESC, id LIMIT 1",
        arguments: [first, end]
      ).flatMap(SQLiteStore.outboxEntry)
    }
  }
}
