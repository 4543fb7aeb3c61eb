import Backtesting
import Pipelines
import Storage
import Testing
import Trading

@testable import Insights

@Suite struct OutcomeTrackingTests {
  private typealias Fixture = OutcomeFixture

  /// Every seventh bar from 3,000 on, in turn a buy and a sell.
  static func calls(in series: CandleSeries) -> [Storage.SignalRecord] {
    (3_000..<series.count).filter { $0 % 7 == 0 }.map { bar in
      OutcomeFixture.record(bar, bar % 2 == 0 ? .buy : .sell, in: series, confidence: Double(50 + bar % 50))
    }
  }

  static func run(_ records: [Storage.SignalRecord]) -> SignalRun {
    SignalRun(signals: records.map(\.signal), conflicts: 0, firstBuy: 0, firstSell: 0)
  }

  @Test func `stored outcomes are those of a backtest over the same bars, and of numpy`() async throws {
    let fixture = try Fixture()
    let series = try Fixture.sample()
    let records = OutcomeTrackingTests.calls(in: series)
    try await fixture.save(records)
    let horizons = ["1h", "1d", "5b", "20b", "1w", "1mo"].compactMap { Horizon($0) }
    try await fixture.track(series, horizons: horizons)
    let stored = Dictionary(grouping: try await fixture.outcomes(series), by: \.horizon)
    #expect(stored["1h"] == nil)

    var options = BacktestOptions()
    options.horizons = horizons
    let result = backtest(
      OutcomeTrackingTests.run(records), on: series, plan: TradePlan(), strategy: "s", options: options)
    // numpy 2 over the same file: count, open, success, mean, best and worst by (c[end] / c[bar] − 1) × sign, the end by
    // dates for 1w and 1mo.
    let reference: [String: (count: Int, open: Int, success: Double, mean: Double, best: Double, worst: Double)] = [
      "1d": (290, 0, 0.5137931034482759, -0.00046841582983842575, 0.05836341266354905, -0.046882627707419466),
      "5b": (289, 1, 0.48788927335640137, -0.000978739267164066, 0.07664704702913872, -0.14097454680837107),
      "20b": (287, 3, 0.5017421602787456, -0.0006628984002344768, 0.16017330147217768, -0.10762026861781426),
      "1w": (290, 0, 0.47586206896551725, -0.0003577916873266642, 0.07664704702913872, -0.14097454680837107),
      "1mo": (287, 3, 0.47735191637630664, 0.001126142914930805, 0.17253912099881108, -0.11070659800025906),
    ]
    for outcome in result.outcomes.dropFirst() {
      let name = "\(outcome.horizon)"
      let theirs = try #require(reference[name])
      let rows = try #require(stored[name])
      let values = rows.compactMap(\.result)
      #expect(values.count == outcome.count && values.count == theirs.count, "\(name)")
      #expect(rows.count - values.count == theirs.open, "\(name)")
      let success = Double(values.count { $0 > 0 }) / Double(values.count)
      #expect(agree(success, outcome.successRate) && agree(success, theirs.success), "\(name)")
      let mean = values.reduce(0, +) / Double(values.count)
      #expect(agree(mean, outcome.meanReturn) && agree(mean, theirs.mean), "\(name)")
      #expect(agree(values.max(), theirs.best) && agree(values.min(), theirs.worst), "\(name)")
    }
  }

  @Test func `judged day by day or at the end, the outcomes are the same, and a second pass changes nothing`()
    async throws
  {
    let series = try Fixture.sample().bars(4_700..<5_031)
    let records = (0..<series.count).filter { $0 % 5 == 0 }.map { Fixture.record($0, in: series) }
    let daily = try Fixture()
    var open: [Int] = []
    for end in stride(from: 40, through: series.count, by: 1) where end % 3 == 0 || end == series.count {
      try await daily.save(records.filter { $0.signal.bar < end })
      try await daily.track(series.bars(0..<end))
      open.append(try await daily.store.openOutcomes().count)
      #expect(try await daily.track(series.bars(0..<end)) == nil)
    }
    // Some are always open: of the last month, and no more than those.
    #expect(open.allSatisfy { $0 > 0 && $0 < 60 }, "\(open)")
    let once = try Fixture()
    try await once.save(records)
    try await once.track(series)
    #expect(try await once.outcomes(series).count > 300)
    #expect(Set(try await once.outcomes(series)) == Set(try await daily.outcomes(series)))
    // Asked once more by somebody who cannot tell what changed, nothing is saved.
    let again = try #require(try await once.track(series, state: "other"))
    #expect(again.saved == 0 && again.removed == 0)
  }

