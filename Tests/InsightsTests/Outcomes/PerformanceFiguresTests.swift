import Backtesting
import Pipelines
import SeriesMath
import Storage
import Testing
import Trading

@testable import Insights

@Suite struct PerformanceFiguresTests {
  private typealias Fixture = OutcomeFixture

  private func stored(_ records: [Storage.SignalRecord]) -> [StoredSignal] {
    records.enumerated().map { StoredSignal(id: Int64($0 + 1), record: $1) }
  }

  private func judged(
    _ records: [Storage.SignalRecord], _ series: CandleSeries, _ horizon: Horizon = .bars(5), symbol: String = "X"
  ) -> JudgedSignals {
    JudgedSignals(symbol, stored(records), over: series, horizons: [horizon])
  }

  @Test(arguments: ["1d", "5b", "20b", "1mo"])
  func `figures are those of a backtest that counts from the first signal on`(_ name: String) throws {
    let horizon = try #require(Horizon(name))
    let series = try Fixture.sample()
    let records = OutcomeTrackingTests.calls(in: series)
    let performance = Performance([judged(records, series, horizon)], horizon: horizon, by: [.strategy])
    var options = BacktestOptions()
    options.horizons = [horizon]
    options.from = records.first?.signal.time
    let theirs = backtest(
      OutcomeTrackingTests.run(records), on: series, plan: TradePlan(), strategy: "s", options: options
    ).outcomes[0]
    let ours = try #require(performance.groups.first)
    #expect(performance.groups.count == 1 && ours.key == ["s"])
    #expect(ours.outcome.count == theirs.count && ours.open == records.count - theirs.count)
    #expect(agree(ours.outcome.successRate, theirs.successRate) && agree(ours.outcome.meanReturn, theirs.meanReturn))
    #expect(agree(ours.outcome.sharpe, theirs.sharpe) && agree(ours.outcome.baseRate, theirs.baseRate))
    #expect(ours.outcome.interval == theirs.interval && ours.outcome.grade == theirs.grade)
    // numpy: the base rate from the first signal on, and mean / std(ddof=1).
    let reference = [
      "1d": (0.4997533300444004, -0.039223329993376625), "5b": (0.4991764261169561, -0.042729789960501904),
      "20b": (0.4994030845260074, -0.016334622886567726), "1mo": (0.4993990457575059, 0.02653521289986823),
    ]
    let (base, sharpe) = try #require(reference[name])
    #expect(agree(ours.outcome.baseRate, base) && agree(ours.outcome.sharpe, sharpe, 1e-9))
  }

