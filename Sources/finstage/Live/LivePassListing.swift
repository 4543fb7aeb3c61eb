import Engine
import Pipelines
import Storage
import Trading

/// What a pass over the markets has found, as text.
struct LivePassListing {
  let pass: LivePass
  let isDry: Bool

  var table: String {
    var text = ""
    if !pass.signals.isEmpty {
      let header = ["time", "symbol", "timeframe", "strategy", "direction", "price", "confidence", "state", "reason"]
      let rows = pass.signals.map { one -> [String] in
        let (record, signal) = (one.record, one.record.signal)
        return [
          "\(signal.time)", record.symbol, "\(record.timeframe)", record.strategy, signal.direction.rawValue,
          "\(signal.price)", "\(signal.confidence)", one.occasion.rawValue, signal.reason,
        ]
      }
      text += CandleListing.table([header] + rows, leading: header.count)
    }
    if !pass.corrections.isEmpty {
      let header = ["time", "symbol", "timeframe", "strategy", "direction", "id", "state", "price before", "price now"]
      let rows = pass.corrections.map { one -> [String] in
        let (record, signal) = (one.before.record, one.before.record.signal)
        return [
          "\(signal.time)", record.symbol, "\(record.timeframe)", record.strategy, signal.direction.rawValue,
          "\(one.before.id)", one.kind.rawValue, "\(signal.price)", one.after.map { "\($0.price)" } ?? "-",
        ]
      }
      text += (text.isEmpty ? "" : "\n") + CandleListing.table([header] + rows, leading: header.count)
    }
    return text
  }

  func json(_ size: (strategies: Int, markets: Int, pairs: Int)) -> String {
    JSONValue.object([
      ("dry_run", .bool(isDry)),
      (
        "evaluated",
        .object([
          ("strategies", .number(Double(size.strategies))), ("symbols", .number(Double(size.markets))),
          ("pairs", .number(Double(size.pairs))), ("new_bars", .number(Double(pass.bars))),
          ("replayed", .number(Double(pass.replayed))),
        ])
      ), ("signals", .array(pass.signals.map(item))), ("corrections", .array(pass.corrections.map(item))),
      ("failures", .array(pass.failures.map { .string("\($0)") })),
    ]).text
  }

  private func item(_ one: LiveSignal) -> JSONValue {
    .object(
      [("id", one.id.map { .number(Double($0)) } ?? .null), ("state", .string(one.occasion.rawValue))]
        + fields(one.record) + [("known_at", .string("\(one.knownAt)")), ("notices", notices(one.notices))])
  }

  private func item(_ one: LiveCorrection) -> JSONValue {
    .object(
      [("id", .number(Double(one.before.id))), ("state", .string(one.kind.rawValue))] + fields(one.before.record) + [
        ("price_now", one.after.map { number($0.price) } ?? .null), ("cause", .string(one.cause)),
        ("notices", notices(one.notices)),
      ])
  }

  private func fields(_ record: Storage.SignalRecord) -> [(String, JSONValue)] {
    let signal = record.signal
    return [
      ("strategy", .string(record.strategy)), ("version", .string(record.version)), ("symbol", .string(record.symbol)),
      ("timeframe", .string("\(record.timeframe)")), ("time", .string("\(signal.time)")),
      ("bar", .number(Double(signal.bar))), ("direction", .string(signal.direction.rawValue)),
      ("confidence", number(signal.confidence)), ("price", number(signal.price)), ("reason", .string(signal.reason)),
    ]
  }

  private func number(_ value: Double) -> JSONValue { value.isFinite ? .number(value) : .null }

  private func notices(_ notices: [Notice]) -> JSONValue {
    .array(
      notices.map {
        .object([("channel", .string($0.channel)), ("priority", .string($0.priority)), ("body", .string($0.body))])
      })
  }
}
