import Foundation
import Pipelines
import Storage
import Testing
import Trading

@testable import Engine

/// What a host says as bars come, beside what a backtest says of all of them: `Pipelines.run` over whole series is the
/// reference.
@Suite struct LiveRunTests {
  @Test func `bars that come one by one give the signals of a backtest, over a restart and several at once`()
    async throws
  {
    let fixture = try LiveFixture()
    let (nasdaq, sp) = (try LiveFixture.sample("IXIC"), try LiveFixture.sample("GSPC"))
    for (series, symbol) in [(nasdaq, "^IXIC"), (sp, "^GSPC"), (sp, "N")] {
      try await fixture.save(series, under: symbol)
    }
    let strategies = try LiveFixture.strategies()
    let begin = nasdaq.count - 60
    fixture.now = fixture.final(begin, of: nasdaq)
    var live = fixture.run()
    #expect(try await live.start(strategies, at: fixture.now).failures == [])
    let first = await live.evaluate(at: fixture.now)
    // The latest bar is shown, and nothing is saved of it.
    #expect(first.failures == [] && first.signals.allSatisfy { $0.occasion == .first && $0.id == nil })
    #expect(first.bars == first.markets && first.markets == 3)
    #expect(try await fixture.standing().isEmpty)

    var order: [Instant] = []
    for bar in begin + 1..<nasdaq.count {
      // A stretch in which the host is down, in the middle; what has closed meanwhile comes at once.
      if (begin + 25..<begin + 29).contains(bar) { continue }
      fixture.now = fixture.final(bar, of: nasdaq)
      if bar == begin + 29 {
        live = fixture.run()
        #expect(try await live.start(strategies, at: fixture.now).failures == [])
      }
      let pass = await live.evaluate(at: fixture.now)
      #expect(pass.failures == [] && pass.corrections.isEmpty && pass.storeFault == nil && pass.replayed == 0)
      #expect(pass.signals.allSatisfy { $0.id != nil && $0.knownAt <= fixture.now })
      #expect(pass.signals.allSatisfy { $0.occasion == ($0.record.signal.time == nasdaq.times[bar] ? .new : .late) })
      order += pass.signals.map(\.record.signal.time)
      // Nothing is found twice.
      let again = await live.evaluate(at: fixture.now)
      #expect(again.signals.isEmpty && again.bars == 0)
    }
    let expected = try await fixture.backtest(strategies, after: nasdaq.times[begin])
    let found = try await fixture.standing()
    #expect(found == expected && expected.count > 150)
    #expect(order == order.sorted() && order.count == expected.count)
    #expect(Set(expected.map(\.strategy)).count > 30 && expected.contains { $0.strategy == "clocks" })
    #expect(expected.contains { $0.symbol == "^IXIC/^GSPC" || $0.symbol == "^GSPC/^IXIC" })
  }

  @Test(arguments: [false, true]) func `a corrected bar takes back what would not have been said, and says what would`(
    whileDown: Bool
  ) async throws {
    let fixture = try LiveFixture()
    let (nasdaq, sp) = (try LiveFixture.sample("IXIC", last: 700), try LiveFixture.sample("GSPC", last: 700))
    for (series, symbol) in [(nasdaq, "^IXIC"), (sp, "^GSPC"), (sp, "N")] {
      try await fixture.save(series, under: symbol)
    }
    let strategies = try LiveFixture.strategies()
    let begin = nasdaq.count - 30
    fixture.now = fixture.final(begin, of: nasdaq)
    var live = fixture.run()
    _ = try await live.start(strategies, at: fixture.now)
    _ = await live.evaluate(at: fixture.now)
    fixture.now = fixture.final(nasdaq.count - 4, of: nasdaq)
    _ = await live.evaluate(at: fixture.now)
    let before = try await fixture.backtest(strategies, after: nasdaq.times[begin])
    #expect(try await fixture.standing() == before && before.count > 40)

    // A session's close was a tenth too low, ten bars ago.
    try await fixture.save(
      nasdaq.changing(nasdaq.count - 14) { candle in
        candle.close *= 1.1
        candle.high = max(candle.high, candle.close)
      }.bars(0..<nasdaq.count - 3))
    if whileDown {
      live = fixture.run()
      _ = try await live.start(strategies, at: fixture.now)
    }
    let pass = await live.evaluate(
      at: fixture.now,
      notices: { events in
        events.map { event in
          guard case .correction(let one) = event else { return [] }
          let key = "\(one.before.id)"
          return [Notice(key: key, code: key, channel: "console", priority: "high", body: one.kind.rawValue)]
        }
      })
    let after = try await fixture.backtest(strategies, after: nasdaq.times[begin])
    #expect(try await fixture.standing() == after && after != before)
    let gone = pass.corrections.filter { $0.kind == .retracted }
    #expect(!gone.isEmpty && pass.signals.contains { $0.occasion == .corrected })
    #expect(pass.signals.allSatisfy { $0.record.symbol.contains("^IXIC") })
    // What was said is visible still, with why it does not stand.
    for one in gone {
      let edition = try #require(try await fixture.store.editions(of: one.before.id).first)
      #expect(edition.signal == one.before.record.signal && edition.cause.contains("^IXIC"))
      #expect(before.contains(one.before.record) && !after.contains(one.before.record))
    }
    let sent = try await fixture.store.entries(in: [.pending], limit: 1_000).map(\.notice.body)
    #expect(sent.count == pass.corrections.count && sent.contains("retracted"))
    // It goes on from there, and a correction that takes the first one back restores what was said.
    try await fixture.save(nasdaq)
    fixture.now = fixture.final(nasdaq.count - 1, of: nasdaq)
    _ = await live.evaluate(at: fixture.now)
    #expect(try await fixture.standing() == (try await fixture.backtest(strategies, after: nasdaq.times[begin])))
    #expect(await live.evaluate(at: fixture.now).corrections.isEmpty)
  }

