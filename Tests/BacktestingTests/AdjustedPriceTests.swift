import Backtesting
import MarketData
import Pipelines
import PluginKit
import SeriesMath
import StrategyModules
import Testing
import Trading

/// Signals on prices adjusted for dividends as known at the bar, and plans at the prices of the market.
@Suite struct AdjustedPriceTests {
  static func strategy(_ text: String) throws -> Strategy {
    let yaml = "name: s\ntimeframe: 1d\nsymbols: [X]\n\(text)\n"
    let outcome = StrategyReader(registry: bundled).read(file: "s.yaml", bytes: Array(yaml.utf8))
    return try #require(outcome.strategy, "\(outcome.diagnostics)")
  }

  static func columns(_ expressions: [String], _ candles: CandleSeries) throws -> [[Double]] {
    try Evaluation(expressions, registry: bundled).columns(over: Market(candles))
  }

  func buys(_ rule: String, _ candles: CandleSeries) throws -> [Int] {
    let strategy = try Self.strategy("pipeline: [{ id: a, buy: '\(rule)' }]\nemit: level")
    return try Pipelines.run([strategy], over: Market(candles))[0].signals.map(\.bar)
  }

  /// A quarter of the price at bar 2: the factor is 4/3 from there on.
  let quarter = series(closes: [96, 100, 75, 78]).paying([0, 0, 25, 0])

  @Test func `the fall of the ex-date is no fall`() throws {
    #expect(try buys("close < close[1]", quarter) == [])
    #expect(try buys("close < close[1]", series(closes: [96, 100, 75, 78])) == [2])
    // 75 after 100 less 25 is no change; 78 after 75 are 4 %.
    let change = try Self.columns(["change(close)"], quarter)[0]
    #expect(agree(change[1], 100.0 / 96 - 1) && abs(change[2]) < 1e-12 && agree(change[3], 0.04))
  }

  @Test func `an amount of money is compared with the price of its bar`() throws {
    // Adjusted forward bar 3 is at 104; what it traded at was 78.
    #expect(try buys("close > 99", quarter) == [1])
    #expect(try buys("crosses_above(close, 77)", quarter) == [3])
    #expect(try buys("close - 77 > 0.5", quarter) == [0, 1, 3])
    #expect(try buys("max(close, 80) > 81", quarter) == [0, 1])
    // 1000 shares a bar.
    #expect(try buys("close * volume > 77000", quarter) == [0, 1, 3])
  }

  @Test func `on a higher clock prices are adjusted up to the deciding bar`() throws {
    // Two weeks at 100 and then at 75, a quarter being paid on the second Tuesday, which is bar 8.
    let closes = (0..<15).map { $0 < 8 ? 100.0 : 75 }
    let candles = series(closes: closes).paying(closes.indices.map { $0 == 8 ? 25 : 0 })
    let told = try Self.columns(["close @ 1w", "(close > 80) @ 1w", "close - close @ 1w"], candles)
    #expect(agree(told[0][6], 100) && agree(told[0][7], 100) && agree(told[0][8], 75) && agree(told[0][14], 75))
    #expect(told[1][6] == 1 && told[1][12] == 1 && told[1][13] == 0)
    #expect(abs(told[2][9]) < 1e-9)
  }

