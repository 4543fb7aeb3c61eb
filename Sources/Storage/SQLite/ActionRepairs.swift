import GRDB
import Trading

/// What a repair makes of the actions of one kind at one moment.
struct ActionChange: Sendable {
  var time: Instant
  var kind: String
  /// Values, ascending; empty where there are none.
  var old, new: [Double]

  static func changes(from original: [CorporateAction], to mended: [CorporateAction]) -> [ActionChange] {
    struct Place: Hashable { var time: Instant, kind: String }
    func values(_ actions: [CorporateAction]) -> [Place: [Double]] {
      var values: [Place: [Double]] = [:]
      for action in actions {
        values[Place(time: action.time, kind: action.kind.row.name), default: []].append(action.kind.row.value)
      }
      return values.mapValues { $0.sorted() }
    }
    let (before, after) = (values(original), values(mended))
    return Set(before.keys).union(after.keys).filter { before[$0] != after[$0] }
      .sorted { ($0.time, $0.kind) < ($1.time, $1.kind) }
      .map { ActionChange(time: $0.time, kind: $0.kind, old: before[$0] ?? [], new: after[$0] ?? []) }
  }
}

extension CandleTables {
  /// Puts mended actions in the place of those that are there as they were read. Returns how many changed.
  func put(_ changes: [ActionChange], _ series: Int64, revision: Int, at moment: Int64) throws -> Int {
    var changed = 0
    for change in changes {
      guard try standing(change.time, change.kind, series).map(\.value).sorted() == change.old else { continue }
      try end(change.time, change.kind, series, by: revision, at: moment)
      for value in change.new { try insert(value, change.time, change.kind, series, madeBy: revision, at: moment) }
      changed += max(change.old.count, change.new.count)
    }
    return changed
  }

  /// Puts the actions back that a repair replaced, where its own still stand. Returns how many changed.
  func takeBack(_ series: Int64, _ revision: Int, by undo: Int, at moment: Int64) throws -> Int {
    let places = try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT DISTINCT time, kind FROM corporate_action WHERE series = ? AND (ended_by = ? OR made_by = ?)
          ORDER BY time, kind
          """),
      arguments: [series, revision, revision])
    var changed = 0
    for place in places {
      let (time, kind) = (Instant(milliseconds: place["time"]), place["kind"] as String)
      let own = try standing(time, kind, series)
      guard own.allSatisfy({ $0.madeBy == revision }) else { continue }
      let old = try Row.fetchAll(
        db.cachedStatement(
          sql: """
            SELECT value, made_by FROM corporate_action WHERE series = ? AND time = ? AND kind = ? AND ended_by = ?
            """),
        arguments: [series, time.milliseconds, kind, revision])
      try end(time, kind, series, by: undo, at: moment)
      for row in old { try insert(row["value"], time, kind, series, madeBy: row["made_by"], at: moment) }
      changed += max(own.count, old.count)
    }
    return changed
  }

  /// Whether these are the actions that a repair has mended, and what it made of them stands.
  func isMended(_ time: Instant, _ kind: String, _ values: [Double], _ series: Int64) throws -> Bool {
    let rows = try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT a.value, a.ended_by FROM corporate_action a
          JOIN candle_repair r ON r.series = a.series AND r.revision = a.ended_by
          WHERE a.series = ? AND a.time = ? AND a.kind = ? AND r.origin = 'repair' AND r.undone_by IS NULL
          """),
      arguments: [series, time.milliseconds, kind])
    guard !rows.isEmpty else { return false }
    let own = try standing(time, kind, series)
    return Dictionary(grouping: rows) { $0["ended_by"] as Int }.contains { revision, rows in
      rows.map { $0["value"] as Double }.sorted() == values.sorted() && own.allSatisfy { $0.madeBy == revision }
    }
  }

  private func standing(_ time: Instant, _ kind: String, _ series: Int64) throws -> [(value: Double, madeBy: Int?)] {
    try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT value, made_by FROM corporate_action
          WHERE series = ? AND time = ? AND kind = ? AND replaced_at IS NULL
          """),
      arguments: [series, time.milliseconds, kind]
    ).map { ($0["value"], $0["made_by"]) }
  }

  private func end(_ time: Instant, _ kind: String, _ series: Int64, by revision: Int, at moment: Int64) throws {
    try db.cachedStatement(
      sql: """
        UPDATE corporate_action SET replaced_at = ?, ended_by = ?
        WHERE series = ? AND time = ? AND kind = ? AND replaced_at IS NULL
        """
    ).execute(arguments: [moment, revision, series, time.milliseconds, kind])
  }

  private func insert(
    _ value: Double, _ time: Instant, _ kind: String, _ series: Int64, madeBy revision: Int?, at moment: Int64
  ) throws {
    try db.cachedStatement(
      sql: "INSERT INTO corporate_action (series, time, kind, value, fetched_at, made_by) VALUES (?, ?, ?, ?, ?, ?)"
    ).execute(arguments: [series, time.milliseconds, kind, value, moment, revision])
  }
}
