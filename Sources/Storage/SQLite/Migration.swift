import GRDB

/// One step of the schema. Steps are numbered from 1, only ever added, and never changed once released.
struct Migration {
  /// The schema after this step; the statements set `user_version` to it.
  let number: Int
  /// Statements as they stand in the program: nothing is put into them.
  let statements: [String]

  static let all = [
    firstSchema, repairSchema, requestSchema, jobSchema, liveSchema, outboxSchema, channelSchema, outcomeSchema,
    insightSchema, alertSchema, newsSchema, statementSchema, reportSchema, accessSchema,
    pictureSchema, birthSchema, commandSchema, inboundSchema, orderSchema,
  ]
  static var latest: Int { all.last?.number ?? 0 }

  func run(_ db: Database) throws {
    for statement in statements { try db.execute(sql: statement) }
  }

  static func bringUpToDate(_ pool: DatabasePool) throws {
    let found = try pool.read { db in try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0 }
    let pending = all.filter { $0.number > found }
    for migration in pending {
      try pool.write { db in try migration.run(db) }
    }
    // What says whose file this is stands in the file itself and not only in its log.
    if !pending.isEmpty { _ = try pool.writeWithoutTransaction { db in try db.checkpoint(.truncate) } }
  }
}
