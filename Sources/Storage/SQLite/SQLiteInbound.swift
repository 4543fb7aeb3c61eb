import GRDB
public import Trading

extension SQLiteStore: InboundStore {
  public func receipts(
    of marks: [InboundMark], at moment: Instant
  ) async throws(StoreError) -> [InboundReceipt?] {
    try await read { db in try marks.map { try SQLiteStore.receipt(of: $0, at: moment, db) } }
  }

  public func receive(
    _ arrivals: [InboundArrival], at moment: Instant
  ) async throws(StoreError) -> [InboundReceipt] {
    try await write { db in try arrivals.map { try SQLiteStore.receive($0, at: moment, db) } }
  }

  private static func receipt(of mark: InboundMark, at moment: Instant, _ db: Database) throws -> InboundReceipt? {
    let row = try Row.fetchOne(
      db.cachedStatement(sql: "SELECT * FROM inbound_message WHERE source = ? AND key = ?"),
      arguments: [mark.source, mark.key])
    guard let row else { return nil }
    if let holds = mark.holds, moment.milliseconds - (row["received_at"] as Int64) > holds { return nil }
    return row["digest"] == mark.digest ? .repeated(row["signal"]) : .contradicted(row["signal"])
  }

  private static func receive(_ arrival: InboundArrival, at moment: Instant, _ db: Database) throws -> InboundReceipt {
    let mark = arrival.mark
    if let receipt = try receipt(of: mark, at: moment, db) { return receipt }
    var record = arrival.record
    if let free = try freeMoment(for: record, db) { record.signal = record.signal.at(free) }
    guard let id = try insert(record, arrival.notices, at: moment, db) else {
      throw StoreError.unsound("a signal of \(record.strategy) at \(record.signal.time) could not be kept")
    }
    try db.cachedStatement(
      sql: """
        INSERT INTO inbound_message (source, key, digest, signal, received_at) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (source, key) DO UPDATE SET digest = excluded.digest, signal = excluded.signal,
          received_at = excluded.received_at
        """
    ).execute(arguments: [mark.source, mark.key, mark.digest, id, moment.milliseconds])
    return .saved(id)
  }

  /// The millisecond behind all signals of the same words from this one's moment on; nil where its own is free.
  private static func freeMoment(for record: SignalRecord, _ db: Database) throws -> Instant? {
    let row = try Row.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT min(time) AS first, max(time) AS last FROM signal
          WHERE strategy = ?1 AND version = ?2 AND symbol = ?3 AND timeframe = ?4 AND direction = ?5 AND time >= ?6
          """),
      arguments: [
        record.strategy, record.version, record.symbol, "\(record.timeframe)", record.signal.direction.rawValue,
        record.signal.time.milliseconds,
      ])
    guard let row, let first: Int64 = row["first"], let last: Int64 = row["last"],
      first == record.signal.time.milliseconds
    else { return nil }
    return Instant(milliseconds: last + 1)
  }
}

extension Signal {
  /// The same at another moment.
  fileprivate func at(_ time: Instant) -> Signal {
    Signal(
      time: time, bar: bar, direction: direction, confidence: confidence, price: price, reason: reason, base: base)
  }
}
