import GRDB
public import Trading

extension SQLiteStore: NewsStore {
  public func save(_ items: [NewsItem]) async throws(StoreError) -> Int {
    try await write { db in
      var new = 0
      for item in items {
        let id = try Int64.fetchOne(
          db.cachedStatement(
            sql: """
              INSERT INTO news (feed, identifier, url, title, summary, published_at, fetched_at, sentiment)
              VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING id
              """),
          arguments: [
            item.feed, item.identifier, item.url, item.title, item.summary, item.publishedAt.milliseconds,
            item.fetchedAt.milliseconds, item.sentiment,
          ])
        guard let id else { continue }
        new += 1
        for symbol in item.symbols {
          try db.cachedStatement(sql: "INSERT INTO news_symbol (news, symbol) VALUES (?, ?)")
            .execute(arguments: [id, symbol])
        }
      }
      return new
    }
  }

  public func news(about symbol: String?, from: Instant?, to: Instant?) async throws(StoreError) -> [NewsItem] {
    try await read { db in
      let rows = try Row.fetchAll(
        db,
        sql: """
          SELECT * FROM news WHERE published_at BETWEEN ?2 AND ?3
            AND (?1 IS NULL OR id IN (SELECT news FROM news_symbol WHERE symbol = ?1))
          ORDER BY published_at, id
          """,
        arguments: [symbol, from?.milliseconds ?? .min, to?.milliseconds ?? .max])
      return try rows.map { row in
        let symbols = try String.fetchAll(
          db.cachedStatement(sql: "SELECT symbol FROM news_symbol WHERE news = ?"), arguments: [row["id"] as Int64])
        return NewsItem(
          feed: row["feed"], identifier: row["identifier"], url: row["url"], title: row["title"],
          summary: row["summary"], publishedAt: Instant(milliseconds: row["published_at"]),
          fetchedAt: Instant(milliseconds: row["fetched_at"]), symbols: Set(symbols), sentiment: row["sentiment"])
      }
    }
  }
}
