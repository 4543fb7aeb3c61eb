import Backtesting
import Pipelines
import SeriesMath
import StrategyModules
import Testing
import Trading

/// The fast way of a sweep against the ordinary replay of each combination, which is tested against vectorbt.
@Suite struct FastSweepTests {
  /// Shapes of strategies, each with its parameters as `A`, `B` and `C`.
  static let shapes = [
    "pipeline: [{ id: a, module: ma_cross, with: { fast: A, slow: B } }]",
    "pipeline: [{ id: a, module: rsi_reversal, with: { period: A, oversold: C } }]\nemit: level",
    "pipeline: [{ id: a, module: rsi_reversal, with: { period: A, oversold: C, on: exit } }]\ntrade: { side: both }",
    "pipeline: [{ id: a, module: bollinger_reversion, with: { period: B } }]\ntrade: { side: short }",
    "pipeline: [{ id: a, module: macd_cross, with: { fast: A, slow: B, signal: 5 } }]\ntrade: { side: both }",
    "pipeline: [{ id: a, module: ma_breakout, with: { period: B, margin: 1% } }]\ntrade: { size: { equity: 60% } }",
    """
    pipeline:
      - id: a
        buy: rsi(close, A) < C and not (close < sma(close, B)) or crosses_above(close, ema(close, A))
        sell: close <= sma(close, A) and (rsi(close, B) >= 50 or close[1] != close)
    """,
    """
    pipeline:
      - id: a
        buy: within(crosses_above(sma(close, A), sma(close, B)), 3) and close == highest(close, A)
        sell: close >= sma(close, B) * 1.01
    trade: { side: both }
    """,
    """
    pipeline:
      - id: a
        long: { enter: "close > sma(close, A)", exit: "close < sma(close, B) or rsi(close, A) > 60" }
    """,
    """
    pipeline:
      - id: a
        long: { enter: "crosses_above(close, sma(close, A))", exit: "rsi(close, A) > 55" }
        short: { enter: "crosses_below(close, sma(close, B))", exit: "rsi(close, A) < 45" }
    trade: { side: both }
    """,
    """
    pipeline:
      - id: a
        long: { enter: "close > sma(close, A)", exit: "rsi(close, A) > 55" }
        short: { enter: "close < sma(close, B)", exit: "rsi(close, A) < C" }
    emit: level
    trade: { side: short }
    """,
    "pipeline: [{ id: a, module: ma_cross, with: { fast: A, slow: B } }]\ntrade: { stop: 3% }",
    "pipeline: [{ id: a, buy: 'close > sma(close @ 1w, 2)', sell: 'close < sma(close, A)' }]",
    "pipeline: [{ id: a, buy: close > 1000000, sell: 'close < sma(close, A)' }]",
    "pipeline: [{ id: a, buy: 'close > sma(close, A)' }]",
  ]

  static func strategies(_ shape: String, _ parameters: [(Int, Int, Int)]) throws -> [Strategy] {
    try parameters.map { a, b, c in
      let text = shape.replacing(/\bA\b/, with: "\(a)").replacing(/\bB\b/, with: "\(b)")
        .replacing(/\bC\b/, with: "\(c)")
      let yaml = "name: shape\ntitle: T\ndescription: D\ntimeframe: 1d\nsymbols: [X]\n\(text)\n"
      let outcome = StrategyReader(registry: bundled).read(file: "shape.yaml", bytes: Array(yaml.utf8))
      return try #require(outcome.strategy, "\(yaml)\(outcome.diagnostics)")
    }
  }

  static func grid(_ random: inout SplitMix64, _ count: Int) -> [(Int, Int, Int)] {
    (0..<count).map { _ in
      let fast = 2 + random.below(20)
      return (fast, fast + 1 + random.below(40), 20 + random.below(30))
    }
  }

