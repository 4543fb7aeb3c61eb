import Backtesting
import Pipelines
import StrategyModules
import Testing
import Trading

/// Strategies from YAML to fills, worked out by hand.
@Suite struct TradeFileTests {
  static func result(_ yaml: String, over candles: CandleSeries, _ options: BacktestOptions = free()) throws
    -> BacktestResult
  {
    let (strategy, diagnostics) = StrategyReader(registry: bundled).read(file: "s.yaml", bytes: Array(yaml.utf8))
    let sound = try #require(strategy, "\(diagnostics.map(\.description))")
    let run = try #require(try Pipelines.run([sound], over: candles).first)
    return Backtest(on: candles, options: options).result(of: run, plan: sound.plan, strategy: "s")
  }

  /// A day's range of 2 about every close but the last; closes as given, opens at the close before.
  static func steady(_ closes: [Double]) -> CandleSeries {
    var before = closes[0]
    return series(
      closes.map { close in
        defer { before = close }
        return (before, max(before, close) + 1, min(before, close) - 1, close)
      })
  }

  @Test func `a turtle sizes by its range, adds by half of it, and stops two below the last fill`() throws {
    let yaml = """
      name: s
      timeframe: 1d
      symbols: [TEST]
      let:
        n: atr(3)
      pipeline:
        - id: call
          buy: close > highest(high, 3)[1]
          sell: close < 0
      trade:
        size: { risk: 1%, distance: n }
        stop: { distance: 2 * entry(n), from: last_fill }
        add: { when: close >= position.last_fill + 0.5 * entry(n), units: 3 }
      """
    // The true range is 2 for four bars, then 104 − 99 = 5 on bar 4: Wilder's average of three is 2, then (2 × 2 + 5) / 3
    // = 3. The close of bar 4, 103, lies above the highs of 101: a unit is 100 / 3 shares, bought at 103 on bar 5.
    let candles = Self.steady([100, 100, 100, 100, 103, 105, 105, 107, 107, 101])
    let result = try Self.result(yaml, over: candles)
    // Bar 5 closes at 105 ≥ 103 + 1.5: a unit at 105 on bar 6. Bar 6 closes at 105. Bar 7 closes at 107 ≥ 106.5: the
    // third and last unit at 107 on bar 8, as far as the cash goes. The stop is 107 − 6 = 101, and bar 9 falls to 100.
    #expect(result.rows.count == 1)
    let trade = try #require(result.trades.first)
    let unit = 100.0 / 3
    let third = (10_000 - unit * 208) / 107
    #expect(trade.exitReason == .stop)
    #expect(trade.exitPrice == 101)
    #expect(trade.entryTime == day(5) && trade.exitTime == day(9))
    #expect(third < unit)
    #expect(agree(trade.quantity, 2 * unit + third))
    #expect(agree(trade.entryPrice, 10_000 / (2 * unit + third)))
    #expect(agree(result.metrics.finalEquity, (2 * unit + third) * 101))
  }

  @Test func `an opening range is broken by a stop order and left before the close`() throws {
    let yaml = """
      name: s
      timeframe: 15m
      symbols: [TEST]
      pipeline:
        - id: range_is_made
          buy: session.elapsed >= 30m
      trade:
        entry: { stop: session.high(30m), expires: session }
        stop: { price: entry(session.low(30m)) }
        max_entries: 1/session
        flat: session_close - 15m
      """
    // Six bars a session from 14:30 on; the first two make the range.
    func session(_ bars: [(open: Double, high: Double, low: Double, close: Double)], _ date: Int) -> [Candle] {
      bars.enumerated().map { index, bar in
        Candle(
          time: day(date).advanced(by: Int64(14 * 60 + 30 + 15 * index) * 60_000), open: bar.open, high: bar.high,
          low: bar.low, close: bar.close, volume: 1)
      }
    }
    typealias Bar = (open: Double, high: Double, low: Double, close: Double)
    func quiet(_ price: Double) -> [Bar] {
      Array(repeating: (price, price, price - 1, price), count: 2)
        + Array(repeating: (price, price, price, price), count: 4)
    }
    let range: [(open: Double, high: Double, low: Double, close: Double)] = [(100, 102, 99, 101), (101, 103, 100, 102)]
    let candles =
      session(quiet(100), 0)
      // Broken at 103 in the fourth bar, held, and left at the open of the last.
      + session(range + [(102, 102.5, 101, 102), (102, 105, 102, 104), (104, 106, 104, 105), (105, 105, 104, 104)], 1)
      // Broken by a gap at 104, and stopped at the range's low, 99; it does not enter a second time.
      + session(range + [(104, 104, 98, 100), (100, 104, 100, 104), (104, 104, 104, 104), (104, 104, 104, 104)], 2)
      // Never broken: the order does not outlive its session.
      + session(range + Array(repeating: (102, 102.5, 101, 102), count: 4), 3)
      + session(quiet(110), 4)
    let series = CandleSeries(
      instrument: Instrument(symbol: "TEST"), timeframe: Timeframe(15, .minute), candles: candles)
    let result = try Self.result(yaml, over: series)
    let rows = result.trades.map { trade in
      "\(trade.entryTime) \(trade.entryPrice) \(trade.exitTime) \(trade.exitPrice) \(trade.exitReason.rawValue)"
    }
    // The quiet first session breaks nothing but its own range of 100, at once: it is held over night, for the close was
    // not known. On the last date the range is 110, and the first bar after it reaches it.
    #expect(
      rows == [
        "2024-01-01T15:00:00Z 100.0 2024-01-02T14:30:00Z 100.0 flat",
        "2024-01-02T15:15:00Z 103.0 2024-01-02T15:45:00Z 105.0 flat",
        "2024-01-03T15:00:00Z 104.0 2024-01-03T15:00:00Z 99.0 stop",
        "2024-01-05T15:00:00Z 110.0 2024-01-05T15:45:00Z 110.0 flat",
      ])
  }

  @Test func `a plan without expressions reads no columns`() throws {
    let yaml = "name: s\ntimeframe: 1d\nsymbols: [X]\npipeline: [{ id: a, module: ma_breakout }]\ntrade: { stop: 8% }\n"
    let strategy = StrategyReader(registry: bundled).read(file: "s.yaml", bytes: Array(yaml.utf8)).strategy
    #expect(strategy?.plan.columns == [])
    #expect(strategy?.plan.isPlain == false)
    let plain = StrategyReader(registry: bundled)
      .read(file: "s.yaml", bytes: Array(yaml.replacing("trade: { stop: 8% }", with: "").utf8)).strategy
    #expect(plain?.plan.isPlain == true)
  }

  @Test func `a volatility target is sized by the deviation of the returns`() throws {
    let yaml = """
      name: s
      timeframe: 1d
      symbols: [X]
      pipeline:
        - id: call
          buy: close > 104
      trade: { size: { volatility: 100%, bars: 2 } }
      """
    let result = try Self.result(
      yaml, over: series(closes: [100, 100, 110, 105.6, 105.6]), free { $0.periodsPerYear = 252 })
    // The call stands on bar 2 (110): returns 0 and 10 %, deviation 0.1 / √2 = 7.07 %, × √252 = 112.25 % a year.
    let trade = try #require(result.trades.first)
    #expect(agree(trade.quantity * trade.entryPrice, 10_000 / (0.1 / 2.0.squareRoot() * 252.0.squareRoot())))
  }
}
