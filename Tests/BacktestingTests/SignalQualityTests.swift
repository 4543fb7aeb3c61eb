import Foundation
import Pipelines
import Testing
import Trading

@testable import Backtesting

/// An outcome as pandas and scipy have it; see Tests/Parity/figures_reference.py.
struct GoldenOutcome: Decodable {
  var count: Int
  var successRate, baseRate, mfe, mae: Double
  var interval: [Double]
  var grade: String?
  var regimes: [String: GoldenOutcome]?
}

/// Regimes, excursions, intervals and grades.
@Suite struct SignalQualityTests {
  private func compare(_ ours: HorizonOutcome, _ theirs: GoldenOutcome) throws {
    #expect(ours.count == theirs.count)
    #expect(agree(try #require(ours.successRate), theirs.successRate))
    #expect(agree(try #require(ours.baseRate), theirs.baseRate))
    #expect(agree(try #require(ours.favourableExcursion), theirs.mfe))
    #expect(agree(try #require(ours.adverseExcursion), theirs.mae))
    #expect(ours.grade?.rawValue == theirs.grade)
    let interval = try #require(ours.interval)
    // Student's quantile comes from a series, or for very few stretches from a table of four digits.
    #expect(abs(interval.lowerBound - theirs.interval[0]) < 1e-4)
    #expect(abs(interval.upperBound - theirs.interval[1]) < 1e-4)
    if theirs.count > 100 {
      #expect(abs(interval.lowerBound - theirs.interval[0]) < 1e-7)
      #expect(abs(interval.upperBound - theirs.interval[1]) < 1e-7)
    }
  }

