import Pipelines
import Storage
import StrategyModules
import Testing
import Trading

@testable import Engine

/// Price alerts as a host says them, beside a backtest, and over corrections of prices. That all shipped ones say live
/// what a backtest says, over a restart, stands in `LiveRunTests`.
@Suite struct LiveAlertTests {
  private static func rules(_ text: String, _ categories: [String: String] = [:]) throws -> [LiveStrategy] {
    var reader = StrategyReader(registry: bundled)
    reader.categories = categories
    let file = "kind: price_alert\nname: a\ntimeframe: 1d\nsymbols: [^IXIC]\nrules: \(text)\n"
    let (declared, faults) = reader.declaration(file: "a.yaml", bytes: Array(file.utf8))
    return try #require(declared, "\(faults.map(\.description))").strategies.map {
      LiveStrategy($0, symbols: ["^IXIC"])
    }
  }

  /// Nasdaq's last bars under other prices: those of `closes`, one price a bar.
  private static func series(_ closes: [Double]) throws -> CandleSeries {
    let sample = try LiveFixture.sample("IXIC", last: closes.count)
    let candles = zip(sample.times, closes).map { time, close in
      Candle(time: time, open: close, high: close, low: close, close: close, volume: 1)
    }
    return CandleSeries(instrument: Instrument(symbol: "^IXIC"), timeframe: .day, candles: candles)
  }

  @Test func `a corrected bar takes back the alert that it made, and says those that it hid`() async throws {
    let fixture = try LiveFixture()
    // Bar 3 was sent as 120: a surge and a high that never were, and after it a plunge.
    let wrong = try Self.series([100, 100, 101, 120, 102, 103])
    try await fixture.save(wrong)
    let strategies = try Self.rules("[new_high, surge, plunge]")
    fixture.now = fixture.final(1, of: wrong)
    var live = fixture.run()
    _ = try await live.start(strategies, at: fixture.now)
    _ = await live.evaluate(.priceAlerts, at: fixture.now)
    for bar in 2..<5 {
      fixture.now = fixture.final(bar, of: wrong)
      _ = await live.evaluate(.priceAlerts, at: fixture.now)
      // A restart between any two passes forgets nothing.
      live = fixture.run()
      _ = try await live.start(strategies, at: fixture.now)
    }
    func said() async throws -> [String] {
      try await fixture.standing().map { "\($0.signal.bar) \($0.alert ?? "") \($0.signal.base ?? 0)" }.sorted()
    }
    #expect(try await said() == ["2 new_high 100.0", "3 new_high 101.0", "3 surge 101.0", "4 plunge 120.0"])

    let right = try Self.series([100, 100, 101, 101.5, 102, 103])
    try await fixture.save(right)
    let pass = await live.evaluate(.priceAlerts, at: fixture.now)
    #expect(pass.failures == [])
    // 101.5 above 101 is still a high, at another price; 102 above 101.5 is one that was hidden.
    #expect(Set(pass.corrections.map(\.kind)) == [.retracted, .changed])
    #expect(pass.signals.map { $0.record.alert } == ["new_high"] && pass.signals.map(\.occasion) == [.corrected])
    #expect(try await said() == ["2 new_high 100.0", "3 new_high 101.0", "4 new_high 101.5"])
    let expected = try await fixture.backtest(strategies, after: wrong.times[1])
    #expect(try await fixture.standing() == expected)
  }

  @Test func `a pass over price alerts leaves other markets for the next one`() async throws {
    let fixture = try LiveFixture()
    let series = try Self.series([100, 101, 102])
    try await fixture.save(series)
    try await fixture.save(series, under: "^GSPC")
    let level = "name: l\ntimeframe: 1d\nsymbols: [^GSPC]\nemit: level\npipeline: [{ id: s, buy: close > 0 }]"
    let strategies = try Self.rules("[new_high]") + [try LiveFixture.strategy(level, symbols: ["^GSPC"])]
    fixture.now = fixture.final(1, of: series)
    let live = fixture.run()
    _ = try await live.start(strategies, at: fixture.now)
    _ = await live.evaluate(at: fixture.now)
    fixture.now = fixture.final(2, of: series)
    let alerts = await live.evaluate(.priceAlerts, at: fixture.now)
    #expect(alerts.signals.map(\.record.strategy) == ["a.new_high"])
    let rest = await live.evaluate(at: fixture.now)
    #expect(rest.signals.map(\.record.strategy) == ["l"])
  }

  @Test func `other thresholds by category are another version of the same text`() throws {
    let text = "[{ rule: price_rise, threshold: { default: 3%, categories: { index: 1% } } }, new_high]"
    let one = try Self.rules(text, ["^IXIC": "index"])
    let other = try Self.rules(text, ["^IXIC": "index", "^GSPC": "index"])
    #expect(one[0].version != other[0].version && one[1].version == other[1].version)
  }

  @Test func `where the file is faulty every rule of it goes on`() async throws {
    let running = try Self.rules("[new_high, surge]")
    let plan = await ReloadPlan(
      running: running, found: [.faulty(name: "a", faults: ["broken"])],
      over: StoredBars(try LiveFixture().store, [:], now: { Instant(milliseconds: 0) }), bars: 1)
    #expect(plan.strategies.map(\.name) == ["a.new_high", "a.surge"])
    #expect(plan.items.map(\.change) == [.faulty] && !plan.changesAnything)
  }
}
