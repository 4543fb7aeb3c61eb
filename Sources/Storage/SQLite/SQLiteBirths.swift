import GRDB
public import Trading

extension SQLiteStore: BirthStore {
  public func births() async throws(StoreError) -> [BirthRecord] {
    try await read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM birth ORDER BY strategy, seen, rule").map(SQLiteStore.birth)
    }
  }

  public func rules(of strategy: String) async throws(StoreError) -> [String: String] {
    try await read { db in
      let rows = try Row.fetchAll(
        db, sql: "SELECT version, rule FROM birth_text WHERE strategy = ?", arguments: [strategy])
      return Dictionary(
        rows.map { ($0["version"] as String, $0["rule"] as String) }, uniquingKeysWith: { first, _ in first })
    }
  }

  public func stamp(_ stamps: [RuleStamp], at moment: Instant) async throws(StoreError) -> [BirthRecord] {
    // Nearly always all of it is known: then nothing is written, and nobody who writes is waited for.
    let isKnown = try await read { db in try stamps.allSatisfy { try SQLiteStore.isKnown($0, db) } }
    guard !isKnown else { return [] }
    return try await write { db in
      var born: [BirthRecord] = []
      for stamp in stamps where try !SQLiteStore.isKnown(stamp, db) {
        if let birth = try SQLiteStore.take(stamp, at: moment, db) { born.append(birth) }
      }
      return born
    }
  }

  private static func isKnown(_ stamp: RuleStamp, _ db: Database) throws -> Bool {
    try Bool.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT EXISTS (SELECT 1 FROM birth WHERE strategy = ?1 AND rule = ?2 AND is_current = 1)
            AND EXISTS (SELECT 1 FROM birth_text WHERE strategy = ?1 AND version = ?3 AND rule = ?2)
          """), arguments: [stamp.strategy, stamp.rule, stamp.version]) ?? false
  }

  /// Makes the rule the strategy's present one; gives its birth where the strategy never had it.
  private static func take(_ stamp: RuleStamp, at moment: Instant, _ db: Database) throws -> BirthRecord? {
    try db.cachedStatement(
      sql: """
        INSERT INTO birth_text (strategy, version, rule) VALUES (?, ?, ?)
        ON CONFLICT (strategy, version) DO UPDATE SET rule = excluded.rule
        """
    ).execute(arguments: [stamp.strategy, stamp.version, stamp.rule])
    let before = try String.fetchOne(
      db, sql: "SELECT rule FROM birth WHERE strategy = ? AND is_current = 1", arguments: [stamp.strategy])
    guard before != stamp.rule else { return nil }
    try db.execute(sql: "UPDATE birth SET is_current = 0 WHERE strategy = ?", arguments: [stamp.strategy])
    try db.execute(
      sql: "UPDATE birth SET is_current = 1 WHERE strategy = ? AND rule = ?", arguments: [stamp.strategy, stamp.rule])
    guard db.changesCount == 0 else { return nil }
    // A strategy that was renamed or copied has the rule that it had: nobody has seen less of it.
    let elsewhere = try Int64.fetchOne(db, sql: "SELECT min(seen) FROM birth WHERE rule = ?", arguments: [stamp.rule])
    let birth = BirthRecord(
      strategy: stamp.strategy, rule: stamp.rule,
      seen: Instant(milliseconds: min(elsewhere ?? .max, moment.milliseconds)), ancestor: before)
    try db.cachedStatement(
      sql: "INSERT INTO birth (strategy, rule, seen, ancestor, is_current) VALUES (?, ?, ?, ?, 1)"
    ).execute(arguments: [birth.strategy, birth.rule, birth.seen.milliseconds, birth.ancestor])
    return birth
  }

  private static func birth(_ row: Row) -> BirthRecord {
    BirthRecord(
      strategy: row["strategy"], rule: row["rule"], seen: Instant(milliseconds: row["seen"]), ancestor: row["ancestor"],
      isCurrent: row["is_current"])
  }
}
