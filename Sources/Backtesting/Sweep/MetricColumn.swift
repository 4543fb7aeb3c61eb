/// One of the metrics of a backtest under its name in JSON.
public struct MetricColumn: Sendable {
  /// As in `metrics` of `backtest --format json`.
  public let name: String
  /// Whether of two values the lesser is the better one.
  public let lessIsBetter: Bool
  /// The value; nil where it is undefined.
  public let read: @Sendable (Metrics) -> Double?
  let write: @Sendable (inout Metrics, Double?) -> Void

  private init(
    _ name: String, _ path: any WritableKeyPath<Metrics, Double?> & Sendable, lessIsBetter: Bool = false
  ) {
    self.name = name
    self.lessIsBetter = lessIsBetter
    read = { $0[keyPath: path].flatMap(finite) }
    write = { $0[keyPath: path] = $1 }
  }

  private init(_ name: String, _ path: any WritableKeyPath<Metrics, Double> & Sendable) {
    self.name = name
    lessIsBetter = false
    read = { finite($0[keyPath: path]) }
    write = { $0[keyPath: path] = $1 ?? .nan }
  }

  private init(_ name: String, _ path: any WritableKeyPath<Metrics, Int> & Sendable, lessIsBetter: Bool = false) {
    self.name = name
    self.lessIsBetter = lessIsBetter
    read = { Double($0[keyPath: path]) }
    write = { $0[keyPath: path] = $1.flatMap { Int(exactly: $0) } ?? 0 }
  }

  /// All of them, in the order of the JSON.
  public static let all: [MetricColumn] = [
    MetricColumn("final_equity", \.finalEquity),
    MetricColumn("total_return", \.totalReturn),
    MetricColumn("cagr", \.cagr),
    MetricColumn("volatility", \.volatility, lessIsBetter: true),
    MetricColumn("sharpe", \.sharpe),
    MetricColumn("sortino", \.sortino),
    MetricColumn("calmar", \.calmar),
    MetricColumn("max_drawdown", \.maxDrawdown),
    MetricColumn("max_drawdown_bars", \.maxDrawdownBars, lessIsBetter: true),
    MetricColumn("win_rate", \.winRate),
    MetricColumn("profit_factor", \.profitFactor),
    MetricColumn("exposure", \.exposure),
    MetricColumn("trades", \.trades),
    MetricColumn("buy_hold_return", \.buyHoldReturn),
    MetricColumn("deflated_sharpe", \.deflatedSharpe),
  ]

  /// The place of a metric among `all`.
  public static func place(of name: String) -> Int? { all.firstIndex { $0.name == name } }

  /// The values of all, in that order.
  static func values(_ metrics: Metrics) -> [Double?] { all.map { $0.read(metrics) } }
}