  /// A random walk with gaps between close and open; where asked, with missing bars and stretches without any.
  static func walk(_ bars: Int, seed: UInt64, holes: Bool, minutes: Int64 = 1_440, drift: Double = 0) -> CandleSeries {
    var random = SplitMix64(seed: seed)
    var close = 100.0
    let candles = (0..<bars).map { bar in
      let open = close * (1 + 0.004 * (random.unit() - 0.5))
      close = (open * (1 + drift + 0.04 * (random.unit() - 0.5)) * 100).rounded() / 100
      let isMissing = holes && (random.below(40) == 0 || (700..<790).contains(bar) || bar < 3)
      let candle = Candle(
        time: Instant(seconds: 1_500_000_000 + Int64(bar) * minutes * 60), open: open, high: max(open, close) * 1.002,
        low: min(open, close) * 0.998, close: close, volume: 1_000 + Double(random.below(500)))
      return isMissing
        ? Candle(time: candle.time, open: .nan, high: .nan, low: .nan, close: .nan, volume: .nan) : candle
    }
    return CandleSeries(
      instrument: Instrument(symbol: "X"), timeframe: Timeframe(minutes == 1_440 ? "1d" : "30m") ?? .day,
      candles: candles)
  }

  static func replayed(_ strategy: Strategy, _ market: Market, _ options: BacktestOptions) throws -> SweepFigures {
    let backtest = Backtest(on: market.deciding, options: options)
    let run = try run([strategy], over: market)[0]
    let result = backtest.result(of: run, plan: strategy.plan, strategy: strategy.name)
    return SweepFigures(result, blocks: CalendarBlocks(result.times))
  }

  static func rows(
    _ strategies: [Strategy], _ market: Market, _ options: BacktestOptions, jobs: Int = 1
  ) throws -> [SweepFigures] {
    var rows: [SweepFigures] = []
    try sweepRows(strategies, over: market, options: options, jobs: jobs) { place, figures in
      #expect(place == rows.count)
      rows.append(figures)
    }
    return rows
  }

  /// Figures that are counted are equal; those that are summed differ by rounding alone.
  static func expectEqual(_ fast: SweepFigures, _ slow: SweepFigures, _ what: String) {
    func same(_ name: String, _ a: Double?, _ b: Double?, to precision: Double = 1e-9, least: Double = 1e-12) {
      guard let a, let b else {
        #expect(a == nil && b == nil, "\(what): \(name) \(String(describing: a)) for \(String(describing: b))")
        return
      }
      #expect(abs(a - b) <= precision * max(abs(b), least), "\(what): \(name) \(a) for \(b)")
    }
    let (x, y) = (fast.metrics, slow.metrics)
    #expect(x.trades == y.trades, "\(what): trades")
    #expect(x.maxDrawdownBars == y.maxDrawdownBars, "\(what): bars below a peak")
    #expect(x.winRate == y.winRate, "\(what): winners")
    #expect(x.exposure == y.exposure, "\(what): exposure")
    same("final equity", x.finalEquity, y.finalEquity, to: 1e-13)
    same("total return", x.totalReturn, y.totalReturn, least: 1e-3)
    same("drawdown", x.maxDrawdown, y.maxDrawdown, to: 1e-13, least: 1)
    same("profit factor", x.profitFactor, y.profitFactor)
    same("buy and hold", x.buyHoldReturn, y.buyHoldReturn, to: 0)
    same("annual return", x.cagr, y.cagr, least: 1e-3)
    same("volatility", x.volatility, y.volatility)
    same("sharpe", x.sharpe, y.sharpe, least: 1e-3)
    same("sortino", x.sortino, y.sortino, least: 1e-3)
    same("calmar", x.calmar, y.calmar, least: 1e-3)
    let (p, q) = (fast.moments, slow.moments)
    #expect(p?.count == q?.count, "\(what): moments")
    same("mean", p?.mean, q?.mean, least: 1e-4)
    same("deviation", p?.deviation, q?.deviation)
    // Sums of powers lose digits where next to nothing is left after the exposure is taken off.
    same("skewness", p?.skewness, q?.skewness, to: 1e-7, least: 1)
    same("kurtosis", p?.kurtosis, q?.kurtosis, to: 1e-7)
    #expect(fast.blocks.map(\.count) == slow.blocks.map(\.count), "\(what): blocks")
    for (ours, theirs) in zip(fast.blocks, slow.blocks) {
      same("block", ours.sum, theirs.sum, least: 1e-3)
      same("block squares", ours.squares, theirs.squares, least: 1e-5)
    }
  }