  @Test func `values are told in the money of their bar`() throws {
    let told = try Self.columns(
      ["close", "sma(close, 2)", "close[1]", "rsi(close, 2)", "close / close[1]", "stddev(close, 2)"], quarter)
    for (value, close) in zip(told[0], [96.0, 100, 75, 78]) { #expect(agree(value, close)) }
    // The close before the ex-date is worth 75 after it.
    #expect(agree(told[1][2], 75) && agree(told[2][2], 75) && agree(told[1][3], 76.5))
    // No change, then a rise: nothing falls.
    #expect(agree(told[3][3], 100) && agree(told[4][2], 1) && agree(told[5][3], 1.5))
  }

  @Test(
    "an indicator tells what it makes of history adjusted back to the bar", arguments: bundled.indicators.keys.sorted())
  func tellsAsOfTheBar(_ id: String) throws {
    let entry = try #require(bundled.indicators[id])
    let inputs = entry.takesSeries ? entry.inputs.indices.map { $0 == 0 ? "close" : "open" } : []
    let call = "\(id)(\(inputs.joined(separator: ", ")))"
    let expressions = (entry.outputs.isEmpty ? [""] : entry.outputs.map { ".\($0)" }).map { call + $0 }
    // What learns has its first value late.
    let walk = FastSweepTests.walk(max(420, entry([:]).warmUp + 60), seed: 11, holes: false)
    let candles = walk.paying(walk.times.indices.map { $0 % 50 == 49 ? 2 : 0 })
    // Worked out on an ordinary series: what is known at its last bar, in the money of that bar.
    let last = try #require(candles.adjustment?.factors.last)
    #expect(last > 1.1)
    let seen = candles.totalReturn
    let adjusted = CandleSeries(
      instrument: walk.instrument, timeframe: .day,
      candles: (0..<walk.count).map { bar in
        var candle = seen[bar]
        (candle.open, candle.high) = (candle.open / last, candle.high / last)
        (candle.low, candle.close) = (candle.low / last, candle.close / last)
        return candle
      })
    for (told, wanted) in zip(try Self.columns(expressions, candles), try Self.columns(expressions, adjusted)) {
      let (value, other) = (try #require(told.last), try #require(wanted.last))
      #expect(other.isFinite && abs(value - other) <= 1e-6 * max(abs(other), 1e-3), "\(value) for \(other)")
    }
  }

  @Test func `orders and stops lie at prices of the market`() throws {
    // The signal of bar 2 asks for a close above 75 + 1 there; bar 3 fills at 76, and the stop is 2 below.
    let strategy = try Self.strategy(
      """
      pipeline: [{ id: a, buy: close == 75 }]
      trade: { entry: { stop: "close + 1" }, stop: { price: "lowest(low, 2) - 1" } }
      """)
    let candles = series(closes: [96, 100, 75, 78, 70, 70]).paying([0, 0, 25, 0, 0, 0])
    let run = try Pipelines.run([strategy], over: Market(candles))[0]
    #expect(run.signals.map(\.price) == [75])
    let result = backtest(run, on: candles, plan: strategy.plan, strategy: "s", options: free())
    // Lows of bars 2 and 3 are 75, the first of them by its open at 100, which is worth 75 then.
    #expect(result.rows == ["1 long 3@76.0-4@74.0 stop"])
  }

  @Test(arguments: FastSweepTests.shapes.indices)
  func `sweeps and summaries are those of the ordinary replay`(_ shape: Int) throws {
    var random = SplitMix64(seed: UInt64(shape) + 7)
    let strategies = try FastSweepTests.strategies(FastSweepTests.shapes[shape], FastSweepTests.grid(&random, 3))
    let walk = FastSweepTests.walk(700, seed: UInt64(shape), holes: shape.isMultiple(of: 2))
    for cash in [1.5, 0] {
      let market = Market(walk.paying(walk.times.indices.map { $0 % 61 == 60 ? cash : 0 }))
      var options = BacktestOptions()
      options.outcomesInDetail = false
      let summaries = try summaries(of: strategies, over: market, options: options, latest: 3)
      for (summary, strategy) in zip(summaries, strategies) {
        try SummaryTests.expectEqual(summary, strategy, market, options)
        #expect(summary.prices == .adjusted)
      }
      for (row, strategy) in zip(try FastSweepTests.rows(strategies, market, options), strategies) {
        FastSweepTests.expectEqual(row, try FastSweepTests.replayed(strategy, market, options), "cash \(cash)")
      }
    }
  }

  @Test func `dividends of nothing change no number`() throws {
    let walk = FastSweepTests.walk(900, seed: 3, holes: true)
    let strategy = try #require(try FastSweepTests.strategies(FastSweepTests.shapes[6], [(5, 20, 40)]).first)
    func text(_ candles: CandleSeries) throws -> String {
      let run = try Pipelines.run([strategy], over: Market(candles))[0]
      var result = backtest(run, on: candles, plan: strategy.plan, strategy: "s")
      (result.notes, result.prices) = ([], .unadjusted)
      return try result.text()
    }
    #expect(try text(walk) == text(walk.paying(walk.times.map { _ in 0 })))
  }

  @Test(arguments: FastSweepTests.shapes.indices)
  func `bar by bar says what blocks say`(_ shape: Int) throws {
    let strategies = try FastSweepTests.strategies(FastSweepTests.shapes[shape], [(4, 11, 40)])
    let walk = FastSweepTests.walk(500, seed: UInt64(shape), holes: true)
    let candles = walk.paying(walk.times.indices.map { $0 % 40 == 39 ? 2 : 0 })
    let whole = try Pipelines.run(strategies, over: Market(candles))[0]
    let stepped = try Pipelines.run(strategies, over: Market(candles), block: 1)[0]
    #expect(whole.signals == stepped.signals)
  }

  @Test func `the certificate holds with dividends, levels and other clocks`() throws {
    let strategy = try Self.strategy(
      """
      pipeline:
        - id: s
          buy: close > sma(close, 5) @ 1w and close > 80 or symbol("N").close > sma(symbol("N").close, 10)
          sell: close < lowest(low, 4)[1] and macd(close).line < 2
      trade: { side: both, stop: { price: "lowest(low, 20)" }, entry: { limit: "close * 0.995" } }
      """)
    func prices(_ seed: UInt64, _ cash: Double) -> CandleSeries {
      let walk = FastSweepTests.walk(600, seed: seed, holes: true)
      return walk.paying(walk.times.indices.map { $0 % 60 == 59 ? cash : 0 })
    }
    let certificate = try CausalityCertificate(
      of: [strategy], over: Market(prices(1, 1.5), others: ["N": prices(2, 0.75)]), cuts: 12, noises: 2)
    #expect(certificate.findings.isEmpty, "\(certificate.findings.prefix(3))")
    #expect(certificate.signals > 20)
  }

  @Test func `a stop does not see a split`() throws {
    // Four for one at bar 2, in the adjusted close alone: 404 to 101 is no fall.
    let text = """
      Date,Open,High,Low,Close,Adj Close,Volume
      2024-01-01,400,400,400,400,100,1000
      2024-01-02,404,404,404,404,101,1000
      2024-01-03,101,101,101,101,101,4000
      2024-01-04,102,102,102,102,102,4000
      """
    let instrument = Instrument(symbol: "X")
    let stop = plan(.long) { $0.stops = [.fraction(0.05, from: .entry)] }
    func rows(_ file: PriceFile) -> [String] {
      backtest(run([(0, .buy)]), on: file.series, plan: stop, strategy: "s", options: free()).rows
    }
    let adjusted = try PriceFile.parsePaying(Array(text.utf8), name: "x.csv", instrument: instrument)
    #expect(rows(adjusted) == ["1 long 1@101.0-3@102.0 end"])
    let plain = try PriceFile.parse(Array(text.utf8), name: "x.csv", instrument: instrument)
    #expect(rows(plain) == ["1 long 1@404.0-2@101.0 stop"])
  }
}