  @Test func `a horizon ends at its own time, by hand`() async throws {
    let fixture = try Fixture()
    // Hours from midnight on; the third is missing.
    let hour = Timeframe(1, .hour)
    let closes: [Double?] = [100, 102, nil, 101, 99, 98, 110, 111] + [Double?](repeating: 120, count: 20)
    let series = Fixture.series(closes, hour)
    let ids = try await fixture.save([
      Fixture.record(0, in: series), Fixture.record(1, .sell, in: series), Fixture.record(1, .exitLong, in: series),
    ])
    try await fixture.track(series)
    func outcome(_ id: Int64, _ horizon: String) async throws -> OutcomeRecord? {
      try await fixture.store.outcomes(of: id).first { $0.horizon == horizon }
    }
    // The bar at 00:00 is known at 01:00; an hour later the one at 01:00 closes at 102.
    #expect(agree(try await outcome(ids[0], "1h")?.result, 0.02))
    // Four hours after 01:00 is the close of the bar at 04:00: 99.
    #expect(agree(try await outcome(ids[0], "4h")?.result, -0.01))
    #expect(try await outcome(ids[0], "4h")?.time == Fixture.time(4, hour))
    // One bar after 01:00 is the missing one: measured at the next close, 101, and for a sell 102 to 101 is a gain.
    #expect(agree(try await outcome(ids[1], "1b")?.result, 1 - 101.0 / 102))
    #expect(try await outcome(ids[1], "1b")?.price == 101)
    // The next day has begun and is not over: its close is not known, though there are bars of it.
    #expect(series.times.last?.day == series.times[0].day + 1)
    #expect(try await outcome(ids[0], "1d")?.result == nil)
    #expect(try await fixture.store.outcomes(of: ids[2]).isEmpty)
    let next = Fixture.series(closes + [Double?](repeating: 130, count: 21), hour)
    try await fixture.track(next)
    #expect(agree(try await outcome(ids[0], "1d")?.result, 0.3))
  }

  @Test func `corrected bars and signals judge anew, and what was taken back has no outcome`() async throws {
    let fixture = try Fixture()
    let series = Fixture.series([100, 101, 102, 103, 104])
    let horizons = [Horizon.bars(1), .bars(2)]
    let ids = try await fixture.save([Fixture.record(1, in: series), Fixture.record(3, in: series)])
    try await fixture.track(series, horizons: horizons)
    func results() async throws -> [Double?] { try await fixture.outcomes(series).map(\.result) }
    let expected: [Double?] = [1.0 / 101, 2.0 / 101, 1.0 / 103, nil]
    let found = try await results()
    #expect(found.count == 4 && zip(found, expected).allSatisfy { agree($0, $1) })
    // The bar after the first signal is corrected.
    let corrected = Fixture.series([100, 101, 90, 103, 104])
    try await fixture.track(corrected, state: "corrected", horizons: horizons)
    #expect(agree(try await results()[0], -11.0 / 101))
    // The first signal is taken back.
    let moment = Instant(seconds: 2)
    _ = try await fixture.store.correct(SignalCorrection(id: ids[0], signal: nil, cause: "c"), at: moment)
    let update = try #require(try await fixture.track(corrected, state: "corrected", horizons: horizons))
    #expect(update.removed == 2 && update.saved == 0)
    #expect(try await fixture.outcomes(series).map(\.signal) == [ids[1], ids[1]])
    // It stands again.
    _ = try await fixture.store.correct(
      SignalCorrection(id: ids[0], signal: Fixture.record(1, in: series).signal, cause: "c"), at: moment)
    try await fixture.track(corrected, state: "corrected", horizons: horizons)
    #expect(Set(try await fixture.outcomes(series).map(\.signal)) == Set(ids))
    // A bar that is not there any more leaves its signal without an outcome.
    let shorter = series.bars(0..<3)
    let without = try #require(try await fixture.track(shorter, horizons: horizons))
    #expect(without.judged.unplaced == 1 && without.removed == 2)
  }

  @Test func `while a bar is open the next pass looks again`() async throws {
    let fixture = try Fixture()
    let series = Fixture.series([100, 101, 102])
    try await fixture.save([Fixture.record(0, in: series)])
    #expect(try await fixture.track(series.bars(0..<2), open: 1, state: "3 stored") != nil)
    // Nothing changed in the store: the bar has closed.
    let update = try #require(try await fixture.track(series, state: "3 stored", horizons: OutcomeTracking.horizons))
    #expect(update.judged.series.candles.count == 3)
    #expect(try await fixture.track(series, state: "3 stored") == nil)
  }

  @Test func `tallies count by text, direction and horizon, against the same calls on every bar since the first`()
    async throws
  {
    let fixture = try Fixture()
    // From bar 1 on the price goes down, up, up, up, down, flat.
    let series = Fixture.series([100, 110, 100, 101, 102, 103, 90, 90])
    try await fixture.save([
      Fixture.record(1, in: series), Fixture.record(2, in: series), Fixture.record(5, .sell, in: series),
      Fixture.record(3, in: series, version: "2"),
    ])
    try await fixture.track(series, horizons: [.bars(1)])
    let tallies = try await fixture.store.tallies(strategy: "s", version: "1", timeframe: .day, horizon: "1b")
    #expect(
      tallies == [
        OutcomeTally(
          strategy: "s", version: "1", direction: .buy, horizon: "1b", count: 2, successes: 1, base: 0.5),
        OutcomeTally(
          strategy: "s", version: "1", direction: .sell, horizon: "1b", count: 1, successes: 1, base: 2.0 / 6),
      ])
    #expect(
      try await fixture.store.tallies(strategy: "s", version: "2", timeframe: .day, horizon: "1b").map(\.count) == [1])
  }

  @Test func `many signals are judged in one pass`() async throws {
    let fixture = try Fixture()
    let series = try Fixture.sample()
    try await fixture.save(
      (0..<4).flatMap { strategy in
        (0..<series.count).map { Fixture.record($0, $0 % 3 == 0 ? .sell : .buy, in: series, strategy: "s\(strategy)") }
      })
    let update = try #require(try await fixture.track(series))
    // 20,124 signals at six horizons that days can show.
    #expect(update.saved == 4 * 5_031 * 6)
    #expect(try await fixture.store.openOutcomes().count == update.saved - update.ended)
    #expect(try await fixture.track(series) == nil)
  }
}
