import GRDB
public import Trading

extension SQLiteStore: OrderStore {
  static func insert(_ order: OrderRecord, key: String, at moment: Instant, _ db: Database) throws {
    try db.cachedStatement(
      sql: """
        INSERT INTO order_intent (id, channel, key, strategy, symbol, timeframe, action, long, quantity, dry, at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    ).execute(arguments: [
      order.id, order.channel, key, order.strategy, order.symbol, "\(order.timeframe)", order.action.rawValue,
      order.isLong, order.quantity, order.isDry, moment.milliseconds,
    ])
  }

  static func knows(_ order: OrderRecord, _ db: Database) throws -> Bool {
    try Bool.fetchOne(
      db.cachedStatement(sql: "SELECT EXISTS (SELECT 1 FROM order_intent WHERE id = ? AND channel = ?)"),
      arguments: [order.id, order.channel]) ?? false
  }

  public func orders(
    channel: String, strategy: String, symbol: String, timeframe: Timeframe, limit: Int
  ) async throws(StoreError) -> [StoredOrder] {
    try await read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT o.*, x.state FROM order_intent o LEFT JOIN outbox x ON x.key = o.key AND x.channel = o.channel
          WHERE o.channel = ? AND o.strategy = ? AND o.symbol = ? AND o.timeframe = ? ORDER BY o.number DESC LIMIT ?
          """, arguments: [channel, strategy, symbol, "\(timeframe)", limit]
      ).compactMap { row in
        guard let action = OrderRecord.Action(rawValue: row["action"]) else { return nil }
        return StoredOrder(
          record: OrderRecord(
            id: row["id"], channel: channel, strategy: strategy, symbol: symbol, timeframe: timeframe, action: action,
            isLong: row["long"], quantity: row["quantity"], isDry: row["dry"]),
          at: Instant(milliseconds: row["at"]),
          state: (row["state"] as String?).flatMap { OutboxEntry.State(rawValue: $0) })
      }
    }
  }

  public func expire(channel: String, at moment: Instant) async throws(StoreError) -> [OutboxEntry] {
    let late = "channel = ? AND state IN ('pending', 'parked') AND expires_at <= ?"
    let arguments: StatementArguments = [channel, moment.milliseconds]
    // Read first: nearly always there is none, and a write would wake the disk every second.
    let isThere = try await read { db in
      try Bool.fetchOne(
        db.cachedStatement(sql: "SELECT EXISTS (SELECT 1 FROM outbox WHERE \(late))"), arguments: arguments) ?? false
    }
    guard isThere else { return [] }
    return try await write { db in
      let entries = try Row.fetchAll(db, sql: "SELECT * FROM outbox WHERE \(late) ORDER BY id", arguments: arguments)
        .compactMap(SQLiteStore.outboxEntry)
      for entry in entries {
        try db.cachedStatement(
          sql:
            "UPDATE outbox SET state = 'dropped', failure = 'expired before it was sent', finished_at = ? WHERE id = ?"
        ).execute(arguments: [moment.milliseconds, entry.id])
      }
      return entries
    }
  }
}
