import Engine
import Pipelines
import Storage
import Trading

/// Stored signals as JSON, a page at a time.
enum SignalListing {
  /// - Parameter next: Where the next page begins; nil behind the last one.
  static func json(_ signals: [StoredSignal], next: String?) -> String {
    JSONValue.object([
      ("signals", .array(signals.map(item))), ("next", next.map { .string($0) } ?? .null),
    ]).text
  }

  static func item(_ stored: StoredSignal) -> JSONValue {
    .object(
      [("id", .number(Double(stored.id)))] + fields(stored.record) + [
        ("retracted_at", stored.retractedAt.map { .string("\($0)") } ?? .null)
      ])
  }

  static func item(_ one: LiveSignal) -> JSONValue {
    .object(
      [("id", one.id.map { .number(Double($0)) } ?? .null)] + fields(one.record) + [("retracted_at", .null)])
  }

  private static func fields(_ record: Storage.SignalRecord) -> [(String, JSONValue)] {
    let signal = record.signal
    func number(_ value: Double) -> JSONValue { value.isFinite ? .number(value) : .null }
    return [
      ("strategy", .string(record.strategy)), ("version", .string(record.version)), ("symbol", .string(record.symbol)),
      ("timeframe", .string("\(record.timeframe)")), ("time", .string("\(signal.time)")),
      ("direction", .string(signal.direction.rawValue)), ("price", number(signal.price)),
      ("confidence", number(signal.confidence)), ("reason", .string(signal.reason)),
      ("source", record.source.map { .string($0) } ?? .null),
    ]
  }

  /// Where a page ends, as the next one is asked for: `1700000000000-4711`.
  static func cursor(behind signal: StoredSignal) -> String {
    "\(signal.record.signal.time.milliseconds)-\(signal.id)"
  }

  static func place(_ cursor: String) -> (time: Instant, id: Int64)? {
    guard let dash = cursor.lastIndex(of: "-"), let time = Int64(cursor[..<dash]),
      let id = Int64(cursor[cursor.index(after: dash)...]), id >= 0
    else { return nil }
    return (Instant(milliseconds: time), id)
  }
}
