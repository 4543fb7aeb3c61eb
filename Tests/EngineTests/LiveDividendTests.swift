import Storage
import Testing
import Trading

@testable import Engine

/// What a host says of series that pay dividends as bars come, beside what a backtest says of all of them.
@Suite struct LiveDividendTests {
  /// Numbers beside prices, higher timeframes and another symbol: whatever dividends have a hand in.
  static let money = """
    name: money
    timeframe: 1d
    symbols: [^IXIC, ^GSPC]
    emit: level
    pipeline:
      - id: above
        buy: crosses_above(close, sma(close, 5)) and close > 1000
      - id: beside
        sell: close @ 1w < symbol("N").close @ 1w * 4 and close < close[1]
      - id: lot
        buy: max(close, 3000) > sma(close, 3) @ 1mo and symbol("N").close > symbol("N").close[3]
    """

  /// A series that pays 2 % of the close before at some bars, as a vendor that declares them and gives no adjusted close.
  static func declared(_ series: CandleSeries, at bars: [Int]) -> PriceHistory {
    PriceHistory(
      series: series,
      actions: bars.map { bar in
        CorporateAction(time: series.times[bar], kind: .dividend(series.value(.close, at: bar - 1) * 0.02))
      })
  }

  /// The same told by adjusted closes alone, adjusted backward from the last bar.
  static func adjusted(_ series: CandleSeries, at bars: [Int]) -> PriceHistory {
    var factor = 1.0
    var closes = [Double](repeating: 0, count: series.count)
    for bar in (0..<series.count).reversed() {
      closes[bar] = series.value(.close, at: bar) * factor
      if bars.contains(bar) { factor *= 0.98 }
    }
    return PriceHistory(series: series, adjustedClose: closes)
  }

  @Test func `bars that come one by one over ex-dates give the signals of a backtest, and nothing is replayed`()
    async throws
  {
    let fixture = try LiveFixture()
    let (nasdaq, sp) = (try LiveFixture.sample("IXIC", last: 500), try LiveFixture.sample("GSPC", last: 500))
    let begin = nasdaq.count - 50
    // The first pays for the first time while the host runs, the others before as well.
    try await fixture.save(Self.declared(nasdaq, at: [begin + 9, begin + 30]), under: "^IXIC")
    try await fixture.save(Self.adjusted(sp, at: [40, begin - 20, begin + 14, begin + 33]), under: "^GSPC")
    try await fixture.save(Self.declared(sp, at: [100, begin + 20]), under: "N")
    let strategies = try LiveFixture.strategies() + [LiveFixture.strategy(Self.money)]
    fixture.now = fixture.final(begin, of: nasdaq)
    var live = fixture.run()
    #expect(try await live.start(strategies, at: fixture.now).failures == [])
    _ = await live.evaluate(at: fixture.now)
    for bar in begin + 1..<nasdaq.count {
      if (begin + 28..<begin + 32).contains(bar) { continue }
      fixture.now = fixture.final(bar, of: nasdaq)
      if bar == begin + 22 {
        live = fixture.run()
        #expect(try await live.start(strategies, at: fixture.now).failures == [])
      }
      let pass = await live.evaluate(at: fixture.now)
      #expect(pass.failures == [] && pass.corrections.isEmpty && pass.replayed == 0, "bar \(bar - begin)")
    }
    let expected = try await fixture.backtest(strategies, after: nasdaq.times[begin])
    #expect(try await fixture.standing() == expected)
    #expect(Set(expected.filter { $0.strategy == "money" }.map(\.symbol)) == ["^IXIC", "^GSPC"])
    #expect(expected.count { $0.strategy == "money" } > 10 && expected.count > 150)
    // The dividends are not for nothing.
    let plain = try LiveFixture()
    plain.now = fixture.now
    for (series, symbol) in [(nasdaq, "^IXIC"), (sp, "^GSPC"), (sp, "N")] {
      try await plain.save(series, under: symbol)
    }
    #expect(try await plain.backtest(strategies, after: nasdaq.times[begin]) != expected)
  }

