import Foundation
import Pipelines
import Testing
import Trading

@testable import Backtesting

/// Against Tests/Golden/IXIC-1d.figures.json, which numpy, pandas and scipy made, and against hand calculations.
@Suite struct FiguresTests {
  struct Golden: Decodable {
    struct Year: Decodable {
      var year: Int
      var months: [Double?]
      var total: Double
    }
    struct Intervals: Decodable {
      var block: Double
      var sharpe, cagr, maxDrawdown: [Double]
    }
    var finalEquity, ulcerIndex, var95, cvar95, expectancy, payoffRatio, turnover: Double
    var alpha, beta, informationRatio: Double
    var monthlyReturns: [Year]
    var intervals: Intervals
    var outcomes: [String: GoldenOutcome]
  }

  static func golden() throws -> [String: Golden] {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .custom { keys in
      // Strategies, horizons and regimes are keys too, and stay as they are.
      let name = keys[keys.count - 1].stringValue
      let words = name.split(separator: "_")
      let isData = keys.count == 1 || name.hasSuffix("b") || name.contains("bull") || name.contains("bear")
      return GoldenKey(
        isData ? name : words.prefix(1).joined() + words.dropFirst().map(\.capitalized).joined())
    }
    return try decoder.decode(
      [String: Golden].self, from: Data(contentsOf: repositoryFile("Tests/Golden/IXIC-1d.figures.json")))
  }

