extension Migration {
  /// The part of the first schema that holds one thing a row.
  static let recordTables = """
    CREATE TABLE instrument (
      symbol TEXT PRIMARY KEY CHECK (symbol <> ''),
      category TEXT,
      exchange TEXT,
      currency TEXT,
      precision INTEGER CHECK (precision BETWEEN 0 AND 18)
    ) STRICT;

    CREATE TABLE instrument_name (
      symbol TEXT NOT NULL REFERENCES instrument (symbol) ON DELETE CASCADE,
      language TEXT NOT NULL,
      name TEXT NOT NULL,
      PRIMARY KEY (symbol, language)
    ) STRICT;

    CREATE TABLE signal (
      id INTEGER PRIMARY KEY,
      strategy TEXT NOT NULL,
      version TEXT NOT NULL,
      symbol TEXT NOT NULL,
      timeframe TEXT NOT NULL,
      time INTEGER NOT NULL,
      bar INTEGER NOT NULL,
      direction TEXT NOT NULL CHECK (direction IN ('buy', 'sell', 'exit_long', 'exit_short')),
      confidence REAL NOT NULL CHECK (confidence BETWEEN 0 AND 100),
      price REAL NOT NULL,
      reason TEXT NOT NULL,
      saved_at INTEGER NOT NULL,
      UNIQUE (strategy, version, symbol, timeframe, time, direction)
    ) STRICT;
    CREATE INDEX signal_time ON signal (time);

    CREATE TABLE outcome (
      signal INTEGER NOT NULL REFERENCES signal (id),
      horizon TEXT NOT NULL,
      time INTEGER,
      price REAL,
      result REAL,
      PRIMARY KEY (signal, horizon)
    ) STRICT;
    CREATE INDEX outcome_open ON outcome (signal) WHERE time IS NULL;

    CREATE TABLE outbox (
      id INTEGER PRIMARY KEY,
      signal INTEGER REFERENCES signal (id),
      channel TEXT NOT NULL,
      priority TEXT NOT NULL,
      body TEXT NOT NULL,
      state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'sent', 'dropped')),
      attempts INTEGER NOT NULL DEFAULT 0,
      failure TEXT,
      created_at INTEGER NOT NULL,
      due_at INTEGER NOT NULL,
      finished_at INTEGER,
      UNIQUE (signal, channel)
    ) STRICT;
    CREATE INDEX outbox_due ON outbox (due_at) WHERE state = 'pending';

    CREATE TABLE trial (
      id INTEGER PRIMARY KEY,
      configuration TEXT NOT NULL UNIQUE,
      strategy TEXT NOT NULL,
      line TEXT NOT NULL,
      recorded_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX trial_strategy ON trial (strategy);

    CREATE TABLE price_high (
      symbol TEXT PRIMARY KEY,
      price REAL NOT NULL,
      time INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE session_snapshot (
      symbol TEXT NOT NULL,
      date INTEGER NOT NULL,
      open REAL NOT NULL,
      high REAL NOT NULL,
      low REAL NOT NULL,
      close REAL NOT NULL,
      volume REAL NOT NULL,
      taken_at INTEGER NOT NULL,
      PRIMARY KEY (symbol, date)
    ) STRICT;

    CREATE TABLE news (
      id INTEGER PRIMARY KEY,
      feed TEXT NOT NULL,
      identifier TEXT NOT NULL,
      url TEXT,
      title TEXT NOT NULL,
      summary TEXT,
      published_at INTEGER NOT NULL,
      fetched_at INTEGER NOT NULL,
      sentiment REAL CHECK (sentiment BETWEEN -1 AND 1),
      UNIQUE (feed, identifier)
    ) STRICT;
    CREATE INDEX news_published ON news (published_at);

    CREATE TABLE news_symbol (
      news INTEGER NOT NULL REFERENCES news (id) ON DELETE CASCADE,
      symbol TEXT NOT NULL,
      PRIMARY KEY (symbol, news)
    ) STRICT;
    CREATE INDEX news_symbol_news ON news_symbol (news);

    CREATE TABLE job_run (
      id INTEGER PRIMARY KEY,
      job TEXT NOT NULL,
      due_at INTEGER NOT NULL,
      started_at INTEGER NOT NULL,
      finished_at INTEGER,
      state TEXT NOT NULL CHECK (state IN ('running', 'done', 'failed')),
      detail TEXT,
      UNIQUE (job, due_at)
    ) STRICT;

    CREATE TABLE audit (
      id INTEGER PRIMARY KEY,
      time INTEGER NOT NULL,
      actor TEXT NOT NULL,
      action TEXT NOT NULL,
      subject TEXT NOT NULL,
      detail TEXT
    ) STRICT;

    """
}
