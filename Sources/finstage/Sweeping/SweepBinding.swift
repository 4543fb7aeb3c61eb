import Backtesting
import MarketData
import Pipelines
import SeriesMath
import Trading

/// What the figures of a sweep depend on, a line each: the state of one sweep is not read by another.
enum SweepBinding {
  static func text(
    _ template: StrategyTemplate, _ grid: ParameterGrid, _ markets: [Market], _ options: BacktestOptions, mode: String
  ) -> String {
    var lines = [
      "version finstage \(Finstage.version), records 1", "strategy \(SHA256.text(of: Array(template.base.text.utf8)))",
    ]
    for market in markets {
      lines.append("data \(market.deciding.instrument.symbol) \(checksum(of: market))")
    }
    var shown = options
    shown.horizons = []
    // By reflection, so that an option that comes later is bound without being listed here.
    let words = Mirror(reflecting: shown).children.map { "\($0.label ?? "")=\($0.value)" }
    lines.append("options \(words.joined(separator: " "))")
    for axis in grid.axes {
      lines.append("axis \(axis.name)=\(axis.values.map(\.text).joined(separator: ","))")
    }
    lines.append("mode \(mode)")
    return lines.joined(separator: "\n")
  }

  /// The name of a state by what it is bound to.
  static func name(of binding: String) -> String { String(SHA256.text(of: Array(binding.utf8)).prefix(16)) }

  /// What differs between two, in words; nil where nothing does.
  static func difference(_ found: String, _ wanted: String) -> String? {
    if found == wanted { return nil }
    let (old, new) = (parts(found), parts(wanted))
    let words = [
      "version": "it was made by another version of the program", "strategy": "the strategy's file has changed",
      "data": "the prices are others", "options": "the options of the backtest are others",
      "axis": "the swept parameters or their values are others", "mode": "the search, the walk or the split is another",
    ]
    let kinds = ["version", "strategy", "data", "options", "axis", "mode"]
    return kinds.first { old[$0] != new[$0] }.flatMap { words[$0] } ?? "it cannot be read"
  }

  private static func parts(_ text: String) -> [String: [String]] {
    Dictionary(grouping: text.split(separator: "\n").map(String.init)) { line in
      line.split(separator: " ").first.map(String.init) ?? ""
    }
  }

  private static func checksum(of market: Market) -> String {
    var hash = SHA256()
    for item in market.facts.news {
      hash.update(Array("\(item.publishedAt) \(item.knownAt) \(item.score ?? .nan)\n".utf8))
    }
    for figure in market.facts.figures {
      hash.update(
        Array("\(figure.field) \(figure.period) \(figure.endDay) \(figure.knownAt) \(figure.value)\n".utf8))
    }
    for (name, series) in [("", market.deciding)] + market.others.sorted(by: { $0.key < $1.key }) {
      hash.update(Array("\(name) \(series.instrument.symbol) \(series.timeframe) \(series.count)\n".utf8))
      add(series.times.map { UInt64(bitPattern: $0.milliseconds) }, to: &hash)
      add(series.block.map(\.bitPattern), to: &hash)
      add(series.dividends.map(\.bitPattern), to: &hash)
      guard let sessions = series.sessions else { continue }
      hash.update(Array("\(sessions.calendar.name)\n".utf8))
      add(sessions.closes.map { UInt64(bitPattern: $0.milliseconds) }, to: &hash)
    }
    return hash.text
  }

  private static func add(_ words: [UInt64], to hash: inout SHA256) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(8 * words.count)
    for word in words {
      for shift in stride(from: UInt64(0), to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: word >> shift)) }
    }
    hash.update(bytes)
  }
}
