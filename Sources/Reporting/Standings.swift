internal import Backtesting
internal import Trading

/// The results in the order of a league: by symbol as first met, and within a symbol the greatest return less buy and
/// hold first. Within one symbol all are measured against the same prices, so that difference is what a strategy
/// added to simply holding; across symbols it would compare markets.
struct Standings: Sendable {
  static let order = "by symbol; within it the greatest return less buy and hold first"

  let rows: [BacktestResult]
  /// Every horizon that any result has, in the order first met.
  let horizons: [Horizon]

  init(_ results: [BacktestResult]) {
    var symbols: [String: Int] = [:]
    var horizons: [Horizon] = []
    for result in results {
      if symbols[result.symbol] == nil { symbols[result.symbol] = symbols.count }
      for outcome in result.outcomes where !horizons.contains(outcome.horizon) { horizons.append(outcome.horizon) }
    }
    rows = results.sorted { left, right in
      let (first, second) = (symbols[left.symbol] ?? 0, symbols[right.symbol] ?? 0)
      if first != second { return first < second }
      let (gain, other) = (left.excessReturn, right.excessReturn)
      if gain != other { return (gain ?? -.infinity) > (other ?? -.infinity) }
      let (total, otherTotal) = (left.metrics.totalReturn, right.metrics.totalReturn)
      return total != otherTotal ? total > otherTotal : left.strategy < right.strategy
    }
    self.horizons = horizons
  }

  /// One plain sentence: how many did better than holding.
  var verdict: String {
    let comparable = rows.filter { $0.excessReturn != nil }
    guard !comparable.isEmpty else { return "None of these backtests can be compared with buy and hold." }
    let better = comparable.filter { ($0.excessReturn ?? 0) > 0 }
    let idle = better.count { $0.metrics.trades == 0 }
    let many = better.isEmpty ? "None" : "\(better.count)"
    var text = "\(many) of \(comparable.count) backtests beat buy and hold"
    if idle > 0 { text += ", \(idle) of them only by never trading" }
    if comparable.count < rows.count { text += "; \(rows.count - comparable.count) more cannot be compared" }
    return text + "."
  }

  /// What the reader must keep in mind beside the verdict.
  var caution: String {
    let tried = Set(rows.map(\.strategy)).count
    guard tried > 1 else {
      return "One strategy was tried here. If others were tried before it, its figures look better than they are."
    }
    return "Not yet corrected for the number of strategies tried: of \(tried), the best looks good by luck alone."
  }
}

extension BacktestResult {
  /// Total return less that of buy and hold, as a fraction; nil where either is not defined.
  var excessReturn: Double? {
    guard let held = metrics.buyHoldReturn, held.isFinite, metrics.totalReturn.isFinite else { return nil }
    return metrics.totalReturn - held
  }

  func outcome(after horizon: Horizon) -> HorizonOutcome? { outcomes.first { $0.horizon == horizon } }
}

extension Horizon {
  /// As it is written on the command line: `5b`, `1d`, `4h`.
  var label: String {
    switch self {
    case .bars(let count): "\(count)b"
    case .session: "1d"
    case .duration(let timeframe): timeframe.description
    }
  }

  /// In words: `5 bars`, `next session`.
  var words: String {
    switch self {
    case .bars(let count): count == 1 ? "1 bar" : "\(count) bars"
    case .session: "next session"
    case .duration(let timeframe): timeframe.description
    }
  }
}
