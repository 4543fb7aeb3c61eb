import Testing
import Trading

@testable import Storage

/// What every engine does with commands: each has its effect, its line in the audit and its answer once, or none of them.
@Suite struct CommandConformance {
  private let now = day(2026, 1, 5)

  private func store(_ engine: StoreEngine, _ body: (any Store) async throws -> Void) async throws {
    try await inFolder { folder in try await body(try engine.open(folder)) }
  }

  private func silence(_ strategy: String, _ minutes: Int64) -> StoredSilence {
    StoredSilence(
      strategy: strategy, from: now, until: now.advanced(by: minutes * 60_000), reason: "a test", actor: "chat:7")
  }

  private func command(_ number: Int64, _ effect: CommandEffect? = nil, key: String? = nil) -> CarriedCommand {
    CarriedCommand(
      source: "bot 1", number: number, effect: effect,
      audit: [AuditEntry(time: now, actor: "chat:7", action: "command", subject: "\(number)")],
      notices: [
        Notice(
          key: key ?? "command/\(number)", code: "ANSWER", channel: "chat", priority: "medium", body: "done",
          recipient: "7", replyTo: "41")
      ])
  }

  @Test(arguments: StoreEngine.all)
  func `a command that comes again does nothing, and one behind it does`(_ engine: StoreEngine) async throws {
    try await store(engine) { store in
      #expect(try await store.place(of: "bot 1") == nil)
      let silence = silence("swing", 60)
      #expect(try await store.carryOut(command(5, .silence(silence)), anew: true, at: now))
      #expect(try await store.place(of: "bot 1") == CommandPlace(next: 6, at: now))
      // The same again, another below it, and the next one.
      #expect(try await !store.carryOut(command(5, .silence(silence)), anew: false, at: now))
      #expect(try await !store.carryOut(command(3, .silence(silence)), anew: false, at: now))
      #expect(try await store.silences(at: now) == [silence])
      #expect(try await store.entries(limit: 10).count == 1)
      #expect(try await store.carryOut(command(6), anew: false, at: now))
      let answers = try await store.entries(in: [.pending], limit: 10)
      #expect(answers.map(\.notice.key) == ["command/6", "command/5"])
      #expect(answers.allSatisfy { $0.notice.recipient == "7" && $0.notice.replyTo == "41" })
      // Another source has numbers of its own.
      #expect(try await store.place(of: "bot 2") == nil)
    }
  }

  @Test(arguments: StoreEngine.all)
  func `what cannot be done in full is not done in part`(_ engine: StoreEngine) async throws {
    try await store(engine) { store in
      _ = try await store.carryOut(command(5), anew: true, at: now)
      // There is no signal 99 that could be taken.
      let taken = TakenSignal(signal: 99, actor: "chat:7", name: "Ann", at: now)
      do throws(StoreError) {
        _ = try await store.carryOut(command(6, .taken(taken)), anew: false, at: now)
        Issue.record("it was taken")
      } catch {}
      #expect(try await store.place(of: "bot 1")?.next == 6)
      #expect(try await store.entries(limit: 10).count == 1)
      #expect(try await store.entries(in: [], limit: 10).count == 1)
    }
  }

  @Test(arguments: StoreEngine.all)
  func `the place goes on over what is no command, and back only where numbers begin anew`(
    _ engine: StoreEngine
  ) async throws {
    try await store(engine) { store in
      try await store.pass(to: 10, of: "bot 1", anew: false, at: now)
      try await store.pass(to: 8, of: "bot 1", anew: false, at: now.advanced(by: 1))
      #expect(try await store.place(of: "bot 1") == CommandPlace(next: 10, at: now))
      #expect(try await store.carryOut(command(3), anew: true, at: now.advanced(by: 2)))
      #expect(try await store.place(of: "bot 1") == CommandPlace(next: 4, at: now.advanced(by: 2)))
    }
  }

  @Test(arguments: StoreEngine.all)
  func `how often a command was begun is known until it is carried out`(_ engine: StoreEngine) async throws {
    try await store(engine) { store in
      let first = try await store.begin(5, of: "bot 1", at: now)
      #expect(first == 1)
      #expect(try await store.begin(5, of: "bot 1", at: now) == 2)
      // A source that has only begun has no place.
      #expect(try await store.place(of: "bot 1") == nil)
      #expect(try await store.carryOut(command(5), anew: true, at: now))
      #expect(try await store.begin(6, of: "bot 1", at: now) == 1)
      #expect(try await store.place(of: "bot 1")?.next == 6)
    }
  }

  @Test(arguments: StoreEngine.all)
  func `a silence holds until it ends, or somebody ends it`(_ engine: StoreEngine) async throws {
    try await store(engine) { store in
      let (long, short, other) = (silence("swing", 120), silence("swing", 60), silence("calm", 90))
      for (place, one) in [long, short, other].enumerated() {
        _ = try await store.carryOut(command(Int64(place + 1), .silence(one)), anew: place == 0, at: now)
      }
      #expect(try await store.silences(at: now) == [short, other, long])
      #expect(try await store.silences(at: now.advanced(by: -1)) == [])
      #expect(try await store.silences(at: short.until) == [other, long])
      let later = now.advanced(by: 60_000)
      _ = try await store.carryOut(command(4, .endSilences(strategy: "swing")), anew: false, at: later)
      #expect(try await store.silences(at: later) == [other])
      #expect(try await store.silences(at: other.until) == [])
    }
  }

  @Test(arguments: StoreEngine.all)
  func `a signal is taken once by each, and the first word stays`(_ engine: StoreEngine) async throws {
    try await store(engine) { store in
      let signal = Signal(time: now, bar: 1, direction: .buy, confidence: 80, price: 1, reason: "")
      let record = SignalRecord(strategy: "swing", version: "1", symbol: "X", timeframe: .day, signal: signal)
      let id = try #require(try await store.save(record, notices: [], at: now))
      let ann = TakenSignal(signal: id, actor: "chat:7", name: "Ann", at: now)
      var again = ann
      again.at = now.advanced(by: 5)
      let ben = TakenSignal(signal: id, actor: "chat:8", name: "<Ben>", at: now.advanced(by: 9))
      for (place, one) in [ann, again, ben].enumerated() {
        _ = try await store.carryOut(command(Int64(place + 1), .taken(one)), anew: place == 0, at: now)
      }
      #expect(try await store.taken(id) == [ann, ben])
      #expect(try await store.taken(id + 1) == [])
      #expect(try await store.takenSignals() == [id])
    }
  }

  @Test(arguments: StoreEngine.all)
  func `an answer that has waited long goes alone, to nobody else's place`(_ engine: StoreEngine) async throws {
    try await store(engine) { store in
      func notice(_ key: String) -> Notice { Notice(key: key, code: key, channel: "chat", priority: "high", body: key) }
      try await store.add([notice("a"), notice("b")], at: now)
      _ = try await store.carryOut(command(1), anew: true, at: now)
      try await store.add([notice("c")], at: now)
      let later = now.advanced(by: 7_200_000)
      var sent: [[String]] = []
      while let claimed = try await store.claim(channel: "chat", at: later, lateBefore: later, limit: 50) {
        sent.append(claimed.entries.map(\.notice.key))
        if claimed.entries.first?.notice.recipient != nil { #expect(claimed.replyTo == "41") }
        try await store.note(.sent(reference: nil), of: claimed.entries.map(\.id), at: later)
      }
      #expect(sent == [["a", "b", "c"], ["command/1"]])
    }
  }
}
