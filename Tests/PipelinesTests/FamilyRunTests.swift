import Calendars
import Foundation
import Pipelines
import PluginKit
import StrategyModules
import Testing
import Trading

/// A family that takes bars as they come, many series in turn, beside the same strategies over whole series at once:
/// what a live host says beside what a backtest says.
@Suite struct FamilyRunTests {
  private static func strategies() throws -> [Strategy] {
    let folder = repositoryFile("strategies")
    let files = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".yaml") && !$0.hasPrefix("portfolios/") && !$0.hasPrefix("alerts/") }
    let shipped = files.sorted().compactMap { path in
      (try? Data(contentsOf: folder.appending(path: path))).flatMap {
        read([UInt8]($0), file: "strategies/\(path)").strategy
      }
    }
    #expect(shipped.count == files.count && files.count > 50)
    return shipped + (try shippedAlerts()) + [try #require(clocks)]
  }

  /// What the shipped ones leave out: weeks, months, sessions, another symbol on both its clocks, exits.
  private static let clocks = strategy(
    """
      - id: s
        long:
          enter: close > sma(close, 3) @ 1w and symbol("N").close > sma(symbol("N").close, 10)
          exit: close < lowest(low, 2) @ 1mo or symbol("N").close < symbol("N").close[5] @ 1w
        short:
          enter: count(close < open, 7) >= 5 and since(close > open) >= 2 and weekday >= 3
          exit: within(close > value_when(close > open, high), 3)
      - id: t
        buy: rsi(symbol("N").close, 5) < 30 and every(close < sma(close, 4), 2)
        sell: zscore(close, 20) > 2
    """, "signal: s")

  private static func market(_ name: String, _ other: String, calendar: Bool, pays: Bool = false) throws -> Market {
    var (own, beside) = (try sample(name), try sample(other))
    if pays { (own, beside) = (paying(own, 1.2), paying(beside, 0.7)) }
    if calendar, let exchange = ExchangeCalendar("XNYS") {
      (own, beside) = (own.keeping(exchange), beside.keeping(exchange))
    }
    return Market(own, others: ["N": beside, "@b": beside])
  }

  /// One series that pays nothing, one that does late, and one from early on: all take turns at the same run.
  @Test func `series with dividends and without, in turn, give the signals of a backtest`() throws {
    let family = StrategyFamily(
      try Self.strategies() + [
        try #require(
          strategy(
            """
              - id: s
                buy: crosses_above(close, 2000) or crosses_below(close, 3000)
                sell: max(close, 2500) < sma(close, 3) @ 1w and close > 1000
              - id: t
                buy: crosses_above(symbol("N").close, 1000) or symbol("N").close @ 1mo > 1200
            """, "emit: level"))
      ])
    let live = FamilyRun(family, block: 64)
    let plain = try Self.market("IXIC", "GSPC", calendar: true)
    func paying(_ series: CandleSeries, _ bars: [Int]) -> CandleSeries {
      var cash = [Double](repeating: 0, count: series.count)
      for bar in bars { cash[bar] = series.value(.close, at: bar - 1) * 0.03 }
      return series.paying(cash)
    }
    let count = plain.deciding.count
    let late = Market(
      paying(plain.deciding, [count - 40, count - 9]), others: plain.others.mapValues { paying($0, [70, count - 17]) })
    let early = Market(paying(plain.deciding, stride(from: 30, to: count, by: 63).map { $0 }), others: plain.others)
    let markets = [plain, late, early]
    let expected = try markets.map { try run(family, over: $0).map(\.signals) }
    #expect(expected[0] != expected[1] && expected[1] != expected[2])
    let states = markets.map { _ in live.begin() }
    var found = markets.map { _ in family.strategies.map { _ in [Signal]() } }
    let sizes = [1, 900, 1, 1, 64, 800, 1, 1, 1, 130, 2]
    var piece = 0
    while zip(markets, states).contains(where: { $0.deciding.count > $1.count }) {
      for (place, market) in markets.enumerated() {
        let state = states[place]
        // Near the end bar by bar.
        let size = count - state.count < 60 ? 1 : min(sizes[(piece + place) % sizes.count], count - 50 - state.count)
        let bars = state.count..<min(state.count + max(1, size), count)
        guard !bars.isEmpty else { continue }
        var deciding = market.deciding.bars(bars)
        // A host does not know of a dividend before it is paid.
        if market.deciding.adjustment?.factors[bars.upperBound - 1] == 1 { deciding = plain.deciding.bars(bars) }
        var part = Market(deciding, others: market.others, first: bars.lowerBound)
        part.otherFirsts = market.others.mapValues { _ in 0 }
        for signal in try live.advance(state, over: part) { found[place][signal.strategy].append(signal.signal) }
      }
      piece += 1
    }
    for place in markets.indices { #expect(found[place] == expected[place], "market \(place)") }
  }

  /// Every quarter so many percent of the close before.
  private static func paying(_ series: CandleSeries, _ percent: Double) -> CandleSeries {
    series.paying(
      (0..<series.count).map { $0 % 63 == 40 ? series.value(.close, at: $0 - 1) * percent / 100 : 0 })
  }

  @Test(arguments: [false, true]) func `bars in pieces, and series in turn, give the signals of a backtest`(
    calendar: Bool
  ) throws {
    let family = StrategyFamily(try Self.strategies())
    let live = FamilyRun(family, block: 64)
    let markets = [
      try Self.market("IXIC", "GSPC", calendar: calendar), try Self.market("GSPC", "IXIC", calendar: calendar),
      try Self.market("IXIC", "GSPC", calendar: calendar, pays: true),
    ]
    let expected = try markets.map { try run(family, over: $0).map(\.signals) }
    let states = markets.map { _ in live.begin() }
    var found = markets.map { _ in family.strategies.map { _ in [Signal]() } }
    // Pieces of every size, single bars mostly; each market hands over no more than what was not there.
    let sizes = [1, 700, 1, 1, 64, 1, 63, 65, 1, 1, 1, 128, 1, 2, 3]
    var piece = 0
    while zip(markets, states).contains(where: { $0.deciding.count > $1.count }) {
      for (place, market) in markets.enumerated() {
        let state = states[place]
        let bars = state.count..<min(state.count + sizes[(piece + place) % sizes.count], market.deciding.count)
        guard !bars.isEmpty else { continue }
        let taken = live.taken(state)
        var part = Market(market.deciding.bars(bars), first: bars.lowerBound)
        for (name, other) in market.others {
          // Of the others, too, what was taken is gone.
          let from = taken[name] ?? 0
          part.others[name] = other.bars(from..<other.count)
          part.otherFirsts[name] = from
        }
        for signal in try live.advance(state, over: part) { found[place][signal.strategy].append(signal.signal) }
      }
      piece += 1
    }
    #expect(found == expected)
    #expect(expected[0] != expected[2])
    // A price alert may have nothing to tell of an index; and of news and statements there are none here.
    let calls = family.strategies.indices.filter {
      let strategy = family.strategies[$0]
      return strategy.alert == nil && !strategy.graph.readsNews && !strategy.graph.readsStatements
    }
    #expect(expected.allSatisfy { said in calls.count { said[$0].isEmpty } < 3 && said.last?.count ?? 0 > 100 })
  }

  @Test func `only the signals that are wanted are told, and what is told later is the same`() throws {
    let family = StrategyFamily(try Self.strategies())
    let live = FamilyRun(family)
    let market = try Self.market("IXIC", "GSPC", calendar: false)
    let state = live.begin()
    let told = try live.advance(state, over: market, tellsFrom: 4_000, tells: { $0 % 2 == 0 })
    let expected = try run(family, over: market).enumerated().flatMap { place, run in
      place % 2 == 0 ? run.signals.filter { $0.bar >= 4_000 } : []
    }
    #expect(told.count == expected.count && Set(told.map(\.signal)) == Set(expected) && told.count > 500)
    #expect(told.map(\.signal.bar) == told.map(\.signal.bar).sorted())
  }

  @Test func `a bar of another symbol changes what later bars see, and no earlier one`() throws {
    let above = try #require(
      strategy(
        """
          - id: s
            buy: symbol("N").close > 10
        """, "emit: level"))
    let day: Int64 = 86_400
    func bars(_ days: Range<Int>, _ close: Double) -> CandleSeries {
      CandleSeries(
        instrument: Instrument(symbol: "N"), timeframe: .day,
        candles: days.map {
          Candle(time: Instant(seconds: Int64($0) * day), open: close, high: close, low: close, close: close, volume: 0)
        })
    }
    let live = FamilyRun(StrategyFamily([above]))
    let state = live.begin()
    // Day 2 of the other symbol says 11; day 1 says 9. Day 2 of the deciding series sees it, day 1 does not.
    var market = Market(bars(0..<2, 5), others: ["N": bars(0..<2, 9)])
    #expect(try live.advance(state, over: market).isEmpty)
    market = Market(bars(2..<3, 5), others: ["N": bars(2..<3, 11)], first: 2, otherFirsts: ["N": 2])
    #expect(try live.advance(state, over: market).map(\.signal.bar) == [2])
    // Nothing new of it: the last value stands.
    market = Market(bars(3..<4, 5), others: ["N": bars(3..<3, 11)], first: 3, otherFirsts: ["N": 3])
    #expect(try live.advance(state, over: market).map(\.signal.bar) == [3])
    #expect(live.taken(state) == ["N": 3])
  }

  @Test func `bars that a series has lost are said to be missing`() throws {
    let live = FamilyRun(StrategyFamily([try #require(Self.clocks)]))
    let state = live.begin()
    let market = try Self.market("IXIC", "GSPC", calendar: false)
    #expect(throws: GraphError.noSeries("IXIC")) {
      try live.advance(state, over: Market(market.deciding, others: market.others, first: 1))
    }
    #expect(throws: GraphError.noSeries("N")) {
      try live.advance(state, over: Market(market.deciding, others: market.others, otherFirsts: ["N": 1]))
    }
  }
}
