extension Migration {
  /// News by several feeds: which of them brought an item, what it is known by, its words for the search, and the state
  /// of the feeds.
  ///
  /// `place` orders items by when they were published: the milliseconds since 1970 above twenty bits that tell those of
  /// one moment apart. It is the row in the table of words too, so that a search comes in the order of time and within
  /// bounds of time without sorting (docs/decisions/0022). Words of an earlier schema's items are put in as they are.
  static let newsSchema = Migration(number: 9, statements: [newsTables, "PRAGMA user_version = 9;"])

  private static let newsTables = """
    ALTER TABLE news ADD COLUMN dating TEXT NOT NULL DEFAULT 'given'
      CHECK (dating IN ('given', 'zone_assumed', 'clamped', 'missing'));
    ALTER TABLE news ADD COLUMN language TEXT;
    ALTER TABLE news ADD COLUMN story INTEGER;
    ALTER TABLE news ADD COLUMN place INTEGER;
    UPDATE news SET place = (max(published_at, 0) << 20) | (id & 1048575);
    CREATE UNIQUE INDEX news_place ON news (place);
    CREATE INDEX news_story ON news (story) WHERE story IS NOT NULL;

    CREATE TABLE news_source (
      feed TEXT NOT NULL,
      identifier TEXT NOT NULL,
      news INTEGER NOT NULL REFERENCES news (id) ON DELETE CASCADE,
      is_own INTEGER NOT NULL CHECK (is_own IN (0, 1)),
      url TEXT,
      fetched_at INTEGER NOT NULL,
      PRIMARY KEY (feed, identifier)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX news_source_news ON news_source (news);
    INSERT INTO news_source (feed, identifier, news, is_own, url, fetched_at)
      SELECT feed, identifier, id, 1, url, fetched_at FROM news;

    CREATE TABLE news_key (
      key INTEGER NOT NULL,
      news INTEGER NOT NULL REFERENCES news (id) ON DELETE CASCADE,
      PRIMARY KEY (key, news)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX news_key_news ON news_key (news);

    CREATE VIRTUAL TABLE news_text USING fts5 (title, summary, tags, tokenize = 'unicode61 remove_diacritics 2');
    INSERT INTO news_text (rowid, title, summary, tags)
      SELECT place, title, coalesce(summary, ''),
        coalesce((SELECT group_concat('s' || hex(symbol), ' ') FROM news_symbol WHERE news = id), '')
          || ' f' || hex(feed) FROM news;
    CREATE TRIGGER news_removed AFTER DELETE ON news BEGIN
      DELETE FROM news_text WHERE rowid = old.place;
    END;

    CREATE TABLE feed_state (
      feed TEXT NOT NULL,
      address TEXT NOT NULL,
      entity_tag TEXT,
      last_modified TEXT,
      asked_at INTEGER NOT NULL,
      answered_at INTEGER,
      failure TEXT,
      failures INTEGER NOT NULL,
      not_before INTEGER,
      PRIMARY KEY (feed, address)
    ) STRICT, WITHOUT ROWID;

    """
}
