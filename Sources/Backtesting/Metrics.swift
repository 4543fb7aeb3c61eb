import Trading

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

extension Metrics {
  /// The figures of one replay. `hold` is the equity of buy and hold, `times` the counted bars.
  init(replay: Replay, hold: [Double]?, start: Double, times: ArraySlice<Instant>, periodsPerYear: Double) {
    self.init(
      finalEquity: replay.equity.last ?? start, start: start,
      returns: ReturnStatistics(of: replay.equity, from: start), drawdown: Drawdown(of: replay.equity, from: start),
      record: TradeRecord(of: replay.trades),
      exposure: finite(Double(replay.closesInPosition) / Double(replay.closes)), trades: replay.trades.count,
      holdReturn: hold?.last.flatMap { finite($0 / start - 1) }, times: times, periodsPerYear: periodsPerYear)
  }

  /// The same from what has been made of the equity and the trades already.
  init(
    finalEquity: Double, start: Double, returns: ReturnStatistics, drawdown: Drawdown, record: TradeRecord,
    exposure: Double?, trades: Int, holdReturn: Double?, times: ArraySlice<Instant>, periodsPerYear: Double
  ) {
    let growth = finalEquity / start
    let cagr = Metrics.yearly(growth, from: times.first, to: times.last)
    let perYear = periodsPerYear.squareRoot()
    self.init(
      finalEquity: finalEquity,
      totalReturn: growth - 1,
      cagr: cagr,
      volatility: returns.deviation.flatMap { finite($0 * perYear) },
      sharpe: returns.deviation.flatMap { finite(returns.mean / $0 * perYear) },
      sortino: returns.downside.flatMap { finite(returns.mean / $0 * perYear) },
      calmar: cagr.flatMap { finite($0 / -drawdown.deepest) },
      maxDrawdown: drawdown.deepest,
      maxDrawdownBars: drawdown.longest,
      winRate: finite(Double(record.won) / Double(record.closed)),
      profitFactor: finite(record.gains / record.losses),
      exposure: exposure,
      trades: trades,
      buyHoldReturn: holdReturn,
      deflatedSharpe: nil)
  }

  /// Growth a year of 365.25 days between two bars.
  private static func yearly(_ growth: Double, from first: Instant?, to last: Instant?) -> Double? {
    guard let years = years(from: first, to: last), growth >= 0 else { return nil }
    return finite(pow(growth, 1 / years) - 1)
  }
}

/// Years of 365.25 days between two bars; nil where they are not two.
func years(from first: Instant?, to last: Instant?) -> Double? {
  guard let first, let last, first < last else { return nil }
  return Double(last.milliseconds - first.milliseconds) / 86_400_000 / 365.25
}

/// The value, or nil where it is not a number that can be shown.
func finite(_ value: Double) -> Double? { value.isFinite ? value : nil }

/// Mean and spread of the returns from close to close, the first of them from the money at the start.
struct ReturnStatistics {
  private(set) var mean = 0.0
  /// Sample standard deviation; nil under two returns, or where an account below nothing has no returns.
  private(set) var deviation: Double?
  /// √mean(min(r, 0)²); nil likewise.
  private(set) var downside: Double?

  init(mean: Double, deviation: Double?, downside: Double?) {
    self.mean = mean
    self.deviation = deviation
    self.downside = downside
  }

  init(of equity: [Double], from start: Double) {
    guard equity.count > 1, start > 0 else { return }
    let equity = equity.span
    let count = Double(equity.count)
    var before = start
    var sum = 0.0
    for index in equity.indices {
      guard before > 0 else { return }
      sum += equity[index] / before - 1
      before = equity[index]
    }
    mean = sum / count
    before = start
    var squares = 0.0
    var below = 0.0
    // The returns are computed twice rather than kept: a sweep asks this thousands of times.
    for index in equity.indices {
      let value = equity[index] / before - 1
      before = equity[index]
      squares += (value - mean) * (value - mean)
      let loss = min(value, 0)
      below += loss * loss
    }
    deviation = (squares / (count - 1)).squareRoot()
    downside = (below / count).squareRoot()
  }
}

/// How far and how long the equity lay below its peak.
struct Drawdown {
  /// As a fraction of the peak, 0 or less.
  private(set) var deepest = 0.0
  /// The most bars in a row that closed below a peak.
  private(set) var longest = 0

  init(deepest: Double, longest: Int) {
    self.deepest = deepest
    self.longest = longest
  }

  init(of equity: [Double], from start: Double) {
    let equity = equity.span
    var peak = start
    var below = 0
    for index in equity.indices {
      let value = equity[index]
      if value >= peak {
        peak = value
        below = 0
      } else {
        below += 1
        longest = max(longest, below)
        deepest = min(deepest, value / peak - 1)
      }
    }
  }
}

/// What the closed trades won and lost; what is open at the end is no result yet.
struct TradeRecord {
  private(set) var closed = 0
  private(set) var won = 0
  private(set) var gains = 0.0
  private(set) var losses = 0.0

  init(closed: Int, won: Int, gains: Double, losses: Double) {
    self.closed = closed
    self.won = won
    self.gains = gains
    self.losses = losses
  }

  init(of trades: [Trade]) {
    for trade in trades where trade.exitReason != .end {
      closed += 1
      if trade.pnl > 0 {
        won += 1
        gains += trade.pnl
      } else {
        losses -= trade.pnl
      }
    }
  }
}
