import Calendars
import Foundation
import PluginKit
import StrategyModules
import Testing
import Trading

@testable import Pipelines

/// Price alerts over prices whose answers are worked out by hand; nothing here comes from what the program prints.
@Suite struct PriceAlertTests {
  private static func alert(_ rules: String, _ timeframe: String = "1d") throws -> PriceAlert {
    let text = "kind: price_alert\nname: x\ntimeframe: \(timeframe)\nsymbols: [X]\nrules: \(rules)\n"
    let (declared, faults) = declaration(Array(text.utf8), file: "x.yaml")
    guard case .priceAlert(let alert) = declared else {
      throw Unreadable(faults: faults.map(\.description))
    }
    return alert
  }

  struct Unreadable: Error { let faults: [String] }

  /// What fires over prices: the bar and the rule.
  private static func fired(
    _ rules: String, _ candles: CandleSeries, _ timeframe: String = "1d", block: Int = 1_024
  ) throws -> [String] {
    let alert = try alert(rules, timeframe)
    return try run(alert.strategies, over: candles, block: block).enumerated()
      .flatMap { place, run in run.signals.map { ($0.bar, "\($0.bar) \(alert.watches[place].rule.rawValue)") } }
      .sorted { $0 < $1 }.map(\.1)
  }

  /// Bars at these times: open, high, low, close.
  private static func bars(
    _ rows: [(String, Double, Double, Double, Double)], _ timeframe: Timeframe, _ exchange: String?,
    symbol: String = "X"
  ) throws -> CandleSeries {
    let candles = try rows.map { time, open, high, low, close in
      Candle(time: try #require(Instant(time)), open: open, high: high, low: low, close: close, volume: 1)
    }
    let series = CandleSeries(instrument: Instrument(symbol: symbol), timeframe: timeframe, candles: candles)
    return try exchange.map { series.keeping(try #require(ExchangeCalendar($0))) } ?? series
  }

  /// Bars of one price each.
  private static func closes(
    _ rows: [(String, Double)], _ timeframe: Timeframe, _ exchange: String?
  ) throws -> CandleSeries {
    try bars(rows.map { ($0.0, $0.1, $0.1, $0.1, $0.1) }, timeframe, exchange)
  }

  // MARK: The table of rules, row by row

  struct Row: Sendable, CustomTestStringConvertible {
    let rules, closes: String
    var opens, highs, lows: String?
    let fires: [String]
    var testDescription: String { "\(rules) \(closes)" }
  }

  static let table = [
    // 103 / 100 = 1.03, 106 / 103 = 1.029, 110 / 106 = 1.038
    Row(
      rules: "[{ rule: price_rise, threshold: 3% }]", closes: "100 103 106 110",
      fires: ["1 price_rise", "3 price_rise"]),
    // 97 / 100 = 0.97, 95 / 97 = 0.979, 92 / 95 = 0.968
    Row(
      rules: "[{ rule: price_drop, threshold: 3% }]", closes: "100 97 95 92",
      fires: ["1 price_drop", "3 price_drop"]),
    // The high before is 105, then 104: 104.5 is below the first and 104.5 above the second.
    Row(
      rules: "[break_prev_high]", closes: "100 104 104.5 104.5", highs: "105 104 104.5 104.5",
      fires: ["2 break_prev_high"]),
    Row(rules: "[break_prev_low]", closes: "100 96 95.5 95.5", lows: "95 96 95.5 95.5", fires: ["2 break_prev_low"]),
    // The highest price of bars before: 110, 110, 110, 111; the bar's own does not count.
    Row(
      rules: "[new_high]", closes: "100 105 110.5 110.5", highs: "110 105 111 110.5", fires: ["2 new_high"]),
    // 104.5 / 110 = 0.95, and stays below until 108 / 110 = 0.982; 104 / 110 = 0.945.
    Row(
      rules: "[{ rule: drop_from_high, threshold: 5% }]", closes: "100 104.5 103 108 104",
      highs: "110 104.5 104.5 108 108",
      fires: ["0 drop_from_high", "4 drop_from_high"]),
    // 105 / 100 = 1.05, 110.25 / 105 = 1.05, 115 / 110.25 = 1.043
    Row(rules: "[surge]", closes: "100 105 110.25 115", fires: ["1 surge", "2 surge"]),
    // 95 / 100 = 0.95, 90.25 / 95 = 0.95, 87 / 90.25 = 0.964
    Row(rules: "[plunge]", closes: "100 95 90.25 87", fires: ["1 plunge", "2 plunge"]),
    // 102 / 100 = 1.02; the close does not count.
    Row(
      rules: "[{ rule: gap_up, threshold: 2% }]", closes: "100 99 100.5 100.5", opens: "100 102 100.5 100.5",
      fires: ["1 gap_up"]),
    Row(
      rules: "[{ rule: gap_down, threshold: 2% }]", closes: "100 101 99.5 99.5", opens: "100 98 99.5 99.5",
      fires: ["1 gap_down"]),
  ]

  @Test(arguments: table) func `each rule of the table fires on its bars and on no others`(_ row: Row) throws {
    func column(_ text: String?) throws -> [Double]? { try text.map { try SeriesNotation.values(of: $0) } }
    let candles = StrategyTest.candles(
      closes: try #require(try column(row.closes)), opens: try column(row.opens), highs: try column(row.highs),
      lows: try column(row.lows))
    #expect(try Self.fired(row.rules, candles) == row.fires)
    #expect(try Self.fired(row.rules, candles, block: 1) == row.fires)
    #expect(AlertRule.allCases.count == Self.table.count)
  }

  @Test func `what a message says: the price, its base, how far apart they are`() throws {
    let candles = StrategyTest.candles(closes: [100, 103], opens: [100, 101])
    let alert = try Self.alert("[{ rule: price_rise, threshold: 3% }, { rule: gap_up, threshold: 1% }, new_high]")
    let runs = try run(alert.strategies, over: candles)
    let signals = runs.flatMap(\.signals)
    #expect(signals.map(\.price) == [103, 103, 103] && signals.map(\.base) == [100, 100, 100])
    #expect(signals.map(\.confidence) == [100, 100, 100] && signals.allSatisfy { $0.direction == .buy })
    #expect(
      signals.map(\.reason) == [
        "close 103 is 3 % above the previous session's close 100; threshold 3 %",
        "open 101 is 1 % above the previous session's close 100; threshold 1 %",
        "close 103 is 3 % above the all-time high 100",
      ])
  }

  // MARK: Sessions

  @Test func `the session before is that of the exchange, over a holiday and a half day`() throws {
    // 2024-07-04 is a holiday, and 2024-07-03 closes at 17:00 UTC. 96 / 100 = 0.96.
    let rules = "[{ rule: price_drop, threshold: 3% }, break_prev_low]"
    let days = try Self.closes([("2024-07-02", 105), ("2024-07-03", 100), ("2024-07-05", 96)], .day, "XNYS")
    #expect(try Self.fired(rules, days) == ["1 break_prev_low", "1 price_drop", "2 break_prev_low", "2 price_drop"])
    let hours = try Self.closes(
      [
        ("2024-07-03T13:30Z", 101), ("2024-07-03T16:30Z", 100), ("2024-07-05T13:30Z", 98), ("2024-07-05T14:30Z", 96),
        ("2024-07-05T15:30Z", 96),
      ], Timeframe(1, .hour), "XNYS")
    // The low before is 100: 98 is below it, and stays so. 97 is the threshold of the drop.
    #expect(try Self.fired(rules, hours, "1h") == ["2 break_prev_low", "3 price_drop"])
  }

  @Test func `what is missing of the session before is not made up for by an older one`() throws {
    // There is no bar of Wednesday, 2024-07-03. By the calendar it was a session, and without one nobody knows.
    let rows = [("2024-07-02", 100.0), ("2024-07-05", 96), ("2024-07-08", 90)]
    let rules = "[{ rule: price_drop, threshold: 3% }, break_prev_low, { rule: plunge, threshold: 4% }]"
    #expect(
      try Self.fired(rules, Self.closes(rows, .day, "XNYS")) == [
        "2 break_prev_low", "2 plunge", "2 price_drop",
      ])
    #expect(try Self.fired(rules, Self.closes(rows, .day, nil)).count == 6)
    let missed = try Evaluation(["session.missed"], registry: bundled)
      .columns(over: Market(try Self.closes(rows, .day, "XNYS")))[0]
    #expect(missed[0].isNaN && Array(missed[1...]) == [1, 0])
  }

  @Test func `a session goes by the exchange's clock when it changes`() throws {
    // New York's clocks went forward on 2024-03-10: from 14:30 to 21:00 UTC on Friday, 13:30 to 20:00 on Monday.
    let hours = try Self.bars(
      [
        ("2024-03-08T19:30Z", 99, 99, 99, 99), ("2024-03-08T20:30Z", 100, 100, 100, 100),
        ("2024-03-11T13:30Z", 104, 104.5, 104, 104.5), ("2024-03-11T14:30Z", 104.6, 104.6, 104.6, 104.6),
        ("2024-03-12T13:30Z", 107, 107, 107, 107),
      ], Timeframe(1, .hour), "XNYS")
    // On Tuesday 107 / 104.6 = 1.023.
    #expect(
      try Self.fired("[{ rule: price_rise, threshold: 3% }, { rule: gap_up, threshold: 3% }]", hours, "1h")
        == ["2 gap_up", "2 price_rise"])
  }

