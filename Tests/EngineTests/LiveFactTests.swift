import Calendars
import MarketData
import Pipelines
import Storage
import Synchronization
import Testing
import Trading

@testable import Engine

/// A live host reads news and filings as a backtest does: at each bar what was known when it closed.
@Suite struct LiveFactTests {
  /// The fixture's bars, and what is known of every symbol by its clock.
  private struct BarsAndFacts: LiveBars {
    let bars: StoredBars
    let all: Facts
    let now: @Sendable () -> Instant

    func standing(of names: Set<SeriesName>) async throws(LiveFault) -> [SeriesName: BarStanding] {
      try await bars.standing(of: names)
    }
    func bars(of name: SeriesName, after: Instant?) async throws(LiveFault) -> ClosedBars {
      try await bars.bars(of: name, after: after)
    }
    func calendar(of name: SeriesName) -> (any TradingCalendar)? { bars.calendar(of: name) }
    func facts(of symbol: String) async throws(LiveFault) -> Facts { all.known(by: now()) }
  }

  private static let yaml = """
    name: news
    timeframe: 1d
    symbols: [^IXIC]
    pipeline:
      - id: s
        buy: sentiment(3d) > 0.1 and news.count(3d) >= 2
        sell: sma(sentiment(5d), 2) < 0 and fundamental("revenue") > 100
    """

  @Test func `news that comes as bars come gives the signals of a backtest over all of it`() async throws {
    let fixture = try LiveFixture()
    let series = try LiveFixture.sample("IXIC", last: 200)
    try await fixture.save(series, under: "^IXIC")
    var state: UInt64 = 5
    func random() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 33) / Double(1 << 31)
    }
    let start = series.times[100]
    let span = Double(series.times[199].milliseconds - start.milliseconds)
    // A third of them comes up to a day late, some between a bar's close and the host's look at it.
    let news = (0..<300).map { _ in
      let published = start.advanced(by: Int64(random() * span))
      let late = random() < 0.33 ? Int64(random() * 86_400_000) : 0
      return ScoredItem(publishedAt: published, knownAt: published.advanced(by: late), score: 2 * random() - 1)
    }
    let figures = (0..<3).map { quarter in
      FiledFigure(
        .revenue, .quarter, endDay: start.day + 30 * quarter - 40,
        knownAt: start.advanced(by: Int64(quarter) * 30 * 86_400_000), value: 95 + 10 * Double(quarter))
    }
    let facts = Facts(news: news, figures: figures)
    let strategy = try LiveFixture.strategy(Self.yaml, symbols: ["^IXIC"])
    fixture.now = fixture.final(120, of: series)
    let bars = BarsAndFacts(bars: fixture.bars, all: facts) { fixture.now }
    let live = LiveRun(bars: bars, store: fixture.store, settings: LiveRun.Settings())
    #expect(try await live.start([strategy], at: fixture.now).failures == [])
    _ = await live.evaluate(at: fixture.now)
    var found: [Signal] = []
    for bar in 121..<series.count {
      fixture.now = fixture.final(bar, of: series)
      let pass = await live.evaluate(at: fixture.now)
      #expect(pass.failures == [] && pass.replayed == 0)
      found += pass.signals.map(\.record.signal)
    }
    let whole = Market(series.keeping(fixture.calendar), facts: facts)
    let expected = try Pipelines.run([strategy.strategy], over: whole)[0].signals.filter { $0.bar > 120 }
    #expect(found == expected)
    #expect(expected.count > 10 && Set(expected.map(\.direction)).count == 2)
  }
}
