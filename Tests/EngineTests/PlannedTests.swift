import Foundation
import Pipelines
import Storage
import Synchronization
import Testing
import Trading

@testable import Engine

/// What a live signal brings along of its strategy's plan.
@Suite struct PlannedTests {
  private static let text = """
    name: planned
    timeframe: 1d
    symbols: [^IXIC]
    pipeline:
      - { id: s, module: ma_breakout, with: { period: 5 } }
    trade:
      side: both
      entry: { stop: "highest(high, 3)", expires: 2b }
      size: { risk: 1%, distance: 2 * atr(14) }
    """

  @Test func `the plan's columns at a live signal are those of a run over the same bars`() async throws {
    let fixture = try LiveFixture()
    let nasdaq = try LiveFixture.sample("IXIC", last: 200)
    try await fixture.save(nasdaq)
    let strategy = try LiveFixture.strategy(Self.text, symbols: ["^IXIC"])
    let live = fixture.run()
    fixture.now = fixture.final(99, of: nasdaq)
    _ = try await live.start([strategy], at: fixture.now)
    _ = await live.evaluate(at: fixture.now)
    var found: [LiveSignal] = []
    for bar in 100..<nasdaq.count {
      fixture.now = fixture.final(bar, of: nasdaq)
      found += await live.evaluate(at: fixture.now).signals
    }
    let whole = try run([strategy.strategy], over: Market(nasdaq.keeping(fixture.calendar)))[0]
    #expect(found.count > 10)
    for one in found {
      let bar = one.record.signal.bar
      #expect(one.planned == whole.columns.map { $0[bar] })
      #expect(one.plan.columns.count == 2 && !one.planned.contains { $0.isNaN })
    }
  }
}
