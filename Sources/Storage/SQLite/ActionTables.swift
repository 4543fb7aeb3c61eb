import GRDB
import Trading

extension CorporateAction.Kind {
  var row: (name: String, value: Double) {
    switch self {
    case .dividend(let value): ("dividend", value)
    case .split(let value): ("split", value)
    case .capitalGain(let value): ("capital_gain", value)
    }
  }

  init?(name: String, value: Double) {
    switch name {
    case "dividend": self = .dividend(value)
    case "split": self = .split(value)
    case "capital_gain": self = .capitalGain(value)
    default: return nil
    }
  }
}

/// Corporate actions and currencies: rows that are replaced by later ones and stay readable.
extension CandleTables {
  /// Saves the actions of a history; those of one kind at one moment are taken together. Returns how many are new, and
  /// whether one of them belongs to a bar that was there, of which `last` is the last.
  func save(
    _ actions: [CorporateAction], _ series: Int64, at moment: Int64, behind last: Instant?
  ) throws -> (new: Int, isLate: Bool) {
    struct Place: Hashable { var time: Instant, kind: String }
    var arriving: [Place: [Double]] = [:]
    for action in actions {
      arriving[Place(time: action.time, kind: action.kind.row.name), default: []].append(action.kind.row.value)
    }
    var (new, isLate) = (0, false)
    for (place, values) in arriving.sorted(by: { ($0.key.time, $0.key.kind) < ($1.key.time, $1.key.kind) }) {
      let there = try Double.fetchAll(
        db.cachedStatement(
          sql: """
            SELECT value FROM corporate_action WHERE series = ? AND time = ? AND kind = ? AND replaced_at IS NULL
            """),
        arguments: [series, place.time.milliseconds, place.kind])
      if there.sorted() == values.sorted() { continue }
      if try isMended(place.time, place.kind, values, series) { continue }
      try db.cachedStatement(
        sql: """
          UPDATE corporate_action SET replaced_at = ?
          WHERE series = ? AND time = ? AND kind = ? AND replaced_at IS NULL
          """
      ).execute(arguments: [moment, series, place.time.milliseconds, place.kind])
      for value in values {
        try db.cachedStatement(
          sql: "INSERT INTO corporate_action (series, time, kind, value, fetched_at) VALUES (?, ?, ?, ?, ?)"
        ).execute(arguments: [series, place.time.milliseconds, place.kind, value, moment])
      }
      new += values.count
      if let last, place.time <= last { isLate = true }
    }
    return (new, isLate)
  }

  /// The actions of a stretch of time as they were known at a moment.
  func actions(_ series: Int64, from: Instant?, to: Instant?, asOf moment: Int64) throws -> [CorporateAction] {
    let rows = try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT time, kind, value FROM corporate_action
          WHERE series = ? AND time BETWEEN ? AND ? AND fetched_at <= ? AND (replaced_at IS NULL OR replaced_at > ?)
          ORDER BY time, id
          """),
      arguments: [series, from?.milliseconds ?? .min, to?.milliseconds ?? .max, moment, moment])
    return rows.compactMap { row in
      CorporateAction.Kind(name: row["kind"], value: row["value"]).map {
        CorporateAction(time: Instant(milliseconds: row["time"]), kind: $0)
      }
    }
  }

  func currency(_ series: Int64, asOf moment: Int64) throws -> String? {
    try String.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT currency FROM candle_currency WHERE series = ? AND fetched_at <= ? ORDER BY fetched_at DESC LIMIT 1
          """),
      arguments: [series, moment])
  }

  func save(currency: String, _ series: Int64, at moment: Int64) throws {
    guard try self.currency(series, asOf: .max) != currency else { return }
    try db.cachedStatement(
      sql: "INSERT OR REPLACE INTO candle_currency (series, fetched_at, currency) VALUES (?, ?, ?)"
    ).execute(arguments: [series, moment, currency])
  }
}
