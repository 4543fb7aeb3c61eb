@testable import Backtesting
import Trading

/// Results made up for looking at their reports.
enum Fabricated {
  static func candles(_ symbol: String = "^IXIC", count: Int = 400) -> CandleSeries {
    let start = Instant(seconds: 915_408_000)
    let candles = (0..<count).map { bar -> Candle in
      let close = bar == 7 ? Double.nan : 1_000 + Double(bar) * 3 + Double(bar % 17) * 9
      return Candle(
        time: start.advanced(by: Int64(bar) * 86_400_000), open: close, high: close, low: close, close: close, volume: 1
      )
    }
    return CandleSeries(instrument: Instrument(symbol: symbol), timeframe: .day, candles: candles)
  }

  static func result(
    _ strategy: String = "ma-cross", _ symbol: String = "^IXIC", signals count: Int = 12, total: Double = 0.5,
    held: Double? = 0.4, trades: Int = 1, reason: String = "sma crossed above"
  ) -> BacktestResult {
    let series = candles(symbol)
    let signals = (0..<count).map { index in
      Signal(
        time: series.times[index % 400], bar: index % 400, direction: Direction.allCases[index % 4], confidence: 60,
        price: 1_000 + Double(index), reason: reason)
    }
    let trade = Trade(
      positionID: 1, side: .long, entryTime: series.times[3], entryPrice: 1_020, exitTime: series.times[90],
      exitPrice: 1_210, quantity: 9, fees: 20, pnl: 1_690, return: 0.184, exitReason: .signal)
    let outcomes = [1, 5, 20].map { bars in
      HorizonOutcome(
        horizon: .bars(bars), count: count, successRate: count == 0 ? nil : 0.542,
        meanReturn: count == 0 ? nil : 0.0123, sharpe: .nan, baseRate: 0.53, excess: 0.012, interval: 0.4...0.6)
    }
    let metrics = Metrics(
      finalEquity: 10_000 * (1 + total), totalReturn: total, sharpe: nil, sortino: .nan, calmar: .infinity,
      maxDrawdown: -0.2, maxDrawdownBars: 30, trades: trades, buyHoldReturn: held)
    return BacktestResult(
      strategy: strategy, symbol: symbol, timeframe: .day, bars: 400, conflicts: 1, signals: signals,
      trades: Array(repeating: trade, count: trades), outcomes: outcomes, metrics: metrics,
      equity: (0..<400).map { 10_000 + Double($0 % 37) * 50 },
      buyHoldEquity: held.map { _ in
        (0..<400).map { $0 == 3 ? .nan : 10_000 + Double($0) * 10 }
      }, priceReturns: [], netExposure: 0, start: 10_000, times: series.times, notes: ["Prices of one kind only."])
  }
}
