import Foundation
import Pipelines
import Storage
import Testing
import Trading

@testable import Engine

/// A change of the strategies' files: what it would do, and what it does.
@Suite struct ReloadTests {
  private static func text(_ name: String, period: Int) -> String {
    """
    name: \(name)
    timeframe: 1d
    symbols: [^IXIC]
    pipeline:
      - { id: s, module: ma_breakout, with: { period: \(period) } }
    """
  }

  private static func strategy(_ name: String, period: Int) throws -> LiveStrategy {
    try LiveFixture.strategy(text(name, period: period), symbols: ["^IXIC"])
  }

  private func prepared(_ last: Int = 400) async throws -> (LiveFixture, CandleSeries) {
    let fixture = try LiveFixture()
    let nasdaq = try LiveFixture.sample("IXIC", last: last)
    try await fixture.save(nasdaq)
    return (fixture, nasdaq)
  }

  @Test func `a plan says what is added, removed, changed, unchanged and faulty, and which signals differ`()
    async throws
  {
    let (fixture, nasdaq) = try await prepared()
    fixture.now = fixture.final(nasdaq.count - 1, of: nasdaq)
    let running = [
      try Self.strategy("changed", period: 20), try Self.strategy("faulty", period: 20),
      try Self.strategy("removed", period: 20), try Self.strategy("same", period: 20),
    ]
    let plan = await ReloadPlan(
      running: running,
      found: [
        .sound(try Self.strategy("added", period: 20)), .sound(try Self.strategy("changed", period: 10)),
        .faulty(name: "faulty", faults: ["faulty.yaml:1:1: error"]), .faulty(name: "new", faults: ["new.yaml:1:1"]),
        .sound(try Self.strategy("same", period: 20)),
      ], over: fixture.bars, bars: 100)
    #expect(plan.items.map(\.name) == ["added", "changed", "faulty", "new", "removed", "same"])
    #expect(plan.items.map(\.change) == [.added, .changed, .faulty, .faulty, .removed, .unchanged])
    #expect(plan.strategies.map(\.name).sorted() == ["added", "changed", "faulty", "same"] && plan.changesAnything)
    // Beside two backtests.
    func calls(_ period: Int) async throws -> Set<String> {
      let after = nasdaq.times[nasdaq.count - 101]
      let records = try await fixture.backtest([try Self.strategy("changed", period: period)], after: after)
      return Set(records.map { "\($0.signal.time) \($0.signal.direction)" })
    }
    let (old, new) = (try await calls(20), try await calls(10))
    let item = plan.items[1]
    func names(_ wasSaid: Bool) -> Set<String> {
      Set(item.differences.filter { $0.wasSaid == wasSaid }.map { "\($0.signal.time) \($0.signal.direction)" })
    }
    #expect(names(true) == old.subtracting(new) && names(false) == new.subtracting(old))
    #expect(item.same == old.intersection(new).count && item.differences.count > 5)
  }

  @Test func `what is unchanged goes on, what is changed says what its new text says, and what is gone is silent`()
    async throws
  {
    let (fixture, nasdaq) = try await prepared()
    let (one, two, old) = (
      try Self.strategy("one", period: 10), try Self.strategy("two", period: 5), try Self.strategy("old", period: 7)
    )
    let begin = nasdaq.count - 120
    fixture.now = fixture.final(begin, of: nasdaq)
    let live = fixture.run()
    _ = try await live.start([one, two, old], at: fixture.now)
    for bar in begin...begin + 60 {
      fixture.now = fixture.final(bar, of: nasdaq)
      _ = await live.evaluate(at: fixture.now)
    }
    let changed = try Self.strategy("two", period: 30)
    let applied = try await live.apply([one, changed], at: fixture.now)
    // Only the changed one is brought up; the state of the other is the one that it had.
    #expect(applied.failures.isEmpty && applied.bars == begin + 61)
    #expect(await live.size.pairs == 2)
    #expect(try await fixture.store.running().map(\.name) == ["one", "two"])
    for bar in begin + 61..<nasdaq.count {
      fixture.now = fixture.final(bar, of: nasdaq)
      let pass = await live.evaluate(at: fixture.now)
      #expect(pass.replayed == 0 && pass.failures.isEmpty)
    }
    let (edge, start) = (nasdaq.times[begin + 60], nasdaq.times[begin])
    var expected = try await fixture.backtest([one], after: start)
    expected.formUnion(try await fixture.backtest([two, old], after: start).filter { $0.signal.time <= edge })
    expected.formUnion(try await fixture.backtest([changed], after: edge))
    #expect(try await fixture.standing() == expected)
    #expect(Set(expected.map(\.version)).count == 4)
  }

  @Test func `a correction compares each version with what it said itself`() async throws {
    let (fixture, nasdaq) = try await prepared()
    let begin = nasdaq.count - 40
    fixture.now = fixture.final(begin, of: nasdaq)
    let live = fixture.run()
    _ = try await live.start([try Self.strategy("two", period: 5)], at: fixture.now)
    for bar in begin...begin + 20 {
      fixture.now = fixture.final(bar, of: nasdaq)
      _ = await live.evaluate(at: fixture.now)
    }
    let before = try await fixture.standing()
    let changed = try Self.strategy("two", period: 9)
    _ = try await live.apply([changed], at: fixture.now)
    fixture.now = fixture.final(begin + 30, of: nasdaq)
    _ = await live.evaluate(at: fixture.now)
    // A bar is corrected under the first version's eyes; the second had no say then.
    try await fixture.save(
      nasdaq.changing(begin + 15) {
        $0.close *= 1.2
        $0.high = max($0.high, $0.close)
      })
    let pass = await live.evaluate(at: fixture.now)
    #expect(pass.replayed == 1)
    let expected = try await fixture.backtest([changed], after: nasdaq.times[begin + 20])
    #expect(try await fixture.standing() == before.union(expected))
  }
}