  @Test("every figure is the ordinary replay's", arguments: shapes.indices)
  func agreesWithReplay(_ shape: Int) throws {
    var random = SplitMix64(seed: UInt64(shape) + 7)
    let strategies = try FastSweepTests.strategies(FastSweepTests.shapes[shape], FastSweepTests.grid(&random, 6))
    let markets = [
      FastSweepTests.walk(1_400, seed: 3, holes: false, drift: 0.001),
      FastSweepTests.walk(1_400, seed: UInt64(shape), holes: true),
      FastSweepTests.walk(700, seed: UInt64(shape) + 100, holes: shape % 2 == 0, minutes: 30),
    ]
    for (index, candles) in markets.enumerated() {
      var options = BacktestOptions()
      options.fill = index == 1 && shape % 3 == 0 ? .close : .nextOpen
      options.slippage = index == 2 ? 0.0005 : 0
      if index == 1 { (options.from, options.to) = (candles.times[77], candles.times[1_333]) }
      let market = Market(candles)
      let rows = try FastSweepTests.rows(strategies, market, options)
      try #require(rows.count == strategies.count)
      for (place, strategy) in strategies.enumerated() {
        let replayed = try FastSweepTests.replayed(strategy, market, options)
        FastSweepTests.expectEqual(rows[place], replayed, "shape \(shape), series \(index), row \(place)")
      }
    }
  }

  @Test func `trades and drawdowns over the sample index are those of the replay`() throws {
    let market = Market(try VectorbtTests.sample())
    var random = SplitMix64(seed: 1)
    for shape in [0, 4, 8] {
      let strategies = try FastSweepTests.strategies(FastSweepTests.shapes[shape], FastSweepTests.grid(&random, 4))
      let rows = try FastSweepTests.rows(strategies, market, BacktestOptions())
      for (place, strategy) in strategies.enumerated() {
        let replayed = try FastSweepTests.replayed(strategy, market, BacktestOptions())
        #expect(replayed.metrics.trades > 20)
        FastSweepTests.expectEqual(rows[place], replayed, "shape \(shape), row \(place)")
      }
    }
  }

  @Test func `the number of jobs changes nothing`() throws {
    var random = SplitMix64(seed: 5)
    let strategies = try FastSweepTests.shapes.prefix(9).flatMap {
      try FastSweepTests.strategies($0, FastSweepTests.grid(&random, 20))
    }
    let market = Market(FastSweepTests.walk(1_100, seed: 9, holes: true))
    let alone = try FastSweepTests.rows(strategies, market, BacktestOptions())
    for jobs in [2, 3] {
      #expect(try FastSweepTests.rows(strategies, market, BacktestOptions(), jobs: jobs) == alone)
    }
  }

  @Test func `a short position that loses everything has no returns`() throws {
    let closes: [Double?] = [100, 101, 99, 98, 150, 300, 420, 90, 80, 70]
    let strategies = try FastSweepTests.strategies(
      "pipeline: [{ id: a, buy: close > 10000, sell: close < 100 }]\ntrade: { side: short }", [(2, 3, 4)])
    let market = Market(series(closes: closes))
    let row = try FastSweepTests.rows(strategies, market, BacktestOptions())[0]
    #expect(row.metrics.sharpe == nil)
    #expect(row.moments == nil)
    #expect(row.blocks.isEmpty)
    FastSweepTests.expectEqual(
      row, try FastSweepTests.replayed(strategies[0], market, BacktestOptions()), "ruin")
  }

  @Test func `prices without an open are replayed in the ordinary way`() throws {
    let bars = (0..<60).map { bar in
      let close = 100 + 8 * (Double(bar % 13) / 13)
      return (open: bar % 7 == 3 ? 0 : close, high: close + 1, low: close - 1, close: close)
    }
    let market = Market(series(bars))
    let strategies = try FastSweepTests.strategies(FastSweepTests.shapes[0], [(2, 3, 30), (3, 5, 30)])
    for (row, strategy) in zip(try FastSweepTests.rows(strategies, market, BacktestOptions()), strategies) {
      let replayed = try FastSweepTests.replayed(strategy, market, BacktestOptions())
      #expect(replayed.metrics.trades > 3)
      FastSweepTests.expectEqual(row, replayed, "without opens")
    }
  }
}
