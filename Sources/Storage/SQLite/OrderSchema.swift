extension Migration {
  /// Order intents, and until when a notice may be sent at all.
  static let orderSchema = Migration(number: 19, statements: [orderTables, "PRAGMA user_version = 19;"])

  private static let orderTables = """
    ALTER TABLE outbox ADD COLUMN expires_at INTEGER;

    CREATE TABLE order_intent (
      id TEXT NOT NULL CHECK (id <> ''),
      channel TEXT NOT NULL,
      key TEXT NOT NULL,
      strategy TEXT NOT NULL,
      symbol TEXT NOT NULL,
      timeframe TEXT NOT NULL,
      action TEXT NOT NULL CHECK (action IN ('open', 'close')),
      long INTEGER NOT NULL CHECK (long IN (0, 1)),
      quantity REAL NOT NULL CHECK (quantity > 0),
      dry INTEGER NOT NULL CHECK (dry IN (0, 1)),
      at INTEGER NOT NULL,
      number INTEGER PRIMARY KEY,
      UNIQUE (id, channel)
    ) STRICT;
    CREATE INDEX order_intent_of ON order_intent (channel, strategy, symbol, timeframe, number);

    """
}
