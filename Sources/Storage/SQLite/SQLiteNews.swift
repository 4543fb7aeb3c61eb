import GRDB
public import Trading

extension SQLiteStore: NewsStore {
  public func save(
    _ arrivals: [NewsArrival], of feed: FeedState?, at moment: Instant
  ) async throws(StoreError) -> NewsReceipt {
    try await write { db in
      var receipt = NewsReceipt()
      var nextID = try Int64.fetchOne(db, sql: "SELECT coalesce(max(id), 0) + 1 FROM news") ?? 1
      for arrival in arrivals {
        let item = arrival.item
        let known = try SQLiteStore.known(arrival, db)
        let id = known?.id ?? nextID
        if known == nil {
          nextID += 1
          try SQLiteStore.insert(item, id, db)
        }
        if known?.isSource != true {
          try db.cachedStatement(sql: "INSERT INTO news_source VALUES (?, ?, ?, ?, ?, ?)")
            .execute(arguments: [
              item.feed, item.identifier, id, arrival.hasOwnIdentifier, item.url, item.fetchedAt.milliseconds,
            ])
          for key in arrival.keys {
            try db.cachedStatement(sql: "INSERT OR IGNORE INTO news_key VALUES (?, ?)").execute(arguments: [key, id])
          }
        }
        let gained = try known == nil || SQLiteStore.add(item.symbols, to: id, at: item.fetchedAt, db)
        if let known, gained || !known.isSource { try SQLiteStore.tag(id, db) }
        if gained { try SQLiteStore.insert(arrival.notices, about: nil, at: moment, db) }
        receipt.ids.append(id)
        receipt.outcomes.append(known == nil ? .new : gained || known?.isSource == false ? .merged : .known)
      }
      if let feed { try SQLiteStore.insert(feed, db) }
      return receipt
    }
  }

  public func fresh(_ arrivals: [NewsArrival]) async throws(StoreError) -> [Bool] {
    try await read { db in
      try arrivals.map { arrival in
        guard let known = try SQLiteStore.known(arrival, db) else { return true }
        let symbols = try String.fetchSet(
          db.cachedStatement(sql: "SELECT symbol FROM news_symbol WHERE news = ?"), arguments: [known.id])
        return !arrival.item.symbols.isSubset(of: symbols)
      }
    }
  }

  /// The item that an arrival is, and whether this feed has brought it under this identifier before.
  private static func known(_ arrival: NewsArrival, _ db: Database) throws -> (id: Int64, isSource: Bool)? {
    let (feed, identifier) = (arrival.item.feed, arrival.item.identifier)
    let own = try Int64.fetchOne(
      db.cachedStatement(sql: "SELECT news FROM news_source WHERE feed = ? AND identifier = ?"),
      arguments: [feed, identifier])
    if let own { return (own, true) }
    for key in arrival.keys {
      let shared = try Int64.fetchOne(
        db.cachedStatement(
          sql: """
            SELECT news FROM news_key WHERE key = ?1 AND NOT (?2 AND EXISTS (
              SELECT 1 FROM news_source WHERE news_source.news = news_key.news AND feed = ?3 AND is_own))
            ORDER BY news LIMIT 1
            """),
        arguments: [key, arrival.hasOwnIdentifier, feed])
      if let shared { return (shared, false) }
    }
    return nil
  }