  @Test func `a bar that comes late is put where it belongs, in the symbol's own series and in one read besides`()
    async throws
  {
    let fixture = try LiveFixture()
    let (nasdaq, sp) = (try LiveFixture.sample("IXIC", last: 400), try LiveFixture.sample("GSPC", last: 400))
    let late = nasdaq.count - 6
    try await fixture.save(nasdaq.without(late))
    try await fixture.save(sp)
    try await fixture.save(sp.without(late), under: "N")
    let strategies = try LiveFixture.strategies()
    let begin = nasdaq.count - 20
    fixture.now = fixture.final(begin, of: nasdaq)
    let live = fixture.run()
    _ = try await live.start(strategies, at: fixture.now)
    for bar in begin..<nasdaq.count - 2 {
      fixture.now = fixture.final(bar, of: nasdaq)
      _ = await live.evaluate(at: fixture.now)
    }
    #expect(try await fixture.standing() == (try await fixture.backtest(strategies, after: nasdaq.times[begin])))
    try await fixture.save(nasdaq)
    var pass = await live.evaluate(at: fixture.now)
    // The symbol, and the pair that reads it besides.
    #expect(pass.replayed == 2)
    #expect(try await fixture.standing() == (try await fixture.backtest(strategies, after: nasdaq.times[begin])))
    // The other symbol's bar was known before later decisions: they are made anew, and only the one strategy reads it.
    try await fixture.save(sp, under: "N")
    pass = await live.evaluate(at: fixture.now)
    #expect(pass.replayed == 2)
    #expect((pass.signals.map(\.record) + pass.corrections.map(\.before.record)).allSatisfy { $0.strategy == "clocks" })
    #expect(try await fixture.standing() == (try await fixture.backtest(strategies, after: nasdaq.times[begin])))
  }

  @Test func `dividends are taken as they come, and one that becomes known late is a correction`() async throws {
    let fixture = try LiveFixture()
    let (nasdaq, sp) = (try LiveFixture.sample("IXIC", last: 500), try LiveFixture.sample("GSPC", last: 500))
    func dividends(_ bars: [Int], of series: CandleSeries) -> [CorporateAction] {
      bars.map { CorporateAction(time: series.times[$0], kind: .dividend(series.value(.close, at: $0 - 1) * 0.03)) }
    }
    let begin = nasdaq.count - 40
    let (late, all) = (begin + 20, [100, 200, 300, begin - 5, begin + 7, begin + 15])
    try await fixture.save(nasdaq, actions: dividends(all, of: nasdaq))
    try await fixture.save(sp, actions: dividends([begin + 10], of: sp))
    try await fixture.save(sp, under: "N", actions: dividends([begin + 9], of: sp))
    let strategies = try LiveFixture.strategies()
    fixture.now = fixture.final(begin, of: nasdaq)
    let live = fixture.run()
    _ = try await live.start(strategies, at: fixture.now)
    var replayed = 0
    for bar in begin..<begin + 30 {
      fixture.now = fixture.final(bar, of: nasdaq)
      let pass = await live.evaluate(at: fixture.now)
      #expect(pass.corrections.isEmpty && pass.failures.isEmpty)
      replayed += pass.replayed
    }
    #expect(replayed == 0)
    let before = try await fixture.standing()
    #expect(before == (try await fixture.backtest(strategies, after: nasdaq.times[begin])) && before.count > 40)
    // What was paid ten bars ago is said only now.
    try await fixture.save(nasdaq, actions: dividends(all + [late], of: nasdaq))
    fixture.now = fixture.final(begin + 30, of: nasdaq)
    let pass = await live.evaluate(at: fixture.now)
    #expect(pass.replayed > 0 && !pass.corrections.isEmpty)
    let after = try await fixture.backtest(strategies, after: nasdaq.times[begin])
    #expect(try await fixture.standing() == after)
    #expect(after.filter { $0.signal.time < nasdaq.times[begin + 30] } != before)
  }

