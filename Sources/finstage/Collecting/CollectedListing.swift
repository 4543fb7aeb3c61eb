import Engine
import Pipelines
import Storage
import Trading

/// What a fetch brought, as text.
struct CollectedListing {
  private let collected: [Collected]

  init(_ collected: [Collected]) { self.collected = collected }

  var table: String {
    let header = ["symbol", "timeframe", "source", "new", "corrected", "gaps", "first", "last", "state"]
    let rows = collected.map { one -> [String] in
      let coverage = one.coverage
      return [
        one.key.symbol, "\(one.key.timeframe)", one.key.source, "\(one.saved.new)",
        "\(one.saved.corrected + one.saved.readjusted)", "\(one.gaps)", coverage.map { $0.first.dateText } ?? "-",
        coverage.map { $0.last.dateText } ?? "-", state(one),
      ]
    }
    return CandleListing.table([header] + rows)
  }

  var json: String {
    let items = collected.map { one -> JSONValue in
      .object([
        ("symbol", .string(one.key.symbol)), ("timeframe", .string("\(one.key.timeframe)")),
        ("source", .string(one.key.source)), ("requests", .number(Double(one.requests))),
        ("new", .number(Double(one.saved.new))), ("unchanged", .number(Double(one.saved.unchanged))),
        ("corrected", .number(Double(one.saved.corrected))), ("readjusted", .number(Double(one.saved.readjusted))),
        ("actions", .number(Double(one.saved.actions))), ("gaps", .number(Double(one.gaps))),
        ("holes", .number(Double(one.holes))), ("bars", .number(Double(one.coverage?.count ?? 0))),
        ("first", one.coverage.map { .string("\($0.first)") } ?? .null),
        ("last", one.coverage.map { .string("\($0.last)") } ?? .null),
        ("errors", one.check.map { .number(Double($0.errors)) } ?? .null),
        ("warnings", one.check.map { .number(Double($0.warnings)) } ?? .null),
        ("repaired", one.repair.map { .number(Double($0.revision)) } ?? .null),
        ("stale", one.isStale.map { .bool($0) } ?? .null),
        ("error", one.fault.map { .string("\($0)") } ?? .null),
      ])
    }
    return JSONValue.object([("collected", .array(items))]).text
  }

  private func state(_ one: Collected) -> String {
    switch (one.fault?.kind, one.isStale) {
    case (nil, true): "stale"
    case (nil, _): "up to date"
    case (_, nil): "nothing there"
    case (_, true): "failed, kept, stale"
    case (_, false): "failed, kept"
    }
  }
}
