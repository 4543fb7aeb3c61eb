import GRDB
public import Trading

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension SQLiteStore {
  /// Queues notices. What a channel has been told of already stays as it is; the same twice in one call contradicts
  /// itself, and then nothing is saved.
  static func insert(_ notices: [Notice], about signal: Int64?, at moment: Instant, _ db: Database) throws {
    var seen: Set<[String]> = []
    for notice in notices {
      guard seen.insert([notice.key, notice.channel]).inserted else {
        throw StoreError.unsound("two notices of \(notice.key) to \(notice.channel)")
      }
      // An intent that was made once is not made again, also where the outbox has forgotten it.
      if let order = notice.order, try SQLiteStore.knows(order, db) { continue }
      let now = moment.milliseconds
      let fields = String(decoding: try JSONEncoder().encode(notice.fields), as: UTF8.self)
      try db.cachedStatement(
        sql: """
          INSERT INTO outbox (
            key, code, signal, answers, strategy, symbol, direction, channel, priority, title, body, line, fields,
            batch, recipient, reply_to, policy, state, failure, created_at, due_at, finished_at, expires_at)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          ON CONFLICT (key, channel) DO NOTHING
          """
      ).execute(arguments: [
        notice.key, notice.code, signal, notice.answers, notice.strategy, notice.symbol, notice.direction?.rawValue,
        notice.channel, notice.priority, notice.title, notice.body, notice.line, fields, notice.batch,
        notice.recipient, notice.replyTo, notice.policy.rawValue,
        (notice.heldBack == nil ? OutboxEntry.State.pending : .dropped).rawValue,
        notice.heldBack, now, (notice.dueAt ?? moment).milliseconds, notice.heldBack == nil ? nil : now,
        notice.expiresAt?.milliseconds,
      ])
      guard db.changesCount > 0 else { continue }
      let row = db.lastInsertedRowID
      if let picture = notice.picture {
        try db.cachedStatement(sql: "INSERT INTO picture (notice, png) VALUES (?, ?)")
          .execute(arguments: [row, Data(picture)])
      }
      if let order = notice.order { try SQLiteStore.insert(order, key: notice.key, at: moment, db) }
    }
  }

  public func nextDue(channel: String) async throws(StoreError) -> Instant? {
    try await read { db in
      try Int64.fetchOne(
        db.cachedStatement(sql: "SELECT min(due_at) FROM outbox WHERE channel = ? AND state = 'pending'"),
        arguments: [channel]
      ).map { Instant(milliseconds: $0) }
    }
  }

  public func entry(_ id: Int64) async throws(StoreError) -> OutboxEntry? {
    try await entries("id = ?", [id.databaseValue]).first
  }

  public func entries(in states: [OutboxEntry.State], limit: Int) async throws(StoreError) -> [OutboxEntry] {
    let places = states.isEmpty ? "1" : "state IN (\(states.map { _ in "?" }.joined(separator: ", ")))"
    return try await entries(
      "\(places) ORDER BY id DESC LIMIT ?", states.map(\.rawValue.databaseValue) + [limit.databaseValue])
  }

  public func entries(called name: String) async throws(StoreError) -> [OutboxEntry] {
    try await entries(
      "code = ?1 COLLATE NOCASE OR id = ?2 ORDER BY id", [name.databaseValue, Int64(name)?.databaseValue ?? .null])
  }

  public func notices(keyFrom first: String, before end: String) async throws(StoreError) -> [OutboxEntry] {
    try await entries("key >= ? AND key < ? ORDER BY key, id", [first.databaseValue, end.databaseValue])
  }

  public func entries(about signal: Int64) async throws(StoreError) -> [OutboxEntry] {
    try await entries("signal = ? ORDER BY id", [signal.databaseValue])
  }

  public func histories(
    about symbols: Set<String>, since: Instant
  ) async throws(StoreError) -> [String: SymbolHistory] {
    try await read { db in
      let told = try db.cachedStatement(
        sql: """
          SELECT key, channel, state, strategy, direction, priority, batch, signal IS NOT NULL,
            json_extract(fields, '$.time'), created_at, due_at
          FROM outbox WHERE symbol = ? AND created_at >= ? AND state <> 'dropped' ORDER BY id
          """)
      let heldBack = try db.cachedStatement(
        sql: """
          WITH last AS (
            SELECT channel, max(id) AS id FROM outbox
            WHERE symbol = ?1 AND created_at >= ?2 AND state <> 'dropped' GROUP BY channel)
          SELECT o.channel, count(*) FROM outbox o LEFT JOIN last ON last.channel = o.channel
          WHERE o.symbol = ?1 AND o.created_at >= ?2 AND o.state = 'dropped' AND o.id > coalesce(last.id, 0)
          GROUP BY o.channel
          """)
      return try symbols.reduce(into: [:]) { histories, symbol in
        let about: StatementArguments = [symbol, since.milliseconds]
        var history = SymbolHistory()
        let notices = try Row.fetchCursor(told, arguments: about)
        while let row = try notices.next() {
          if let notice = SQLiteStore.toldNotice(row) { history.told.append(notice) }
        }
        let counts = try Row.fetchCursor(heldBack, arguments: about)
        while let row = try counts.next() { history.heldBack[row[0]] = row[1] }
        histories[symbol] = history
      }
    }
  }

  /// By the places of the columns: their names are looked up slowly, and a pass asks for thousands of rows.
  private static func toldNotice(_ row: Row) -> ToldNotice? {
    guard let state = OutboxEntry.State(rawValue: row[2]) else { return nil }
    return ToldNotice(
      key: row[0], channel: row[1], state: state, strategy: row[3],
      direction: (row[4] as String?).flatMap { Direction(rawValue: $0) }, priority: row[5], batch: row[6],
      isOfSignal: row[7], knownAt: (row[8] as String?).flatMap { Instant($0) },
      createdAt: Instant(milliseconds: row[9]), dueAt: Instant(milliseconds: row[10]))
  }

  public func counts() async throws(StoreError) -> [OutboxEntry.State: Int] {
    try await read { db in
      let rows = try Row.fetchAll(db, sql: "SELECT state, count(*) AS count FROM outbox GROUP BY state")
      return rows.reduce(into: [:]) { counts, row in
        if let state = OutboxEntry.State(rawValue: row["state"]) { counts[state] = row["count"] }
      }
    }
  }

  public func isUnused() async throws(StoreError) -> Bool {
    try await read { db in try Bool.fetchOne(db, sql: "SELECT NOT EXISTS (SELECT 1 FROM outbox)") ?? true }
  }

  /// The condition stands in the program; values are bound.
  private func entries(
    _ condition: String, _ values: [DatabaseValue]
  ) async throws(StoreError) -> [OutboxEntry] {
    try await read { db in
      try Row.fetchAll(
        db.cachedStatement(sql: "SELECT * FROM outbox WHERE \(condition)"), arguments: StatementArguments(values)
      ).compactMap(SQLiteStore.outboxEntry)
    }
  }

  static func outboxEntry(_ row: Row) -> OutboxEntry? {
    guard let state = OutboxEntry.State(rawValue: row["state"]), let policy = Notice.Policy(rawValue: row["policy"])
    else { return nil }
    let fields: [String: String]? = try? JSONDecoder().decode(
      [String: String].self, from: Data((row["fields"] as String).utf8))
    func instant(_ name: String) -> Instant? { (row[name] as Int64?).map { Instant(milliseconds: $0) } }
    let due = Instant(milliseconds: row["due_at"])
    var notice = Notice(
      key: row["key"], code: row["code"], channel: row["channel"], priority: row["priority"], title: row["title"],
      body: row["body"], line: row["line"], fields: fields ?? [:], strategy: row["strategy"], symbol: row["symbol"],
      direction: (row["direction"] as String?).flatMap { Direction(rawValue: $0) }, batch: row["batch"],
      answers: row["answers"], recipient: row["recipient"], replyTo: row["reply_to"], policy: policy, dueAt: due,
      heldBack: state == .dropped ? row["failure"] : nil,
      picture: (row["picture"] as Data?).map { Array($0) })
    notice.expiresAt = instant("expires_at")
    return OutboxEntry(
      id: row["id"], notice: notice, signal: row["signal"], state: state, attempts: row["attempts"],
      doubts: row["doubts"], failure: row["failure"], reference: row["reference"],
      createdAt: Instant(milliseconds: row["created_at"]), dueAt: due, claimedAt: instant("claimed_at"),
      finishedAt: instant("finished_at"))
  }
}
