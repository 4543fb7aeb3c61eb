import Pipelines
import Storage
import Trading

/// A call whose end no signal has said yet.
struct OpenCall: Sendable {
  var entry: StoredSignal
  var isTaken = false

  var knownAt: Instant { entry.record.timeframe.knownAt(open: entry.record.signal.time) }
}

/// The calls that are open by the signals of strategies alone: what a backtest enters by and leaves by, without stops.
enum OpenCalls {
  /// - Parameters:
  ///   - signals: of any order; those that were taken back count for nothing.
  ///   - sides: how strategies trade, by their names; who is not there is not asked for.
  static func of(_ signals: [StoredSignal], sides: [String: TradePlan.Side]) -> [OpenCall] {
    struct Key: Hashable { var strategy, symbol: String, timeframe: Timeframe }
    let standing = signals.filter { $0.retractedAt == nil && $0.record.signal.base == nil }
      .sorted { ($0.record.signal.time, $0.id) < ($1.record.signal.time, $1.id) }
    var open: [Key: StoredSignal] = [:]
    for one in standing {
      let record = one.record
      guard let side = sides[record.strategy] else { continue }
      let key = Key(strategy: record.strategy, symbol: record.symbol, timeframe: record.timeframe)
      let held = open[key]?.record.signal.direction
      switch record.signal.direction {
      case .exitLong: if held == .buy { open[key] = nil }
      case .exitShort: if held == .sell { open[key] = nil }
      case .buy:
        if held == .sell { open[key] = nil }
        // A further call while it is held opens nothing.
        if side != .short, open[key] == nil { open[key] = one }
      case .sell:
        if held == .buy { open[key] = nil }
        if side != .long, open[key] == nil { open[key] = one }
      }
    }
    return open.values.sorted {
      ($1.record.signal.time, $0.record.symbol, $0.id) < ($0.record.signal.time, $1.record.symbol, $1.id)
    }.map { OpenCall(entry: $0) }
  }
}