  @Test(arguments: ["^IXIC", "N"], [false, true])
  func `a dividend that is told late is a correction, of the symbol and of what reads it`(
    symbol: String, whileDown: Bool
  ) async throws {
    let fixture = try LiveFixture()
    let (nasdaq, sp) = (try LiveFixture.sample("IXIC", last: 400), try LiveFixture.sample("GSPC", last: 400))
    let begin = nasdaq.count - 40
    let (early, late) = ([60, begin + 5], [60, begin + 5, begin + 16])
    try await fixture.save(Self.declared(nasdaq, at: early), under: "^IXIC")
    try await fixture.save(Self.declared(sp, at: early), under: "N")
    try await fixture.save(sp, under: "^GSPC")
    let strategies = try LiveFixture.strategies() + [LiveFixture.strategy(Self.money)]
    fixture.now = fixture.final(begin, of: nasdaq)
    var live = fixture.run()
    _ = try await live.start(strategies, at: fixture.now)
    _ = await live.evaluate(at: fixture.now)
    for bar in begin + 1..<begin + 25 {
      fixture.now = fixture.final(bar, of: nasdaq)
      _ = await live.evaluate(at: fixture.now)
    }
    let before = try await fixture.backtest(strategies, after: nasdaq.times[begin])
    #expect(try await fixture.standing() == before)

    try await fixture.save(Self.declared(symbol == "N" ? sp : nasdaq, at: late), under: symbol)
    if whileDown {
      live = fixture.run()
      _ = try await live.start(strategies, at: fixture.now)
    }
    let pass = await live.evaluate(at: fixture.now)
    let after = try await fixture.backtest(strategies, after: nasdaq.times[begin])
    #expect(try await fixture.standing() == after && after != before)
    #expect(pass.failures == [] && pass.replayed > 0 && pass.corrections.contains { $0.kind == .retracted })
    // It goes on from there.
    for bar in begin + 25..<nasdaq.count {
      fixture.now = fixture.final(bar, of: nasdaq)
      #expect(await live.evaluate(at: fixture.now).replayed == 0)
    }
    #expect(try await fixture.standing() == (try await fixture.backtest(strategies, after: nasdaq.times[begin])))
  }

  @Test func `a split that the bars before it do not have in them is a correction`() async throws {
    let fixture = try LiveFixture()
    let (nasdaq, sp) = (try LiveFixture.sample("IXIC", last: 300), try LiveFixture.sample("GSPC", last: 300))
    let begin = nasdaq.count - 12
    // Four for one at the sixth bar behind; an adjusted close that says so, and a dividend long before.
    var history = Self.adjusted(nasdaq, at: [50])
    let split = begin + 6
    let block = CandleSeries.Column.allCases.flatMap { column in
      nasdaq.column(column).enumerated().map { bar, value in
        bar < split ? value : column == .volume ? value * 4 : value / 4
      }
    }
    history.series = CandleSeries(
      instrument: nasdaq.instrument, timeframe: .day, times: nasdaq.times, block: block)
    history.adjustedClose = history.adjustedClose.map { $0.map { $0 / 4 } }
    history.actions = [CorporateAction(time: nasdaq.times[split], kind: .split(4))]
    try await fixture.save(history, under: "N")
    try await fixture.save(history, under: "^IXIC")
    try await fixture.save(sp, under: "^GSPC")
    let strategies = [try LiveFixture.strategy(Self.money), try LiveFixture.strategy(LiveFixture.clocks)]
    fixture.now = fixture.final(begin, of: nasdaq)
    let live = fixture.run()
    _ = try await live.start(strategies, at: fixture.now)
    _ = await live.evaluate(at: fixture.now)
    var replayed: [Int] = []
    for bar in begin + 1..<nasdaq.count {
      fixture.now = fixture.final(bar, of: nasdaq)
      let pass = await live.evaluate(at: fixture.now)
      if pass.replayed > 0 { replayed.append(bar) }
      let expected = try await fixture.backtest(strategies, after: nasdaq.times[begin])
      // Levels before the split are those of the shares of today; what was said of them is brought along.
      #expect(try await fixture.standing() == expected, "bar \(bar - begin)")
    }
    #expect(replayed == [split])
  }
}