  @Test func `a session of Sydney runs over midnight in UTC, one of Seoul does not`() throws {
    let rules = "[{ rule: price_rise, threshold: 3% }]"
    // Sydney opens at 23:00 UTC. 104 / 100 is within one session; 108 / 104 = 1.038 from one to the next.
    let sydney = try Self.closes(
      [("2024-01-07T23:00Z", 100), ("2024-01-08T00:00Z", 104), ("2024-01-08T23:00Z", 108)], Timeframe(1, .hour), "XASX")
    #expect(try Self.fired(rules, sydney, "1h") == ["2 price_rise"])
    // Seoul trades from 00:00 to 06:30 UTC; the same moments without the first: 104 is Monday's close, 108 Tuesday's.
    let seoul = try Self.closes(
      [("2024-01-08T00:00Z", 100), ("2024-01-08T06:00Z", 104), ("2024-01-09T00:00Z", 108)], Timeframe(1, .hour), "XKRX")
    #expect(try Self.fired(rules, seoul, "1h") == ["2 price_rise"])
    // As UTC dates the first of them would have begun a session of its own at midnight.
    let dates = try Self.closes(
      [("2024-01-07T23:00Z", 100), ("2024-01-08T00:00Z", 104), ("2024-01-08T23:00Z", 108)], Timeframe(1, .hour), nil)
    #expect(try Self.fired(rules, dates, "1h") == ["1 price_rise"])
  }

