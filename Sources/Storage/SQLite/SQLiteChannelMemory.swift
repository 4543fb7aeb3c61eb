import GRDB
public import Trading

extension SQLiteStore: ChannelMemoryStore {
  /// The name of the row by which another process asks for a channel to be tried again.
  static let ask = "ask"

  public func channelMemory() async throws(StoreError) -> [String: [String: String]] {
    try await read { db in
      try Row.fetchAll(db, sql: "SELECT channel, name, value FROM channel_memory").reduce(into: [:]) { all, row in
        all[row["channel"] as String, default: [:]][row["name"] as String] = row["value"] as String
      }
    }
  }

  public func remember(
    _ value: String, as name: String, of channel: String, at moment: Instant
  ) async throws(StoreError) {
    try await write { db in try SQLiteStore.remember(value, as: name, of: channel, at: moment, db) }
  }

  static func remember(
    _ value: String, as name: String, of channel: String, at moment: Instant, _ db: Database
  ) throws {
    try db.cachedStatement(
      sql: """
        INSERT INTO channel_memory (channel, name, value, at) VALUES (?, ?, ?, ?)
        ON CONFLICT (channel, name) DO UPDATE SET value = excluded.value, at = excluded.at
        """
    ).execute(arguments: [channel, name, value, moment.milliseconds])
  }

  public func takeAsk(of channel: String) async throws(StoreError) -> Bool {
    // Read first: nearly always there is none, and a write would wake the disk every second.
    let isThere = try await read { db in
      try Bool.fetchOne(
        db.cachedStatement(sql: "SELECT EXISTS (SELECT 1 FROM channel_memory WHERE channel = ? AND name = ?)"),
        arguments: [channel, SQLiteStore.ask]) ?? false
    }
    guard isThere else { return false }
    return try await write { db in
      try db.execute(
        sql: "DELETE FROM channel_memory WHERE channel = ? AND name = ?", arguments: [channel, SQLiteStore.ask])
      return db.changesCount > 0
    }
  }
}