  @Test(
    "outcomes by horizon and regime are those of pandas and scipy",
    arguments: ["sma_cross", "golden_cross", "rsi_reversal", "bollinger_reversion"])
  func agreesWithPandas(strategy: String) throws {
    let golden = try #require(try FiguresTests.golden()[strategy]).outcomes
    let outcomes = try VectorbtTests.result(of: strategy).outcomes
    #expect(outcomes.map(\.horizon.description) == ["1b", "5b", "20b"])
    for outcome in outcomes {
      let theirs = try #require(golden[outcome.horizon.description])
      try compare(outcome, theirs)
      let regimes = try #require(outcome.regimes).filter { $0.outcome.count > 0 }
      #expect(Set(regimes.map(\.regime.name)) == Set(try #require(theirs.regimes).keys))
      for regime in regimes { try compare(regime.outcome, try #require(theirs.regimes?[regime.regime.name])) }
    }
  }

  @Test func `on the index nearly any purchase wins: 54, 56 and 61 percent`() throws {
    let candles = try VectorbtTests.sample()
    let everyBar = SignalRun(
      signals: candles.times.indices.map { bar in
        Signal(
          time: candles.times[bar], bar: bar, direction: .buy, confidence: 50, price: candles[bar].close, reason: "")
      }, conflicts: 0, firstBuy: 0, firstSell: 0)
    let outcomes = backtest(everyBar, on: candles, plan: TradePlan(), strategy: "s").outcomes
    // pandas: ((close.shift(-h) / close - 1).dropna() > 0).mean() for 1, 5 and 20.
    for (outcome, rate) in zip(outcomes, [0.5399602385685884, 0.5602865101472344, 0.6142486529634803]) {
      #expect(agree(try #require(outcome.baseRate), rate))
      #expect(outcome.excess == 0)
      #expect(outcome.grade == .d)
    }
  }

  @Test func `a regime is known at its bar and does not change with what follows`() throws {
    let candles = try VectorbtTests.sample()
    let all = MarketRegime.column(of: candles, before: 1_500)
    #expect(all.prefix(199).allSatisfy { $0 == .unknown } && all.dropFirst(199).allSatisfy { $0 != .unknown })
    #expect(Set(all).count == 5)
    for end in [0, 1, 21, 200, 201, 640, 1_499] {
      let cut = CandleSeries(
        instrument: candles.instrument, timeframe: .day, candles: (0..<end).map { candles[$0] })
      #expect(MarketRegime.column(of: cut, before: end) == Array(all.prefix(end)))
    }
  }

  @Test func `a missing bar has no regime and ends none`() {
    var closes: [Double?] = (0..<260).map { 100 + Double($0) }
    closes[230] = nil
    let regimes = MarketRegime.column(of: series(closes: closes), before: 260)
    #expect(regimes[230] == .unknown && regimes[198] == .unknown)
    // Ever the same step on a rising price: bull, and each volatility below the median of those so far.
    #expect(regimes[199] == .bullCalm && regimes[231] != .unknown)
  }

  @Test func `excursions are the furthest highs and lows of the bars after the signal`() throws {
    let candles = series([
      (100, 200, 50, 100), (100, 112, 96, 105), (105, 107, 90, 95), (95, 130, 94, 120), (120, 121, 119, 120),
    ])
    func outcome(_ signals: [(Int, Direction)], _ horizon: Horizon = .bars(2)) -> HorizonOutcome? {
      backtest(
        run(signals), on: candles, plan: TradePlan(), strategy: "s", options: free { $0.horizons = [horizon] }
      ).outcomes.first
    }
    // From the close of 100 the next two bars reach 112 and 90; the signal's own bar is over.
    let buy = try #require(outcome([(0, .buy)]))
    #expect(agree(buy.favourableExcursion ?? .nan, 0.12) && agree(buy.adverseExcursion ?? .nan, -0.1))
    let sell = try #require(outcome([(0, .sell)]))
    #expect(agree(sell.favourableExcursion ?? .nan, 0.1) && agree(sell.adverseExcursion ?? .nan, -0.12))
    // From 95 on the price never stands below 94; from 120 never above 121.
    let both = try #require(outcome([(0, .buy), (2, .buy)]))
    #expect(agree(both.favourableExcursion ?? .nan, (0.12 + 130.0 / 95 - 1) / 2))
    #expect(agree(both.adverseExcursion ?? .nan, (-0.1 + 94.0 / 95 - 1) / 2))
    // A jump away from the signal's close: nothing was ever lost.
    let jump = try #require(outcome([(2, .buy)], .bars(1)))
    #expect(agree(jump.adverseExcursion ?? .nan, 94.0 / 95 - 1))
    #expect(outcome([])?.favourableExcursion == nil)
  }

  @Test func `the interval of overlapping signals is that of a hand calculation`() throws {
    // Horizon 2, so blocks of 6 bars; signals on bars 0 and 1 succeed, the one on bar 10 does not. Rate 2/3, deviations
    // 1/3 1/3 −2/3: squares 6/9, the pair a bar apart 2 × (1 − 1/6) × 1/9, together 23/27. The variance of a rate of n
    // trials, 2/9 / n, equals 23/27 / 9 at n = 54/23. Two stretches: one degree of freedom, 12.7062.
    let calls = [(0, 2, 0.1), (1, 3, 0.1), (10, 12, -0.1)].map {
      SettledCall(bar: $0.0, sign: 1, end: $0.1, value: $0.2)
    }
    let (n, z, rate) = (54.0 / 23, 12.7062, 2.0 / 3)
    let middle = (rate + z * z / (2 * n)) / (1 + z * z / n)
    let half = z / (1 + z * z / n) * (rate * (1 - rate) / n + z * z / (4 * n * n)).squareRoot()
    let interval = try #require(SuccessRate(of: calls.span, span: 2).interval)
    #expect(agree(interval.lowerBound, middle - half) && agree(interval.upperBound, middle + half))
  }

  @Test func `signals that stand apart have Wilson's interval`() throws {
    let calls = (0..<10).map { SettledCall(bar: $0 * 5, sign: 1, end: $0 * 5 + 5, value: $0 < 7 ? 0.1 : -0.1) }
    // R: prop.test(7, 10, correct = FALSE) gives 0.3967781 to 0.8922087.
    let interval = try #require(SuccessRate(of: calls.span, span: 5).interval)
    #expect(abs(interval.lowerBound - 0.3967781) < 1e-7 && abs(interval.upperBound - 0.8922087) < 1e-7)
  }

  // scipy: stats.t.ppf(0.975, [1, 2, 4, 5, 9, 10, 30, 200]).
  @Test(arguments: [
    (1, 12.70620474), (2, 4.30265273), (4, 2.77644511), (5, 2.57058184), (9, 2.26215716), (10, 2.22813885),
    (30, 2.04227246), (200, 1.97189622),
  ])
  func `student's quantile is scipy's`(degrees: Int, value: Double) {
    #expect(abs(studentQuantile(degrees: degrees) - value) < 6e-5)
  }

  @Test(arguments: [
    (0.66...0.8, Grade.a), (0.64...0.8, .b), (0.61...0.8, .b), (0.59...0.8, .c), (0.56...0.8, .c), (0.55...0.8, .d),
    (0.5...0.55, .d), (0.4...0.54, .f),
  ])
  func `the grade is the interval's place over the base rate`(interval: ClosedRange<Double>, grade: Grade) {
    #expect(Grade(interval, base: 0.55, signals: 10) == grade)
    #expect(Grade(interval, base: 0.55, signals: 9) == nil)
    #expect(Grade(nil, base: 0.55, signals: 10) == nil && Grade(interval, base: nil, signals: 10) == nil)
  }

  @Test func `without detail nothing is made up, and the rest is the same`() throws {
    let signals: [(Int, Direction)] = [(0, .buy), (1, .buy), (4, .sell)]
    let candles = series(closes: [100, 101, 103, 102, 104, 105, 99, 98])
    let full = backtest(run(signals), on: candles, plan: TradePlan(), strategy: "s").outcomes
    let brief = backtest(
      run(signals), on: candles, plan: TradePlan(), strategy: "s",
      options: {
        var options = BacktestOptions()
        options.outcomesInDetail = false
        return options
      }()
    ).outcomes
    for (full, brief) in zip(full, brief) {
      #expect(brief.regimes == nil && brief.favourableExcursion == nil && brief.adverseExcursion == nil)
      #expect(full.successRate == brief.successRate && full.interval == brief.interval && full.grade == brief.grade)
    }
  }
}