  @Test func `within a session a move is told once, and again in the next one`() throws {
    let rules = "[{ rule: price_rise, threshold: 3% }, new_high]"
    let hours = try Self.closes(
      [
        ("2024-07-01T19:30Z", 100), ("2024-07-02T13:30Z", 103), ("2024-07-02T14:30Z", 104),
        // Back below 103, and above it again.
        ("2024-07-02T15:30Z", 102), ("2024-07-02T16:30Z", 103.5),
        // The close before is 103.5: 107 / 103.5 = 1.034.
        ("2024-07-03T13:30Z", 107),
      ], Timeframe(1, .hour), "XNYS")
    #expect(
      try Self.fired(rules, hours, "1h") == [
        "1 new_high", "1 price_rise", "4 price_rise", "5 new_high", "5 price_rise",
      ])
  }

  @Test func `where the opening is missing there is no gap`() throws {
    let rows = [("2024-07-02T19:30Z", 100.0), ("2024-07-03T14:30Z", 110)]
    let hours = try Self.closes(rows, Timeframe(1, .hour), "XNYS")
    #expect(try Self.fired("[{ rule: gap_up, threshold: 3% }]", hours, "1h").isEmpty)
    // With the bar of 13:30 it is one.
    let whole = try Self.closes([rows[0], ("2024-07-03T13:30Z", 109), rows[1]], Timeframe(1, .hour), "XNYS")
    #expect(try Self.fired("[{ rule: gap_up, threshold: 3% }]", whole, "1h") == ["1 gap_up"])
  }

  // MARK: Dividends, splits, holes

  @Test func `a dividend is no drop, and the all-time high is the one that was quoted`() throws {
    let closes = StrategyTest.candles(closes: [100, 90, 95])
    let paid = closes.paying([0, 5, 0])
    let alert = try Self.alert("[{ rule: price_drop, threshold: 6% }, { rule: drop_from_high, threshold: 8% }]")
    // Without the dividend 90 / 100 is a drop of 10 %; with it 90 / 95 is one of 5.26 %.
    #expect(try run(alert.strategies, over: closes)[0].signals.map(\.bar) == [1])
    let runs = try run(alert.strategies, over: paid)
    #expect(runs[0].signals.isEmpty)
    #expect(runs[1].signals.map(\.bar) == [1] && runs[1].signals.map(\.base) == [100])
    let near = try Self.alert("[{ rule: price_drop, threshold: 5% }]")
    let signal = try #require(try run(near.strategies, over: paid)[0].signals.first)
    #expect(signal.price == 90 && abs((signal.base ?? 0) - 95) < 1e-9)
  }

  @Test func `a split that the prices have in them is no move`() throws {
    // 2 for 1 between the second bar and the third; the source has divided what was before.
    let rules = "[{ rule: price_drop, threshold: 3% }, plunge, new_high, { rule: drop_from_high, threshold: 5% }]"
    let restated = try candles("50 51 51 51.5")
    #expect(try Self.fired(rules, restated) == ["1 new_high", "3 new_high"])
    let plain = try candles("100 102 51 51.5")
    #expect(try Self.fired(rules, plain) == ["1 new_high", "2 drop_from_high", "2 plunge", "2 price_drop"])
  }

  @Test func `an all-time high goes on over a missing bar`() throws {
    let holed = try candles("100 120 _ 110 121")
    let highs = try Evaluation(["all_time_high(close)", "all_time_low(close)"], registry: bundled)
      .columns(over: Market(holed))
    #expect(highs == [[100, 120, 120, 120, 121], [100, 100, 100, 100, 100]])
    #expect(try Self.fired("[new_high]", holed) == ["1 new_high", "4 new_high"])
  }

  // MARK: Thresholds, names, words

  @Test func `a symbol's own threshold goes before its category's, and that before the default`() throws {
    let threshold = AlertThreshold(0.03, categories: ["index": 0.01, "stock": 0.04], symbols: ["AAPL": 0.05])
    let numbers = threshold.numbers(["^IXIC": "index", "AAPL": "stock", "MSFT": "stock", "GC=F": "commodity"])
    #expect(["^IXIC", "AAPL", "MSFT", "GC=F", "?"].map { numbers[$0] } == [0.01, 0.05, 0.04, 0.03, 0.03])
    #expect(AlertThreshold(nil, symbols: ["A": 0.1]).numbers([:])["B"].isNaN)
    // One file over four symbols that move alike, 2 %, 4.5 % and 6 %.
    let rules =
      "[{ rule: price_rise, threshold: { default: 3%, categories: { index: 1%, stock: 5% }, symbols: { A: 4% } } }]"
    let candles = StrategyTest.candles(closes: [100, 102, 106.6, 113])
    func bars(_ symbol: String) throws -> [String] { try Self.fired(rules, candles.named(symbol)) }
    #expect(try bars("^IXIC") == ["1 price_rise", "2 price_rise", "3 price_rise"])
    #expect(try bars("AAPL") == ["3 price_rise"])
    #expect(try bars("A") == ["2 price_rise", "3 price_rise"])
    #expect(try bars("B") == ["2 price_rise", "3 price_rise"])
  }

  @Test func `who has no threshold is not watched`() throws {
    let rules = "[{ rule: price_rise, threshold: { symbols: { X: 3% } } }]"
    let candles = StrategyTest.candles(closes: [100, 110])
    #expect(try Self.fired(rules, candles.named("X")) == ["1 price_rise"])
    #expect(try Self.fired(rules, candles.named("Y")).isEmpty)
  }

  @Test func `from its high on a surge is urgent`() throws {
    let alert = try Self.alert("[{ rule: surge, threshold: 5%, high: 10%, priority: low }]")
    let candles = StrategyTest.candles(closes: [100, 106, 117])
    let signals = try run(alert.strategies, over: candles)[0].signals
    #expect(signals.map { alert.strategies[0].notify.of($0).priority } == [.low, .high])
    // Said nothing, the rules of the table have the cooldowns of the table.
    let rules = try Self.alert("[surge, new_high]").strategies
    #expect(rules.map(\.notify.cooldown) == [Timeframe(1, .hour), Timeframe(6, .hour)])
    #expect(rules[0].notify.of(signals[1]).priority == .high && rules[0].notify.of(signals[0]).priority == .medium)
  }

  @Test func `each rule is found again by its name in the text`() throws {
    let alert = try Self.alert("[surge, new_high]")
    #expect(alert.strategies.map(\.name) == ["x.surge", "x.new_high"] && alert.strategies.map(\.file) == ["x", "x"])
    let reader = StrategyReader(registry: bundled)
    let again = try #require(reader.strategy("x.new_high", in: alert.strategies[1].text))
    #expect(again.alert == .newHigh && again.text == alert.strategies[0].text)
    #expect(reader.strategy("x.price_rise", in: alert.strategies[0].text) == nil)
  }

  @Test(arguments: ["price-monitor", "all-time-highs"])
  func `the shipped price alerts are sound, and pass their own tests`(_ name: String) throws {
    var reader = StrategyReader(registry: bundled)
    reader.categories = ["^IXIC": "index", "ES=F": "future"]
    let (declared, diagnostics) = reader.declaration(path: repositoryFile("strategies/alerts/\(name).yaml").path)
    #expect(diagnostics.map(\.description) == [])
    guard case .priceAlert(let alert) = try #require(declared) else { return }
    let outcomes = try alert.runTests()
    #expect(outcomes.count >= 4)
    for outcome in outcomes { #expect(outcome.faults == [], "\(outcome.name)") }
  }

  @Test func `a price alert is told in words`() throws {
    var reader = StrategyReader(registry: bundled)
    reader.categories = ["^IXIC": "index", "ES=F": "future"]
    let path = repositoryFile("strategies/alerts/price-monitor.yaml").path
    let declared = try #require(reader.declaration(path: path).declaration)
    let english = StrategyDescription(of: declared, locale: .en, registry: bundled).text
    #expect(english.contains("When the close is 3% or more above the previous session's close."))
    #expect(english.contains("Other thresholds: the category future 5%, the category index 1%."))
    #expect(english.contains("Priority medium, high from 10% on; not told again within 60m."))
    let korean = StrategyDescription(of: declared, locale: .ko, registry: bundled).text
    #expect(korean.contains("종가가 이전 세션 종가보다 3% 이상 높을 때") && korean.contains("전일 고가 돌파"))
  }
}
