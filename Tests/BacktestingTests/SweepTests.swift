import Foundation
import MarketData
import Pipelines
import PluginKit
import SeriesMath
import StrategyModules
import Testing
import Trading

@testable import Backtesting

/// A sweep against the ordinary backtests of the same strategies, one by one.
@Suite struct SweepTests {
  static let text = """
    name: cross
    timeframe: 1d
    symbols: [X]
    pipeline:
      - { id: a, module: ma_cross, with: { fast: 5, slow: 20 } }
    """

  /// A store in memory that counts what it is asked to keep, and stops a sweep after so many rows.
  final class Memory: SweepStore {
    struct Stopped: Error {}

    var known: [SweepKey: SweepFigures] = [:]
    var bytes: [UInt8] = SweepRecords.record(binding: "test")
    var kept = 0
    var limit = Int.max

    func figures(of key: SweepKey) -> SweepFigures? { known[key] }

    func keep(_ rows: [(key: SweepKey, figures: SweepFigures)]) throws {
      kept += rows.count
      bytes += SweepRecords.record(rows)
      if kept >= limit { throw Stopped() }
    }
  }

  static func prices(_ name: String, last: Int = 1_200) throws -> CandleSeries {
    let series = try PriceFile.read(
      path: repositoryFile("Samples/\(name).csv").path, instrument: Instrument(symbol: name)
    ).series
    let bars = series.count - last..<series.count
    let columns = CandleSeries.Column.allCases.flatMap { column in
      series.block[column.rawValue * series.count + bars.lowerBound..<column.rawValue * series.count + bars.upperBound]
    }
    return CandleSeries(
      instrument: series.instrument, timeframe: series.timeframe, times: Array(series.times[bars]), block: columns)
  }

