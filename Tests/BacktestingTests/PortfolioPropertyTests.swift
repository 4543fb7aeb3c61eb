import Backtesting
import Foundation
import Pipelines
import TestSupport
import Testing
import Trading

/// What holds of every portfolio, over random prices, signals and plans.
@Suite struct PortfolioPropertyTests {
  /// Three strategies on four symbols; the fourth has a calendar of its own.
  private func sleeves(seed: UInt64) -> [PortfolioSleeve] {
    var random = SplitMix(seed: seed)
    let markets = (0..<4).map { place -> CandleSeries in
      var close = 60.0 + 30 * Double(place)
      let bars = (0..<150).map { _ -> (open: Double, high: Double, low: Double, close: Double)? in
        if random.unit() < 0.1 { return nil }
        let open = close * (0.97 + 0.06 * random.unit())
        close = open * (0.96 + 0.083 * random.unit())
        return (open, max(open, close) * 1.01, min(open, close) * 0.99, close)
      }
      let candles = series(bars).named("S\(place)")
      guard place == 3 else {
        // Two of them pay dividends.
        return place == 0 ? candles : candles.paying(bars.indices.map { $0 % (20 + place) == 9 ? 0.8 : 0 })
      }
      // Opens and closes half a day later than the others.
      return CandleSeries(
        instrument: candles.instrument, timeframe: candles.timeframe,
        times: candles.times.map { $0.advanced(by: 43_200_000) }, block: candles.block)
    }
    return ["one", "two", "three"].enumerated().flatMap { place, name in
      markets.map { candles in
        let signals = (0..<candles.count).compactMap { bar -> (Int, Direction, Double)? in
          guard !candles.isMissing(bar), random.unit() < 0.15 else { return nil }
          return (bar, random.unit() < 0.5 ? .buy : .sell, (10 * random.unit()).rounded(.down) * 10)
        }
        return sleeve(name, candles, signals, TradePlan.Side.allCases[place]) {
          $0.stops = [.fraction(0.05 + 0.02 * Double(place), from: .entry)]
          $0.targets = [.init(at: 0.03, close: 0.5), .init(at: 0.08, close: 0.5)]
          if place == 1 { $0.maxBars = 9 }
        }
      }
    }
  }

  private static func options(_ seed: Int) -> BacktestOptions {
    var options = BacktestOptions()
    options.slippage = 0.0005
    options.fill = seed % 4 == 3 ? .close : .nextOpen
    return options
  }

  private static let keys = [
    "", "max_positions: 4", "max_positions: 3\nweight: momentum\nlookback: 10", "on_conflict: net\nrebalance: 1w",
    "weight: risk_parity\nlookback: 15\nmax_positions: 6\nrebalance: 1d", "weight: mean_reversion\nlookback: 5",
  ]

  @Test("equity is the start and what the trades brought, and never falls below nothing", arguments: 1...24)
  func conserves(_ seed: Int) throws {
    let options = Self.options(seed)
    let result = try portfolio("one, two, three", Self.keys[seed % Self.keys.count])
      .backtest(sleeves(seed: UInt64(seed)), options: options)
    let profit = result.trades.reduce(0) { $0 + $1.pnl }
    #expect(abs(options.start + profit - result.metrics.finalEquity) < 1e-6 * options.start)
    #expect(result.equity.allSatisfy { $0 > 0 })
    #expect(result.trades.count > 10)
    let figures = try #require(result.portfolio)
    for parts in [figures.members, figures.strategies] {
      #expect(abs(parts.reduce(0) { $0 + $1.contribution } - result.metrics.totalReturn) < 1e-6)
    }
  }

  @Test("never more positions are held than there may be", arguments: 1...8)
  func keepsTheLimit(_ seed: Int) throws {
    // A fill at a close bears its bar's opening time, so only fills at opens can be put in order by their times.
    let result = try portfolio("one, two, three", "max_positions: 3\non_conflict: net")
      .backtest(sleeves(seed: UInt64(seed)))
    let spans = Dictionary(grouping: result.trades, by: \.positionID).values.map { rows in
      (from: rows.map(\.entryTime).min() ?? day(0), to: rows.map(\.exitTime).max() ?? day(0))
    }
    for time in Set(spans.map(\.from)) {
      #expect(spans.count { $0.from <= time && time < $0.to } <= 3)
    }
    #expect((result.portfolio?.skipped ?? 0) > 0)
  }

  @Test("neither the order of symbols nor that of strategies changes a byte", arguments: 1...12)
  func ignoresOrder(_ seed: Int) throws {
    let keys = Self.keys[seed % Self.keys.count]
    let given = sleeves(seed: UInt64(seed))
    let wanted = try portfolio("one, two, three", keys).backtest(given, options: Self.options(seed)).text()
    var random = SplitMix(seed: UInt64(seed))
    for names in ["three, one, two", "two, three, one", "three, two, one"] {
      let result = try portfolio(names, keys).backtest(given.shuffled(using: &random), options: Self.options(seed))
      #expect(try result.text() == wanted)
    }
  }

  @Test("where the first has its way, the order of strategies counts and that of symbols does not")
  func firstCounts() throws {
    let given = sleeves(seed: 5)
    let keys = "on_conflict: first"
    let wanted = try portfolio("one, two, three", keys).backtest(given).text()
    var random = SplitMix(seed: 5)
    #expect(try portfolio("one, two, three", keys).backtest(given.shuffled(using: &random)).text() == wanted)
    #expect(try portfolio("three, two, one", keys).backtest(given).text() != wanted)
  }

  @Test("what comes later changes nothing before", arguments: 1...6)
  func isCausal(_ seed: Int) throws {
    let keys = Self.keys[seed % Self.keys.count]
    let given = sleeves(seed: UInt64(seed))
    let whole = try portfolio("one, two, three", keys).backtest(given)
    let end = day(90)
    let cut = given.map { sleeve in
      let bars = sleeve.candles.times.firstIndex { $0 > end } ?? sleeve.candles.count
      return PortfolioSleeve(
        strategy: sleeve.strategy, candles: sleeve.candles.prefix(bars),
        run: SignalRun(signals: sleeve.run.signals.filter { $0.bar < bars }, conflicts: 0, firstBuy: 0, firstSell: 0),
        plan: sleeve.plan)
    }
    let part = try portfolio("one, two, three", keys).backtest(cut)
    // At the cut the bars that have begun close all at once; before it each step is as it was.
    #expect(part.equity.dropLast() == whole.equity.prefix(part.equity.count - 1))
    #expect(part.equity.count > 100)
  }
}