  @Test func `by regime they are those of a backtest by regime, as it was known at the signal`() throws {
    let series = try Fixture.sample()
    let records = OutcomeTrackingTests.calls(in: series)
    let performance = Performance([judged(records, series)], horizon: .bars(5), by: [.regime])
    var options = BacktestOptions()
    options.horizons = [.bars(5)]
    options.from = records.first?.signal.time
    let theirs = try #require(
      backtest(OutcomeTrackingTests.run(records), on: series, plan: TradePlan(), strategy: "s", options: options)
        .outcomes[0].regimes)
    #expect(performance.groups.count == 4 && theirs.count == 4)
    for regime in theirs {
      let ours = try #require(performance.groups.first { $0.key == [regime.regime.name] }).outcome
      #expect(ours.count == regime.outcome.count && agree(ours.successRate, regime.outcome.successRate))
      #expect(agree(ours.baseRate, regime.outcome.baseRate) && ours.interval == regime.outcome.interval)
    }
    // What comes after a signal does not change the regime that it came in.
    var later = series.times.indices.map { series[$0] }
    for bar in 4_500..<later.count { later[bar].close *= 3 }
    let changed = CandleSeries(instrument: series.instrument, timeframe: .day, candles: later)
    let before = records.filter { $0.signal.bar < 4_400 }
    func counts(_ series: CandleSeries) -> [[String]: Int] {
      Dictionary(
        uniqueKeysWithValues: Performance([judged(before, series)], horizon: .bars(5), by: [.regime]).groups
          .map { ($0.key, $0.outcome.count) })
    }
    #expect(counts(series) == counts(changed))
  }

  @Test func `by month the calls of a month stand against its bars, by hand`() throws {
    // 31 days of January 2024: up each day. February: down each day.
    let series = Fixture.series((0..<60).map { (day: Int) -> Double? in Double(day < 31 ? 100 + day : 300 - day) })
    let records = [0, 5, 30, 40, 45].map { Fixture.record($0, in: series) }
    let performance = Performance(
      [judged(records, series, .bars(1))], horizon: .bars(1), by: [.month, .strategy], minSamples: 1)
    #expect(performance.groups.map(\.key) == [["2024-01", "s"], ["2024-02", "s"]])
    let (january, february) = (performance.groups[0], performance.groups[1])
    // The last of January closes higher on the first of February, at 269.
    #expect(january.outcome.count == 3 && january.outcome.successRate == 1 && january.outcome.baseRate == 1)
    #expect(agree(january.best, 269.0 / 130 - 1) && january.rateGrade == .a)
    #expect(february.outcome.count == 2 && february.outcome.successRate == 0 && february.outcome.baseRate == 0)
    #expect(agree(february.worst, -1.0 / 255) && february.rateGrade == .f)
    let total = try #require(performance.total)
    #expect(total.outcome.count == 5 && agree(total.outcome.successRate, 0.6) && agree(total.outcome.baseRate, 0.6))
  }

  @Test func `the same calls on two symbols that move alike are no more evidence than on one`() throws {
    let series = try Fixture.sample()
    let records = OutcomeTrackingTests.calls(in: series)
    let one = Performance([judged(records, series)], horizon: .bars(5), by: [.strategy])
    let both = Performance(
      [judged(records, series, symbol: "X"), judged(records, series, symbol: "Y")], horizon: .bars(5), by: [.strategy])
    let (single, pooled) = (try #require(one.groups.first), try #require(both.groups.first))
    #expect(pooled.outcome.count == 2 * single.outcome.count && pooled.symbols == 1)
    let (narrow, wide) = (try #require(single.outcome.interval), try #require(pooled.outcome.interval))
    #expect(wide.upperBound - wide.lowerBound > 0.95 * (narrow.upperBound - narrow.lowerBound))
    // Bars of different days stand in one row: a symbol that trades on other days too changes nothing of the figures.
    let shifted = series.bars(2_000..<series.count)
    let mixed = Performance(
      [judged(records, series), judged([], shifted, symbol: "Y")], horizon: .bars(5), by: [.strategy])
    #expect(mixed.groups.first?.outcome.interval == single.outcome.interval)
  }

  @Test func `a strategy that knows the future is found among many that guess`() throws {
    let series = try Fixture.sample().bars(3_000..<4_500)
    var random = SplitMix64(seed: 7)
    var records: [Storage.SignalRecord] = []
    for strategy in 0..<15 {
      for bar in stride(from: strategy, to: 1_490, by: 15) {
        let direction: Direction =
          strategy == 0
          ? (series.value(.close, at: bar + 5) > series.value(.close, at: bar) ? .buy : .sell)
          : (random.unit() < 0.5 ? .buy : .sell)
        records.append(Fixture.record(bar, direction, in: series, strategy: strategy == 0 ? "knows" : "g\(strategy)"))
      }
    }
    let groups = Performance([judged(records, series)], horizon: .bars(5), by: [.strategy]).groups
    let values = Dictionary(uniqueKeysWithValues: groups.map { ($0.key[0], $0.pValue) })
    #expect(try #require(values["knows"] ?? nil) < 0.01)
    #expect(values.filter { $0.key != "knows" }.allSatisfy { ($0.value ?? 1) > 0.05 }, "\(values)")
    #expect(groups.first { $0.key == ["knows"] }?.outcome.grade == .a)
    // Under the least number of samples nothing is rated.
    let few = Performance([judged(records, series)], horizon: .bars(5), by: [.strategy], minSamples: 101).groups
    #expect(few.allSatisfy { $0.pValue == nil && $0.rateGrade == nil })
  }

  @Test func `bars that are too long show no horizon, and say so`() throws {
    let series = try Fixture.sample()
    let hour = try #require(Horizon("1h"))
    let performance = Performance(
      [judged(OutcomeTrackingTests.calls(in: series), series, hour)], horizon: hour, by: [.strategy])
    #expect(performance.groups.isEmpty && performance.total == nil && performance.tooLong == 290)
    #expect(performance.calibration == nil)
  }

  @Test func `letters of a rate are those of the tenths`() {
    #expect([0.8, 0.79, 0.7, 0.6, 0.5, 0.49].map { RateGrade($0).rawValue } == ["A", "B", "B", "C", "D", "F"])
  }
}
