import Testing
import Trading

@testable import Storage

/// What every engine says of the births of rules.
@Suite struct BirthConformance {
  private func store(_ engine: StoreEngine, _ body: (any Store) async throws -> Void) async throws {
    try await inFolder { folder in try await body(try engine.open(folder)) }
  }

  private func stamp(_ rule: String, _ version: String, of strategy: String = "s") -> RuleStamp {
    RuleStamp(strategy: strategy, rule: rule, version: version)
  }

  @Test(arguments: StoreEngine.all)
  func `a rule keeps the date of its first sight, however often and in whatever text it is seen`(
    _ engine: StoreEngine
  ) async throws {
    try await store(engine) { store async throws in
      #expect(try await store.births() == [])
      let first = BirthRecord(strategy: "s", rule: "a", seen: day(2026, 1, 1))
      #expect(try await store.stamp([stamp("a", "1")], at: day(2026, 1, 1)) == [first])
      #expect(try await store.stamp([stamp("a", "1")], at: day(2026, 1, 2)) == [])
      // A comment has changed: another text of the same rule.
      #expect(try await store.stamp([stamp("a", "2")], at: day(2026, 1, 3)) == [])
      #expect(try await store.births() == [first])
      #expect(try await store.rules(of: "s") == ["1": "a", "2": "a"])
      #expect(try await store.rules(of: "t") == [:])
    }
  }

  @Test(arguments: StoreEngine.all)
  func `a changed rule is born anew with its ancestor, and one that comes back keeps its date`(
    _ engine: StoreEngine
  ) async throws {
    try await store(engine) { store async throws in
      _ = try await store.stamp([stamp("a", "1")], at: day(2026, 1, 1))
      let second = BirthRecord(strategy: "s", rule: "b", seen: day(2026, 1, 5), ancestor: "a")
      #expect(try await store.stamp([stamp("b", "2")], at: day(2026, 1, 5)) == [second])
      #expect(try await store.stamp([stamp("a", "1")], at: day(2026, 1, 9)) == [])
      let third = BirthRecord(strategy: "s", rule: "c", seen: day(2026, 1, 12), ancestor: "a")
      #expect(try await store.stamp([stamp("c", "3")], at: day(2026, 1, 12)) == [third])
      let births = try await store.births()
      #expect(births.map(\.rule) == ["a", "b", "c"])
      #expect(births.map(\.isCurrent) == [false, false, true])
      #expect(births.map(\.seen) == [day(2026, 1, 1), day(2026, 1, 5), day(2026, 1, 12)])
    }
  }

  @Test(arguments: StoreEngine.all)
  func `a strategy that was renamed has the birth of its rule, and no clock makes it later`(
    _ engine: StoreEngine
  ) async throws {
    try await store(engine) { store async throws in
      _ = try await store.stamp([stamp("a", "1")], at: day(2026, 1, 5))
      let renamed = BirthRecord(strategy: "t", rule: "a", seen: day(2026, 1, 5))
      #expect(try await store.stamp([stamp("a", "9", of: "t")], at: day(2026, 2, 1)) == [renamed])
      // A clock that was put back sees it first, and no other name has it then.
      let early = try await store.stamp([stamp("a", "9", of: "u")], at: day(2026, 1, 1))
      #expect(early.map(\.seen) == [day(2026, 1, 1)])
      #expect(try await store.births().map(\.strategy) == ["s", "t", "u"])
    }
  }
}
