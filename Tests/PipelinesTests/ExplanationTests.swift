import Foundation
import PluginKit
import Pipelines
import StrategyModules
import Testing
import Trading

/// Why a rule spoke at a bar, or did not.
@Suite struct ExplanationTests {
  private func explain(_ pipeline: String, over closes: String, at bar: Int) throws -> Explanation {
    let made = try #require(strategy(pipeline))
    return try Explanation(of: made, at: bar, of: Market(try candles(closes)), registry: bundled)
  }

  @Test("the sides that are wrong are marked, with their margins") func margins() throws {
    let found = try explain("  - { id: s, buy: close > 10 and close < 12 }", over: "9 13", at: 1)
    let tree = try #require(found.parts.first?.tree)
    #expect(found.parts.count == 1)
    #expect(tree.text == "close > 10 and close < 12")
    #expect(tree.inputs.map(\.isBlocking) == [false, true])
    #expect(tree.inputs[1].comparison?.margin == 1)
    #expect(tree.inputs[1].comparison?.marginShare == 1.0 / 12)
    #expect(found.text.contains("✗ close < 12: false  (13 against 12, margin +1, +8.33%)"))
  }

  @Test("a signal is quoted, and what was true before is no other one") func edges() throws {
    let step = "  - { id: s, buy: close > 10 }"
    #expect(try explain(step, over: "9 11 12", at: 1).text.contains("buy stands here, confidence 50: close > 10"))
    #expect(try explain(step, over: "9 11 12", at: 2).text.contains("it has been true since bar 1 (2024-01-02)"))
  }

  @Test("conflicts and exits without a position are told") func verdicts() throws {
    #expect(
      try explain("  - { id: s, buy: close > 10, sell: close > 9 }", over: "11", at: 0).text.contains("(a conflict)"))
    let position = "  - { id: s, long: { enter: close > 10, exit: close < 9 } }"
    #expect(try explain(position, over: "8 8", at: 1).text.contains("there is no position of this rule to leave"))
    #expect(try explain(position, over: "11 8", at: 1).text.contains("exit_long stands here"))
  }

  @Test("what is warming up says from which bar it has a value") func warmUp() throws {
    let found = try explain("  - { id: s, buy: 'close > sma(close, 5)' }", over: "9 11 12 13 14 15", at: 2)
    #expect(
      found.text.contains("sma(close, 5): –  (warming up: its first value is at bar 4 (2024-01-05) at the earliest)"))
    #expect(try explain("  - { id: s, buy: close > 10 }", over: "11 _ 12", at: 1).text.contains("the bar is missing"))
    let hole = try explain("  - { id: s, buy: 1 / (close - 5) > 0 }", over: "6 5", at: 1)
    #expect(hole.text.contains("1 / (close - 5): –  (no value on this bar)"))
  }

  @Test("a combinator shows each step's vote and since when") func votes() throws {
    let pipeline = """
        - { id: a, buy: close > 10, sell: close < 10 }
        - { id: b, buy: close > 20, sell: close < 20 }
        - { id: agree, module: confirm_all, inputs: [a, b], with: { within: 3 } }
      """
    let found = try explain(pipeline, over: "9 11 12 13", at: 3)
    #expect(found.text.contains("    a says buy within 3 bars: true"))
    #expect(found.text.contains("a: buy  since bar 1 (2024-01-02)"))
    #expect(found.text.contains("✗ b: sell  since bar 0 (2024-01-01)"))
    #expect(found.text.contains("✗ close > 20: false  (13 against 20, margin -7, -35%)"))
    #expect(found.json.text.contains("\"kind\": \"step\""))
  }

  @Test("every shipped strategy can be explained and described", arguments: try FaultTests.shipped())
  func shipped(_ name: String) throws {
    let (strategy, _) = StrategyReader(registry: bundled).read(path: repositoryFile("strategies/\(name).yaml").path)
    let made = try #require(strategy)
    let prices = try samples("IXIC")
    for bar in [0, 250, prices.deciding.count - 1] {
      let found = try Explanation(of: made, at: bar, of: prices, registry: bundled)
      #expect(!found.parts.isEmpty)
      let signals = try run([made], over: prices)[0].signals.filter { $0.bar == bar }
      #expect(found.signals == signals)
    }
    for locale in StrategyDescription.Locale.allCases {
      #expect(StrategyDescription(of: made, locale: locale, registry: bundled).text.count > 200)
    }
  }

  @Test("a date names the one bar of its day, and a time that is not there its neighbours") func lookup() throws {
    let series = try candles("1 2 3")
    guard case .found(1) = BarLookup("2024-01-02", in: series), case .noTime = BarLookup("then", in: series) else {
      Issue.record("2024-01-02 is bar 1, and \"then\" no time")
      return
    }
    guard case .absent(let nearest) = BarLookup("2024-01-02T05:00:00Z", in: series) else {
      Issue.record("no bar opens at five")
      return
    }
    #expect(nearest == [series.times[1], series.times[2]])
  }
}
