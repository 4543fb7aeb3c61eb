extension Migration {
  /// The outbox as a state machine: what a notice is about, its key, and how far it has come.
  ///
  /// A row of an earlier schema takes its key from its number, so that none of them is taken for another.
  static let outboxSchema = Migration(number: 6, statements: [outboxTables, "PRAGMA user_version = 6;"])

  private static let outboxTables = """
    DROP INDEX outbox_due;
    ALTER TABLE outbox RENAME TO outbox_before;

    CREATE TABLE outbox (
      id INTEGER PRIMARY KEY,
      key TEXT NOT NULL CHECK (key <> ''),
      code TEXT NOT NULL CHECK (code <> ''),
      signal INTEGER REFERENCES signal (id),
      answers INTEGER REFERENCES signal (id),
      strategy TEXT,
      symbol TEXT,
      direction TEXT,
      channel TEXT NOT NULL,
      priority TEXT NOT NULL,
      title TEXT NOT NULL,
      body TEXT NOT NULL,
      line TEXT NOT NULL,
      fields TEXT NOT NULL,
      batch TEXT,
      policy TEXT NOT NULL CHECK (policy IN ('at_least_once', 'at_most_once')),
      state TEXT NOT NULL
        CHECK (state IN ('pending', 'sending', 'sent', 'unknown', 'parked', 'dead', 'dropped')),
      attempts INTEGER NOT NULL DEFAULT 0,
      doubts INTEGER NOT NULL DEFAULT 0,
      failure TEXT,
      reference TEXT,
      created_at INTEGER NOT NULL,
      due_at INTEGER NOT NULL,
      claimed_at INTEGER,
      finished_at INTEGER,
      UNIQUE (key, channel)
    ) STRICT;

    INSERT INTO outbox (
      id, key, code, signal, strategy, symbol, direction, channel, priority, title, body, line, fields, policy, state,
      attempts, failure, created_at, due_at, finished_at)
    SELECT o.id, 'row:' || o.id, 'R' || o.id, o.signal, s.strategy, s.symbol, s.direction, o.channel, o.priority, '',
      o.body, o.body, '{}', 'at_least_once', o.state, o.attempts, o.failure, o.created_at, o.due_at, o.finished_at
    FROM outbox_before o LEFT JOIN signal s ON s.id = o.signal;
    DROP TABLE outbox_before;

    CREATE INDEX outbox_due ON outbox (channel, due_at) WHERE state IN ('pending', 'sending', 'parked');
    CREATE INDEX outbox_symbol ON outbox (symbol, created_at);
    CREATE INDEX outbox_signal ON outbox (signal, channel);
    CREATE INDEX outbox_code ON outbox (code);

    """
}
