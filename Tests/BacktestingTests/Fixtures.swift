import Backtesting
import Foundation
import Pipelines
import Trading

/// Bars a day apart from Monday 2024-01-01 on; nil is a missing bar.
func series(_ bars: [(open: Double, high: Double, low: Double, close: Double)?]) -> CandleSeries {
  let candles = bars.enumerated().map { index, bar in
    Candle(
      time: day(index), open: bar?.open ?? .nan, high: bar?.high ?? .nan, low: bar?.low ?? .nan,
      close: bar?.close ?? .nan, volume: bar == nil ? .nan : 1000)
  }
  return CandleSeries(instrument: Instrument(symbol: "TEST"), timeframe: .day, candles: candles)
}

/// Bars that open at the last close there was and go straight to their own; nil is a missing bar.
func series(closes: [Double?]) -> CandleSeries {
  var open = closes.lazy.compactMap(\.self).first ?? .nan
  return series(
    closes.map { close in
      guard let close else { return nil }
      defer { open = close }
      return (open, max(open, close), min(open, close), close)
    })
}

/// The label of a bar.
func day(_ bar: Int) -> Instant { Instant(seconds: 1_704_067_200 + Int64(bar) * 86_400) }

/// A run with signals at the bars; everything could be known from bar 0.
func run(_ signals: [(Int, Direction)]) -> SignalRun {
  SignalRun(
    signals: signals.map { bar, direction in
      Signal(time: day(bar), bar: bar, direction: direction, confidence: 70, price: 100, reason: "test")
    }, conflicts: 0, firstBuy: 0, firstSell: 0)
}

/// Without fees, so that the cases can be worked out by hand.
func free(_ change: (inout BacktestOptions) -> Void = { _ in }) -> BacktestOptions {
  var options = BacktestOptions()
  options.feeRate = 0
  change(&options)
  return options
}

/// A plan on one side.
func plan(_ side: TradePlan.Side, _ change: (inout TradePlan) -> Void = { _ in }) -> TradePlan {
  var plan = TradePlan()
  plan.side = side
  change(&plan)
  return plan
}

extension BacktestResult {
  /// The rows as `long 1@100-2@110 signal`, bars by their index.
  var rows: [String] {
    trades.map { trade in
      func bar(_ time: Instant) -> Int { time.day - day(0).day }
      func text(_ price: Double) -> String { String((price * 1e6).rounded() / 1e6) }
      return "\(trade.positionID) \(trade.side) \(bar(trade.entryTime))@\(text(trade.entryPrice))-"
        + "\(bar(trade.exitTime))@\(text(trade.exitPrice)) \(trade.exitReason.rawValue)"
    }
  }
}

/// Whether two numbers agree to a relative precision.
func agree(_ left: Double, _ right: Double, to precision: Double = 1e-9) -> Bool {
  abs(left - right) <= precision * max(abs(left), abs(right), 1e-300)
}

/// A file of the repository, found from this one.
func repositoryFile(_ path: String) -> URL {
  URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../\(path)").standardized
}