  private static func insert(_ item: NewsItem, _ id: Int64, _ db: Database) throws {
    var place = place(of: item.publishedAt) | (id & 0xFFFFF)
    let taken = try db.cachedStatement(sql: "SELECT EXISTS (SELECT 1 FROM news WHERE place = ?)")
    while try Bool.fetchOne(taken, arguments: [place]) == true { place += 1 }
    try db.cachedStatement(
      sql: """
        INSERT INTO news (id, feed, identifier, url, title, summary, published_at, fetched_at, sentiment, dating,
          language, story, place) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    ).execute(arguments: [
      id, item.feed, item.identifier, item.url, item.title, item.summary, item.publishedAt.milliseconds,
      item.fetchedAt.milliseconds, item.sentiment, item.dating.rawValue, item.language, item.story, place,
    ])
    for symbol in item.symbols {
      try db.cachedStatement(sql: "INSERT INTO news_symbol (news, symbol, known_at) VALUES (?, ?, ?)")
        .execute(arguments: [id, symbol, item.fetchedAt.milliseconds])
    }
    try db.cachedStatement(sql: "INSERT INTO news_text (rowid, title, summary, tags) VALUES (?, ?, ?, ?)")
      .execute(arguments: [
        place, SearchText.words(item.title), SearchText.words(item.summary ?? ""), tags(item.symbols, [item.feed]),
      ])
  }

  /// False where it is known to be about all of them.
  private static func add(_ symbols: Set<String>, to id: Int64, at moment: Instant, _ db: Database) throws -> Bool {
    var gained = false
    for symbol in symbols {
      try db.cachedStatement(sql: "INSERT OR IGNORE INTO news_symbol (news, symbol, known_at) VALUES (?, ?, ?)")
        .execute(arguments: [id, symbol, moment.milliseconds])
      gained = gained || db.changesCount > 0
    }
    return gained
  }

  /// Writes the words by which an item is found that several feeds have brought.
  private static func tag(_ id: Int64, _ db: Database) throws {
    let symbols = try String.fetchSet(
      db.cachedStatement(sql: "SELECT symbol FROM news_symbol WHERE news = ?"), arguments: [id])
    let feeds = try String.fetchSet(
      db.cachedStatement(sql: "SELECT feed FROM news_source WHERE news = ?"), arguments: [id])
    try db.cachedStatement(sql: "UPDATE news_text SET tags = ? WHERE rowid = (SELECT place FROM news WHERE id = ?)")
      .execute(arguments: [tags(symbols, feeds), id])
  }

  private static func tags(_ symbols: Set<String>, _ feeds: Set<String>) -> String {
    (symbols.sorted().map { SearchText.tag("s", $0) } + feeds.sorted().map { SearchText.tag("f", $0) })
      .joined(separator: " ")
  }

  /// Moments beyond 1970 to 2248 are put at these ends.
  private static func place(of moment: Instant) -> Int64 { min(max(moment.milliseconds, 0), 1 << 43 - 1) << 20 }

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
      return try rows.map { try SQLiteStore.stored($0, db).item }
    }
  }

  public func newsSymbols(from: Instant, to: Instant) async throws(StoreError) -> Set<String> {
    try await read { db in
      try String.fetchSet(
        db,
        sql: """
          SELECT DISTINCT symbol FROM news JOIN news_symbol ON news_symbol.news = news.id
          WHERE place BETWEEN ?1 AND ?2 AND published_at BETWEEN ?3 AND ?4
          """,
        arguments: [
          SQLiteStore.place(of: from), SQLiteStore.place(of: to) | 0xFFFFF, from.milliseconds, to.milliseconds,
        ])
    }
  }

  public func news(_ query: NewsQuery) async throws(StoreError) -> [StoredNews] {
    var match: [String] = []
    if let search = query.search {
      guard let words = SearchText.query(search) else {
        throw .unsound("the search \"\(search)\" holds no word to look for")
      }
      match.append("(\(words))")
    }
    if let symbol = query.symbol { match.append("(tags : \"\(SearchText.tag("s", symbol))\")") }
    if let feed = query.feed { match.append("(tags : \"\(SearchText.tag("f", feed))\")") }
    let from = query.from.map { SQLiteStore.place(of: $0) } ?? .min
    let to = query.to.map { SQLiteStore.place(of: $0) | 0xFFFFF } ?? .max
    let (text, limit) = (match.joined(separator: " AND "), max(0, query.limit))
    return try await read { db in
      let rows: [Row]
      if text.isEmpty {
        rows = try Row.fetchAll(
          db.cachedStatement(sql: "SELECT * FROM news WHERE place BETWEEN ? AND ? ORDER BY place DESC LIMIT ?"),
          arguments: [from, to, limit])
      } else {
        rows = try Row.fetchAll(
          db.cachedStatement(
            sql: """
              SELECT news.* FROM (
                SELECT rowid AS found FROM news_text WHERE news_text MATCH ? AND rowid BETWEEN ? AND ?
                ORDER BY rowid DESC LIMIT ?
              ) JOIN news ON news.place = found ORDER BY found DESC
              """), arguments: [text, from, to, limit])
      }
      return try rows.map { try SQLiteStore.stored($0, db) }
    }
  }

  public func news(_ id: Int64) async throws(StoreError) -> StoredNews? {
    try await read { db in
      try Row.fetchOne(db, sql: "SELECT * FROM news WHERE id = ?", arguments: [id])
        .map { try SQLiteStore.stored($0, db) }
    }
  }

  public func sources(of id: Int64) async throws(StoreError) -> [NewsSource] {
    try await read { db in
      try Row.fetchAll(
        db, sql: "SELECT * FROM news_source WHERE news = ? ORDER BY fetched_at, feed, identifier", arguments: [id]
      ).map { row in
        NewsSource(
          feed: row["feed"], identifier: row["identifier"], url: row["url"],
          fetchedAt: Instant(milliseconds: row["fetched_at"]))
      }
    }
  }

  public func stories(from: Instant, limit: Int) async throws(StoreError) -> [StoryTitle] {
    try await read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT title, published_at, dating, story FROM news WHERE place >= ? AND story IS NOT NULL
          ORDER BY place DESC LIMIT ?
          """, arguments: [SQLiteStore.place(of: from), limit]
      ).reversed().map { row in
        StoryTitle(
          title: row["title"], publishedAt: Instant(milliseconds: row["published_at"]),
          isDated: NewsItem.Dating(rawValue: row["dating"])?.isOwn ?? true, story: row["story"])
      }
    }
  }

  private static func stored(_ row: Row, _ db: Database) throws -> StoredNews {
    let id: Int64 = row["id"]
    let symbols = try String.fetchSet(
      db.cachedStatement(sql: "SELECT symbol FROM news_symbol WHERE news = ?"), arguments: [id])
    let item = NewsItem(
      feed: row["feed"], identifier: row["identifier"], url: row["url"], title: row["title"],
      summary: row["summary"], publishedAt: Instant(milliseconds: row["published_at"]),
      fetchedAt: Instant(milliseconds: row["fetched_at"]), symbols: symbols, sentiment: row["sentiment"],
      dating: NewsItem.Dating(rawValue: row["dating"]) ?? .given, language: row["language"], story: row["story"])
    return StoredNews(id: id, item: item)
  }

  public func feeds() async throws(StoreError) -> [FeedState] {
    try await read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM feed_state ORDER BY feed, address").map { row in
        FeedState(
          feed: row["feed"], address: row["address"], entityTag: row["entity_tag"],
          lastModified: row["last_modified"], askedAt: Instant(milliseconds: row["asked_at"]),
          answeredAt: (row["answered_at"] as Int64?).map { Instant(milliseconds: $0) }, failure: row["failure"],
          failures: row["failures"], notBefore: (row["not_before"] as Int64?).map { Instant(milliseconds: $0) })
      }
    }
  }

  private static func insert(_ feed: FeedState, _ db: Database) throws {
    try db.cachedStatement(sql: "INSERT OR REPLACE INTO feed_state VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
      .execute(arguments: [
        feed.feed, feed.address, feed.entityTag, feed.lastModified, feed.askedAt.milliseconds,
        feed.answeredAt?.milliseconds, feed.failure, feed.failures, feed.notBefore?.milliseconds,
      ])
  }
}