  static func sweep(
    _ axes: [String] = ["a.fast=3,8,13", "a.slow=20,40"], over names: [String] = ["IXIC-1d"], store: Memory = Memory(),
    options: BacktestOptions = BacktestOptions(), jobs: Int = 1
  ) throws -> Sweep {
    let template = try #require(
      StrategyReader(registry: bundled).template(file: "cross.yaml", bytes: Array(text.utf8)).0)
    let grid = try ParameterGrid(axes.map { try ParameterAxis($0, of: template) })
    return Sweep(
      template, grid, over: try names.map { Market(try prices($0)) }, options: options, jobs: jobs, store: store)
  }

  /// The ordinary backtest of one pair, from a file with the values in it.
  static func result(
    fast: Int, slow: Int, _ candles: CandleSeries, _ options: BacktestOptions = BacktestOptions()
  ) throws -> BacktestResult {
    let text = text.replacing("fast: 5, slow: 20", with: "fast: \(fast), slow: \(slow)")
    let strategy = try #require(
      StrategyReader(registry: bundled).read(file: "cross.yaml", bytes: Array(text.utf8)).strategy)
    return backtest(
      try run([strategy], over: candles)[0], on: candles, plan: strategy.plan, strategy: "cross", options: options)
  }

  /// Sums are taken in another order than in a replay: the last digits differ, whole numbers do not.
  static func alike(_ left: Metrics, _ right: Metrics) -> Bool {
    zip(MetricColumn.values(left), MetricColumn.values(right)).allSatisfy { left, right in
      if let left, let right { return agree(left, right) }
      return left == nil && right == nil
    } && left.trades == right.trades && left.maxDrawdownBars == right.maxDrawdownBars
  }

  private func pair(_ sweep: Sweep, _ combination: Int) -> (fast: Int, slow: Int) {
    let values = sweep.grid.values(combination).compactMap(\.number)
    return (Int(values[0]), Int(values[1]))
  }

  @Test(arguments: [1, 3]) func `each row is the backtest of its combination`(jobs: Int) throws {
    let sweep = try SweepTests.sweep(over: ["IXIC-1d", "GSPC-1d"], jobs: jobs)
    let rows = try sweep.rows(Array(0..<6))
    #expect(rows.rows.map(\.combination) == Array(0..<6))
    for row in rows.rows {
      let (fast, slow) = pair(sweep, row.combination)
      for (figures, market) in zip(row.figures, sweep.markets) {
        let result = try SweepTests.result(fast: fast, slow: slow, market.deciding)
        #expect(SweepTests.alike(figures.metrics, result.metrics))
        let adjusted = try #require(result.adjustedReturns)
        let (found, wanted) = (try #require(figures.moments), try #require(ReturnMoments(adjusted)))
        #expect(found.count == wanted.count)
        #expect(agree(found.mean, wanted.mean) && agree(found.deviation, wanted.deviation))
        #expect(abs(found.skewness - wanted.skewness) < 1e-9 && agree(found.kurtosis, wanted.kurtosis))
        let total = figures.blocks.reduce(BlockSums(), +)
        #expect(total.count == Double(adjusted.count))
        #expect(abs(total.sum - adjusted.reduce(0, +)) < 1e-12)
      }
    }
  }

  @Test func `rows come in the order of the strategies however many threads work`() throws {
    let sweep = try SweepTests.sweep(["a.fast=2..16", "a.slow=20..29"])
    let strategies = (0..<150).compactMap { combination -> Strategy? in
      guard case .strategy(let made) = sweep.template.strategy(sweep.grid.axes, sweep.grid.values(combination)) else {
        return nil
      }
      return made
    }
    var one: [(Int, SweepFigures)] = []
    var three: [(Int, SweepFigures)] = []
    try sweepRows(strategies, over: sweep.markets[0], jobs: 1) { one.append(($0, $1)) }
    try sweepRows(strategies, over: sweep.markets[0], jobs: 3) { three.append(($0, $1)) }
    #expect(one.map(\.0) == Array(0..<150))
    #expect(three.map(\.0) == one.map(\.0))
    #expect(three.map(\.1) == one.map(\.1))
  }

  @Test func `blocks of the calendar stay where they are when a bar is added or the first ones go`() throws {
    let times = try SweepTests.prices("IXIC-1d").times
    let whole = CalendarBlocks(times)
    #expect(whole.count <= 64 && whole.count > 32)
    for part in [times.dropLast(), times.dropFirst(30)] {
      let blocks = CalendarBlocks(part)
      #expect(blocks.milliseconds == whole.milliseconds)
      let shift = part.startIndex
      for (bar, place) in blocks.places.enumerated() {
        #expect(place + blocks.first == whole.places[bar + shift] + whole.first)
      }
    }
    // A day is 1,024 of the shortest blocks, and lengths double: 16 days hold 1,739 calendar days in 109 blocks, 32 in
    // 55.
    #expect(whole.milliseconds == 32 * 86_400_000)
  }

  @Test func `what was kept is read back to the last bit and a torn end is left out`() throws {
    let store = Memory()
    let sweep = try SweepTests.sweep(store: store)
    let rows = try sweep.rows(Array(0..<6))
    let read = SweepRecords.read(store.bytes)
    #expect(read.binding == "test")
    #expect(read.sound == store.bytes.count)
    for row in rows.rows {
      let key = SweepKey(stage: 0, market: 0, combination: row.combination)
      #expect(read.figures[key] == row.figures[0])
    }
    var random = SplitMix64(seed: 3)
    let whole = SweepRecords.record(binding: "test").count
    for _ in 0..<50 {
      let cut = whole + random.below(store.bytes.count - whole)
      let torn = SweepRecords.read(Array(store.bytes[..<cut]))
      #expect(torn.binding == "test")
      #expect(torn.sound <= cut)
      var damaged = store.bytes
      damaged[cut] ^= 1 << UInt8(random.below(8))
      #expect(SweepRecords.read(damaged).sound < damaged.count)
    }
  }

  @Test func `an interrupted sweep goes on and comes to the same`() throws {
    let whole = try SweepTests.sweep(["a.fast=2..14", "a.slow=20..29"]).rows(Array(0..<130))
    let store = Memory()
    store.limit = 64
    #expect(throws: Memory.Stopped.self) {
      try SweepTests.sweep(["a.fast=2..14", "a.slow=20..29"], store: store).rows(Array(0..<130))
    }
    let second = Memory()
    second.known = SweepRecords.read(store.bytes).figures
    #expect(second.known.count == 64)
    let rest = try SweepTests.sweep(["a.fast=2..14", "a.slow=20..29"], store: second).rows(Array(0..<130))
    #expect(second.kept == 66)
    #expect(rest.rows.map(\.figures) == whole.rows.map(\.figures))
  }

  @Test func `the best stands first, equal ones in the order of their values, undefined ones last`() throws {
    func result(_ combination: Int, _ sharpe: Double?, _ volatility: Double?) -> SweepResult {
      var metrics = Metrics(finalEquity: 1, totalReturn: 0, maxDrawdown: 0, maxDrawdownBars: 0, trades: 0)
      (metrics.sharpe, metrics.volatility) = (sharpe, volatility)
      return SweepResult(combination, [], [SweepFigures(metrics: metrics, moments: nil, blocks: [])])
    }
    let results = [
      result(4, nil, 0.3), result(3, 1, 0.1), result(1, 2, nil), result(2, 1, 0.2), result(0, nil, 0.1),
    ]
    #expect(results.ranked(by: try #require(SweepRank("sharpe"))).map(\.combination) == [1, 2, 3, 0, 4])
    // Of volatilities the lesser is the better one.
    #expect(results.ranked(by: try #require(SweepRank("volatility"))).map(\.combination) == [0, 3, 2, 4, 1])
    #expect(SweepRank("sharp") == nil)
  }

  @Test func `the median over symbols is undefined where half of them have none`() {
    func figures(_ sharpe: Double?) -> SweepFigures {
      var metrics = Metrics(finalEquity: 1, totalReturn: 0, maxDrawdown: 0, maxDrawdownBars: 0, trades: 3)
      metrics.sharpe = sharpe
      return SweepFigures(metrics: metrics, moments: nil, blocks: [])
    }
    func sharpe(_ values: Double?...) -> Double? {
      MetricColumn.place(of: "sharpe").flatMap { SweepResult.medians(of: values.map(figures))[$0] }
    }
    #expect(sharpe(3, 1, 2) == 2)
    #expect(sharpe(1, 2, 4, 8) == 3)
    #expect(sharpe(3, 1, nil) == 2)
    #expect(sharpe(3, nil) == nil)
    #expect(sharpe(3, nil, nil) == nil)
  }

  @Test func `every metric of the JSON can be ranked by`() throws {
    struct Names: Decodable { var names: [String] }
    var metrics = Metrics(finalEquity: 1, totalReturn: 0, maxDrawdown: 0, maxDrawdownBars: 0, trades: 0)
    metrics.sharpe = 1
    let object = try JSONSerialization.jsonObject(with: JSONEncoder().encode(metrics)) as? [String: Any]
    #expect(Set(try #require(object).keys) == Set(MetricColumn.all.map(\.name)))
  }

  @Test func `halving keeps the better third on each rung and shows the whole data`() throws {
    let sweep = try SweepTests.sweep(["a.fast=2..10", "a.slow=20,30,40"])
    let rank = try #require(SweepRank("sharpe"))
    let halved = try sweep.halved(Array(0..<27), by: rank)
    // 1,200 bars: a ninth, 134, is too few; a third, 400, and all.
    #expect(halved.rungs.map(\.bars) == [400, 1_200])
    #expect(halved.rungs.map(\.combinations) == [27, 9])
    #expect(halved.first.rows.count == 27)
    // The same by hand.
    let candles = sweep.markets[0].deciding
    var short = BacktestOptions()
    short.to = candles.times[399]
    let order = try (0..<27).map { combination -> (Int, Double?) in
      let (fast, slow) = pair(sweep, combination)
      return (combination, try SweepTests.result(fast: fast, slow: slow, candles, short).metrics.sharpe)
    }.sorted { ($0.1 ?? -.infinity, -$0.0) > ($1.1 ?? -.infinity, -$1.0) }
    #expect(halved.last.rows.map(\.combination) == order.prefix(9).map(\.0).sorted())
    for row in halved.last.rows {
      let (fast, slow) = pair(sweep, row.combination)
      let wanted = try SweepTests.result(fast: fast, slow: slow, candles).metrics
      #expect(SweepTests.alike(row.figures[0].metrics, wanted))
    }
  }

  @Test func `a deflated ratio is that of the library over the sweep's own combinations`() throws {
    let sweep = try SweepTests.sweep(["a.fast=2..10", "a.slow=20,30,40"])
    let results = sweep.results(of: try sweep.rows(Array(0..<27)))
    let trials = SweepTrials(of: results.map { $0.markets[0] })
    let sharpes = results.compactMap { $0.markets[0].moments?.sharpe }
    let mean = sharpes.reduce(0, +) / 27
    let variance = sharpes.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 26
    #expect(trials.raw == 27 && trials.effective >= 1 && trials.effective <= 27)
    #expect(agree(trials.variance, variance))
    let place = try #require(MetricColumn.place(of: "deflated_sharpe"))
    for (before, after) in zip(results, results.deflated(by: [trials])) {
      let moments = try #require(before.markets[0].moments)
      #expect(after.metrics[place] == deflatedSharpe(moments, trials: trials.effective, varianceOfSharpes: variance))
    }
  }

  // Ranks of 1 2 3 4 5 against 2 1 4 3 5: Σd² = 4, so 1 − 6 · 4 / (5 · 24) = 0.8.
  @Test func `the rank correlation is Spearman's`() throws {
    let value = try #require(rankCorrelation([(1, 20), (2, 10), (3, 40), (4, 30), (5, 50)]))
    #expect(agree(value, 0.8))
    #expect(rankCorrelation([(1, 1), (2, 2)]) == nil)
    #expect(rankCorrelation([(1, 1), (1, 2), (1, 3)]) == nil)
    // Ties share their mean rank: 1 2.5 2.5 4 against 1 2 3 4 is scipy.stats.spearmanr's 0.9486832980505139.
    #expect(agree(try #require(rankCorrelation([(1, 1), (2, 2), (2, 3), (3, 4)])), 0.9486832980505139))
  }
}
