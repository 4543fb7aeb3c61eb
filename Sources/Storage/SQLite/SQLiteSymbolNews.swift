import GRDB
import Trading

extension SQLiteStore: SymbolNewsStore {
  public func knownNews(about symbol: String) async throws(StoreError) -> [SymbolNews] {
    try await read { db in
      let rows = try Row.fetchAll(
        db,
        sql: """
          SELECT news.feed, news.identifier, news.title, news.summary, news.published_at,
            max(news.published_at, coalesce(news_symbol.known_at, news.fetched_at)) AS known_at
          FROM news_symbol JOIN news ON news.id = news_symbol.news
          WHERE news_symbol.symbol = ? ORDER BY news.published_at, news.id
          """, arguments: [symbol])
      return rows.map { row in
        SymbolNews(
          feed: row["feed"], identifier: row["identifier"], title: row["title"], summary: row["summary"],
          publishedAt: Instant(milliseconds: row["published_at"]), knownAt: Instant(milliseconds: row["known_at"]))
      }
    }
  }
}