  @Test func `what fails is named, counted, parked and told once, and stops nothing else`() async throws {
    let fixture = try LiveFixture()
    let nasdaq = try LiveFixture.sample("IXIC", last: 300)
    try await fixture.save(nasdaq)
    func text(_ name: String, _ step: String) -> String {
      "name: \(name)\ntimeframe: 1d\nsymbols: [^IXIC]\nemit: level\npipeline:\n  - { id: s, \(step) }\n"
    }
    let strategies = [
      try LiveFixture.strategy(text("good", "buy: close > 0"), symbols: ["^IXIC"]),
      try LiveFixture.strategy(text("lacking", "buy: symbol(\"N\").close > 0"), symbols: ["^IXIC"]),
      try LiveFixture.strategy(text("nowhere", "buy: close > 1"), symbols: ["NONE"]),
      try LiveFixture.strategy(text("broken", "buy: close > 2"), symbols: ["^GSPC"]),
    ]
    try await fixture.save(try LiveFixture.sample("GSPC", last: 300))
    var settings = LiveRun.Settings()
    settings.patience = 3
    let live = LiveRun(
      bars: Unreadable(bars: fixture.bars, symbol: "^GSPC"), store: fixture.store, settings: settings)
    let begin = nasdaq.count - 12
    fixture.now = fixture.final(begin, of: nasdaq)
    var told = try await live.start(strategies, at: fixture.now).failures.map(\.description)
    for bar in begin..<nasdaq.count - 4 {
      fixture.now = fixture.final(bar, of: nasdaq)
      let pass = await live.evaluate(at: fixture.now)
      #expect(pass.signals.map(\.record.strategy) == ["good"])
      told += pass.failures.map(\.description)
    }
    #expect(told.filter { $0.contains("lacking on ^IXIC 1d: there are no prices of N 1d, which it reads") }.count == 1)
    #expect(told.filter { $0.contains("NONE 1d: there are no prices of NONE 1d") }.count == 1)
    let broken = told.filter { $0.contains("^GSPC 1d: the page of it is torn") }
    #expect(
      broken.count == 3 && broken.filter { $0.contains("it failed 3 times in a row and is not tried again") }.count == 1
    )
    #expect(told.count == 5)
    // What was lacking comes; it is no reason to say what would have been said before.
    try await fixture.save(nasdaq, under: "N")
    var pass = await live.evaluate(at: fixture.now)
    #expect(pass.signals.isEmpty && pass.failures.isEmpty)
    fixture.now = fixture.final(nasdaq.count - 4, of: nasdaq)
    pass = await live.evaluate(at: fixture.now)
    #expect(pass.signals.map(\.record.strategy) == ["good", "lacking"])
  }

  @Test func `what could not be saved is found again, and a dry run saves nothing`() async throws {
    let fixture = try LiveFixture()
    let nasdaq = try LiveFixture.sample("IXIC", last: 300)
    try await fixture.save(nasdaq)
    let strategy = try LiveFixture.strategy(
      "name: a\ntimeframe: 1d\nsymbols: [X]\nemit: level\npipeline:\n  - { id: s, buy: close > 0 }\n",
      symbols: ["^IXIC"])
    fixture.now = fixture.final(nasdaq.count - 9, of: nasdaq)
    let live = fixture.run()
    _ = try await live.start([strategy], at: fixture.now)
    _ = await live.evaluate(at: fixture.now)
    fixture.now = fixture.final(nasdaq.count - 8, of: nasdaq)

    let dry = fixture.run(dry: true)
    _ = try await dry.start([strategy], at: fixture.now)
    let shown = await dry.evaluate(
      at: fixture.now,
      notices: { events in
        events.map { _ in [Notice(key: "k", code: "k", channel: "c", priority: "p", body: "b")] }
      })
    #expect(shown.signals.count == 1 && shown.signals[0].id == nil && shown.signals[0].notices.count == 1)
    #expect(try await fixture.standing().isEmpty)
    #expect(try await fixture.store.entries(in: [], limit: 9).isEmpty)

    // A store that takes nothing.
    let stuck = fixture.run(on: try fixture.reading(), dry: false)
    await #expect(throws: StoreError.self) { try await stuck.start([strategy], at: fixture.now) }
    for _ in 0..<3 {
      let pass = await stuck.evaluate(at: fixture.now)
      #expect(pass.storeFault != nil && pass.signals.map(\.record) == shown.signals.map(\.record))
    }
    fixture.now = fixture.final(nasdaq.count - 7, of: nasdaq)
    #expect(await stuck.evaluate(at: fixture.now).signals.count == 2)
    let pass = await live.evaluate(at: fixture.now)
    #expect(pass.signals.map(\.occasion) == [.late, .new] && pass.storeFault == nil)
    #expect(try await fixture.standing().count == 2)
  }
}

/// Prices of which one series cannot be read, as after a damaged page of a file.
private struct Unreadable: LiveBars {
  let bars: StoredBars
  let symbol: String

  func standing(of names: Set<SeriesName>) async throws(LiveFault) -> [SeriesName: BarStanding] {
    try await bars.standing(of: names)
  }

  func bars(of name: SeriesName, after: Instant?) async throws(LiveFault) -> ClosedBars {
    if name.symbol == symbol { throw LiveFault("\(name)", "the page of it is torn") }
    return try await bars.bars(of: name, after: after)
  }

  func calendar(of name: SeriesName) -> (any TradingCalendar)? { bars.calendar(of: name) }
}
