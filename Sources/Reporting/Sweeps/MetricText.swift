import Backtesting

extension MetricColumn {
  /// How the metric is called in a table.
  var title: String {
    switch name {
    case "cagr": "CAGR"
    case "sharpe": "Sharpe"
    case "sortino": "Sortino"
    case "calmar": "Calmar"
    case "deflated_sharpe": "deflated"
    case "total_return": "return"
    case "buy_hold_return": "buy & hold"
    case "max_drawdown": "drawdown"
    default: name.split(separator: "_").joined(separator: " ")
    }
  }

  /// A value as a person reads it.
  func text(_ value: Double?, _ write: Figures) -> String? {
    guard let value else { return nil }
    switch name {
    case "total_return", "cagr", "max_drawdown", "buy_hold_return": return write.percent(value)
    case "volatility", "win_rate", "exposure", "deflated_sharpe": return write.percent(value, signed: false)
    case "max_drawdown_bars", "trades":
      return Int(exactly: value).map { write.count($0) } ?? write.number(value, digits: 1)
    default: return write.number(value, digits: 2)
    }
  }
}
