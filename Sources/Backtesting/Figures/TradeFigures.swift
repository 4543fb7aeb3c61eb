/// What a trade is worth and how much is traded; made where it is shown.
public struct TradeFigures: Hashable, Sendable {
  /// The mean profit of a closed trade after fees, in money. Nil without a closed trade.
  public var expectancy: Double?
  /// The mean profit of the winning trades over the mean loss of the losing ones. Nil unless there are both.
  public var payoffRatio: Double?
  /// The value of all fills a year over the mean equity: 2 is a whole account bought and sold once a year. Nil under two
  /// bars and where the mean equity is not above nothing.
  public var turnover: Double?
}

extension BacktestResult {
  /// Figures of the closed trades, and of all fills.
  public var tradeFigures: TradeFigures {
    let record = TradeRecord(of: trades)
    let lost = trades.count { $0.exitReason != .end && $0.pnl < 0 }
    return TradeFigures(
      expectancy: finite((record.gains - record.losses) / Double(record.closed)),
      payoffRatio: finite(record.gains / Double(record.won) / (record.losses / Double(lost))), turnover: turnover)
  }

  /// A row of `trades` is an exit of a quantity and its share of the entry, so the rows hold every fill once.
  private var turnover: Double? {
    guard let years = years(from: times.first, to: times.last), !equity.isEmpty else { return nil }
    var traded = 0.0
    for trade in trades {
      traded += trade.quantity * trade.entryPrice
      if trade.exitReason != .end { traded += trade.quantity * trade.exitPrice }
    }
    let mean = equity.reduce(0, +) / Double(equity.count)
    return mean > 0 ? finite(traded / years / mean) : nil
  }
}