  private struct GoldenKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(_ name: String) { stringValue = name }
    init?(stringValue: String) { self.init(stringValue) }
    init?(intValue: Int) { nil }
  }

  @Test(
    "figures are those of numpy and pandas",
    arguments: ["sma_cross", "golden_cross", "rsi_reversal", "bollinger_reversion"])
  func agreesWithNumpy(strategy: String) throws {
    let golden = try #require(try FiguresTests.golden()[strategy])
    let result = try VectorbtTests.result(of: strategy)
    #expect(agree(result.metrics.finalEquity, golden.finalEquity))
    #expect(agree(try #require(result.risk.ulcerIndex), golden.ulcerIndex))
    #expect(agree(try #require(result.risk.valueAtRisk), golden.var95))
    #expect(agree(try #require(result.risk.conditionalValueAtRisk), golden.cvar95))
    #expect(agree(try #require(result.tradeFigures.expectancy), golden.expectancy))
    #expect(agree(try #require(result.tradeFigures.payoffRatio), golden.payoffRatio))
    #expect(agree(try #require(result.tradeFigures.turnover), golden.turnover))
    #expect(agree(try #require(result.benchmark.alpha), golden.alpha))
    #expect(agree(try #require(result.benchmark.beta), golden.beta))
    #expect(agree(try #require(result.benchmark.informationRatio), golden.informationRatio))

    let years = result.monthlyReturns
    try #require(years.count == golden.monthlyReturns.count)
    for (ours, theirs) in zip(years, golden.monthlyReturns) {
      #expect(ours.year == theirs.year)
      #expect(abs(try #require(ours.total) - theirs.total) < 1e-12)
      for (month, value) in zip(ours.months, theirs.months) { #expect(abs((month ?? 9) - (value ?? 9)) < 1e-12) }
    }
  }

  @Test(
    "intervals are those of a stationary bootstrap in numpy with other random numbers",
    arguments: ["golden_cross", "rsi_reversal"])
  func agreesWithResampling(strategy: String) throws {
    let golden = try #require(try FiguresTests.golden()[strategy]).intervals
    let found = try #require(
      BootstrapIntervals(of: try VectorbtTests.result(of: strategy), replications: 600, meanBlock: golden.block))
    for (ours, theirs) in [
      (found.sharpe, golden.sharpe), (found.cagr, golden.cagr), (found.maxDrawdown, golden.maxDrawdown),
    ] {
      let ours = try #require(ours)
      // An end of 600 replications strays by about a twentieth of the width: the standard error of a 2.5 % quantile is
      // √(0.025 × 0.975 / 600) / density, 0.11 deviations, of which the interval is four wide.
      let width = theirs[3] - theirs[0]
      #expect(abs(ours.ninetyFive.lowerBound - theirs[0]) < width / 9)
      #expect(abs(ours.ninety.lowerBound - theirs[1]) < width / 9)
      #expect(abs(ours.ninety.upperBound - theirs[2]) < width / 9)
      #expect(abs(ours.ninetyFive.upperBound - theirs[3]) < width / 9)
    }
  }

  @Test func `intervals come out the same, hold the figure, and widen with the confidence`() throws {
    let result = try VectorbtTests.result(of: "golden_cross")
    let found = try #require(BootstrapIntervals(of: result, replications: 200))
    #expect(found == BootstrapIntervals(of: result, replications: 200))
    #expect(found != BootstrapIntervals(of: result, replications: 200, seed: 2))
    let sharpe = try #require(found.sharpe)
    #expect(sharpe.ninety.contains(try #require(result.metrics.sharpe)))
    #expect(sharpe.ninetyFive.lowerBound < sharpe.ninety.lowerBound)
    #expect(sharpe.ninetyFive.upperBound > sharpe.ninety.upperBound)
    #expect(found.meanBlock >= 1)
  }

  @Test func `risk is that of a hand calculation`() throws {
    let result = backtest(
      run([(0, .buy)]), on: series(closes: [100, 100, 110, 99, 99]), plan: TradePlan(), strategy: "s", options: free())
    // Equity 10,000 10,000 11,000 9,900 9,900: below its peak by 0 0 0 0.1 0.1, √(0.02 / 5).
    #expect(agree(try #require(result.risk.ulcerIndex), 0.004.squareRoot()))
    // Returns sorted −0.1 0 0 0 0.1: rank 0.05 × 4 = 0.2 lies a fifth of the way from −0.1 to 0.
    #expect(agree(try #require(result.risk.valueAtRisk), -0.08))
    #expect(agree(try #require(result.risk.conditionalValueAtRisk), -0.1))
  }

  @Test func `trades are those of a hand calculation`() throws {
    // 100 pieces bought at 100 and sold at 110 (+1,000), 100 bought at 110 and sold at 99 (−1,100).
    let result = backtest(
      run([(0, .buy), (2, .sell), (3, .buy), (4, .sell)]), on: series(closes: [100, 100, 110, 110, 99, 99]),
      plan: TradePlan(), strategy: "s", options: free())
    #expect(agree(try #require(result.tradeFigures.expectancy), -50))
    #expect(agree(try #require(result.tradeFigures.payoffRatio), 1_000.0 / 1_100))
    // Fills of 10,000 + 11,000 + 11,000 + 9,900 in 5 days; equity 10 10 11 11 9.9 9.9 thousand, 10,300 in the mean.
    #expect(agree(try #require(result.tradeFigures.turnover), 41_900 / (5 / 365.25) / 10_300))
  }

  @Test func `what is open at the end has been bought and not sold`() throws {
    let result = backtest(
      run([(0, .buy)]), on: series(closes: [100, 100, 100]), plan: TradePlan(), strategy: "s", options: free())
    #expect(agree(try #require(result.tradeFigures.turnover), 365.25 / 2))
    #expect(result.tradeFigures.expectancy == nil && result.tradeFigures.payoffRatio == nil)
  }

  @Test func `alpha, beta and information ratio are those of a hand calculation`() throws {
    // Own returns 0 0 0.1 0 0 0 (mean 1/60), buy and hold 0 0 0.1 0 −0.1 0 (mean 0): their products sum to 0.01, the
    // squares of the latter to 0.02. The difference is 0.1 once in six, its mean over its deviation 1/√6.
    let result = backtest(
      run([(0, .buy), (2, .sell)]), on: series(closes: [100, 100, 110, 110, 99, 99]), plan: TradePlan(), strategy: "s",
      options: free { $0.periodsPerYear = 252 })
    #expect(agree(try #require(result.benchmark.beta), 0.5))
    #expect(agree(try #require(result.benchmark.alpha), 252.0 / 60))
    #expect(agree(try #require(result.benchmark.informationRatio), 42.0.squareRoot()))
  }

  @Test func `a month without a bar has no return and takes none away`() throws {
    let times = ["2023-12-29", "2024-01-02", "2024-01-31", "2024-03-01"].map { Instant($0) }
    let candles = CandleSeries(
      instrument: Instrument(symbol: "T"), timeframe: .day,
      candles: try zip(times, [100.0, 80, 110, 121]).map { time, close in
        Candle(time: try #require(time), open: close, high: close, low: close, close: close, volume: 1)
      })
    let years = backtest(
      run([(0, .buy)]), on: candles, plan: TradePlan(), strategy: "s", options: free { $0.fill = .close }
    ).monthlyReturns
    try #require(years.map(\.year) == [2023, 2024])
    #expect(years[0].months == Array(repeating: nil, count: 11) + [0] && years[0].total == 0)
    #expect(agree(years[1].months[0] ?? .nan, 0.1) && agree(years[1].months[2] ?? .nan, 0.1))
    #expect(years[1].months.count == 12 && years[1].months.count { $0 == nil } == 10)
    #expect(agree(years[1].total ?? .nan, 0.21))
  }

  @Test func `what is not defined is nil`() {
    func figures(_ signals: [(Int, Direction)], _ closes: [Double?], _ plan: TradePlan = TradePlan()) -> BacktestResult
    {
      backtest(run(signals), on: series(closes: closes), plan: plan, strategy: "s", options: free())
    }
    // Never traded.
    let idle = figures([], [100, 110, 99])
    #expect(idle.risk == RiskFigures(ulcerIndex: 0, valueAtRisk: 0, conditionalValueAtRisk: 0))
    #expect(idle.tradeFigures == TradeFigures(expectancy: nil, payoffRatio: nil, turnover: 0))
    #expect(idle.benchmark.beta == 0 && idle.benchmark.alpha == 0)
    #expect(BootstrapIntervals(of: idle)?.sharpe == nil)
    #expect(BootstrapIntervals(of: idle)?.maxDrawdown?.ninety == 0...0)
    // Prices that do not move.
    let flat = figures([(0, .buy)], [100, 100, 100])
    #expect(flat.benchmark == BenchmarkFigures(alpha: nil, beta: nil, informationRatio: nil))
    // A short that loses all there is.
    let lost = figures([(0, .sell)], [100, 100, 250, 250], plan(.short))
    #expect(lost.metrics.finalEquity == 0)
    #expect(lost.risk.valueAtRisk == nil && lost.risk.conditionalValueAtRisk == nil && lost.benchmark.beta == nil)
    #expect(lost.tradeFigures.turnover != nil && BootstrapIntervals(of: lost) == nil)
    #expect(lost.monthlyReturns.first?.total == -1)
    // One bar, and none.
    for closes in [[100.0], []] {
      let short = figures([(0, .buy)], closes)
      #expect(short.risk.valueAtRisk == nil && short.tradeFigures.turnover == nil && short.benchmark.alpha == nil)
      #expect(BootstrapIntervals(of: short) == nil)
    }
    #expect(figures([], []).risk.ulcerIndex == nil && figures([], []).monthlyReturns.isEmpty)
  }
}
