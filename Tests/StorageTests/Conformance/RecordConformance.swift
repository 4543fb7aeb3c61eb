import Foundation
import Testing
import Trading

@testable import Storage

/// What every engine does with what is kept as rows.
@Suite struct RecordConformance {
  private let now = day(2026, 1, 5)
  private let later = day(2026, 1, 6)

  private func store(_ engine: StoreEngine, _ body: (any Store) async throws -> Void) async throws {
    try await inFolder { folder in try await body(try engine.open(folder)) }
  }

  private func signal(
    _ direction: Direction = .buy, at time: Instant = day(2026, 1, 2), strategy: String = "s", version: String = "1"
  ) -> SignalRecord {
    SignalRecord(
      strategy: strategy, version: version, symbol: "^IXIC", timeframe: .day,
      signal: Signal(time: time, bar: 7, direction: direction, confidence: 85, price: 101.5, reason: "a 'reason' — 이유"))
  }

  @Test(arguments: StoreEngine.all)
  func `requests to a source are counted by themselves, and old ones are forgotten`(_ engine: StoreEngine)
    async throws
  {
    try await store(engine) { store in
      let moments = [now.advanced(by: 2_000), now, now, now.advanced(by: 1_000)]
      for moment in moments {
        try await store.noteRequest(to: "a", at: moment, forgetting: now.advanced(by: -86_400_000))
      }
      try await store.noteRequest(to: "b", at: now, forgetting: now)
      #expect(try await store.requests(to: "a", since: now) == moments.sorted())
      #expect(try await store.requests(to: "a", since: now.advanced(by: 1)) == Array(moments.sorted().dropFirst(2)))
      try await store.noteRequest(to: "a", at: later, forgetting: now.advanced(by: 2_000))
      #expect(try await store.requests(to: "a", since: now) == [now.advanced(by: 2_000), later])
      #expect(try await store.requests(to: "b", since: now) == [now])
      #expect(try await store.requests(to: "nobody", since: now) == [])
    }
  }

  @Test(arguments: StoreEngine.all)
  func `instruments come back with their names, and the last profile counts`(_ engine: StoreEngine) async throws {
    try await store(engine) { store in
      let bare = InstrumentProfile(instrument: Instrument(symbol: "ON"))
      var full = InstrumentProfile(
        instrument: Instrument(symbol: "005930.KS"), names: ["en": "Samsung", "ko": "삼성전자"], category: "stock",
        exchange: "XKRX", currency: "KRW", precision: 0)
      try await store.save([bare, full])
      #expect(try await store.profiles() == [full, bare])
      full.names = ["ko": "삼성"]
      try await store.save([full])
      #expect(try await store.profile(of: full.instrument) == full)
      #expect(try await store.profile(of: Instrument(symbol: "AAPL")) == nil)
    }
  }

  @Test(arguments: StoreEngine.all)
  func `a signal is there once for its strategy, version, symbol, timeframe, bar and direction`(
    _ engine: StoreEngine
  ) async throws {
    try await store(engine) { store in
      let first = signal()
      let id = try #require(try await store.save(first, notices: [], at: now))
      #expect(try await store.save(first, notices: [], at: later) == nil)
      #expect(try await store.signal(id) == first)
      let others = [
        signal(.sell), signal(at: day(2026, 1, 3)), signal(strategy: "t"), signal(version: "2"),
      ]
      for other in others { #expect(try await store.save(other, notices: [], at: now) != nil) }
      #expect(try await store.signals(strategy: nil, symbol: nil, limit: 100).count == 5)
      #expect(try await store.signals(strategy: "t", symbol: "^IXIC", limit: 100).map(\.record) == [others[2]])
      #expect(try await store.signals(strategy: nil, symbol: nil, limit: 1).map(\.record) == [others[1]])
      #expect(try await store.signals(strategy: nil, symbol: "AAPL", limit: 9).isEmpty)
    }
  }

  @Test(arguments: StoreEngine.all)
  func `an outcome belongs to a signal, and is open until its horizon ends`(_ engine: StoreEngine) async throws {
    try await store(engine) { store in
      let id = try #require(try await store.save(signal(), notices: [], at: now))
      let open = OutcomeRecord(signal: id, horizon: "5b")
      let closed = OutcomeRecord(signal: id, horizon: "1d", time: later, price: 103, result: 0.0148)
      try await store.save(open)
      try await store.save(closed)
      #expect(try await store.outcomes(of: id) == [open, closed])
      #expect(try await store.openOutcomes() == [open])
      let ended = OutcomeRecord(signal: id, horizon: "5b", time: later, price: 99, result: -0.02)
      try await store.save(ended)
      #expect(try await store.openOutcomes().isEmpty)
      #expect(try await storeError { try await store.save(OutcomeRecord(signal: 4_711, horizon: "5b")) } != nil)
    }
  }

  @Test(arguments: StoreEngine.all)
  func `what judging a symbol has changed is saved whole, and asked for by symbol and text`(
    _ engine: StoreEngine
  ) async throws {
    try await store(engine) { store in
      let first = try #require(try await store.save(signal(), notices: [], at: now))
      let second = try #require(try await store.save(signal(.sell), notices: [], at: now))
      let timeframe = signal().timeframe
      var changes = OutcomeChanges(mark: OutcomeMark(symbol: "^IXIC", timeframe: timeframe, state: "a"))
      changes.saved = [
        OutcomeRecord(signal: first, horizon: "1d", time: later, price: 103, result: 0.02),
        OutcomeRecord(signal: first, horizon: "5b"),
        OutcomeRecord(signal: second, horizon: "1d", time: later, price: 103, result: -0.02),
      ]
      let tally = OutcomeTally(
        strategy: "s", version: "1", direction: .buy, horizon: "1d", count: 1, successes: 1, base: 0.5)
      changes.tallies = [tally]
      try await store.save(changes)
      #expect(try await store.outcomes(symbol: "^IXIC", timeframe: timeframe) == changes.saved)
      #expect(try await store.outcomes(symbol: "AAPL", timeframe: timeframe).isEmpty)
      #expect(try await store.outcomeMarks() == [changes.mark])
      let record = signal()
      func tallies() async throws -> [OutcomeTally] {
        try await store.tallies(strategy: "s", version: "1", timeframe: timeframe, horizon: "1d")
      }
      #expect(try await tallies() == [tally])
      #expect(
        try await store.endedOutcomes(
          strategy: record.strategy, version: record.version, timeframe: timeframe, horizon: "1d"
        ).map(\.result) == [0.02, -0.02])
      let standings = try await store.signalStandings()
      #expect(standings.map(\.symbol) == ["^IXIC"] && standings.map(\.count) == [2])
      #expect(standings.map(\.latest) == [second] && standings.map(\.editions) == [0])

      // One is taken back, which shows; then its outcomes go, and the tallies are those of now alone.
      _ = try await store.correct(SignalCorrection(id: first, signal: nil, cause: "c"), at: later)
      #expect(try await store.signalStandings().map(\.editions) == [1])
      #expect(
        try await store.endedOutcomes(
          strategy: record.strategy, version: record.version, timeframe: timeframe, horizon: "1d"
        ).map(\.result) == [-0.02])
      var next = OutcomeChanges(mark: OutcomeMark(symbol: "^IXIC", timeframe: timeframe, state: "b"))
      next.removed = [(first, "1d"), (first, "5b")]
      try await store.save(next)
      #expect(try await store.outcomes(symbol: "^IXIC", timeframe: timeframe).map(\.signal) == [second])
      #expect(try await tallies().isEmpty)
      #expect(try await store.outcomeMarks().map(\.state) == ["b"])
      // Nothing of it is saved where one row cannot be.
      var faulty = OutcomeChanges(mark: OutcomeMark(symbol: "^IXIC", timeframe: timeframe, state: "c"))
      faulty.removed = [(second, "1d")]
      faulty.saved = [OutcomeRecord(signal: 4_711, horizon: "1d")]
      #expect(try await storeError { try await store.save(faulty) } != nil)
      #expect(try await store.outcomeMarks().map(\.state) == ["b"])
      #expect(try await store.outcomes(of: second).count == 1)
    }
  }

  @Test(arguments: StoreEngine.all)
  func `a drift is noted and told once, and its reference stays`(_ engine: StoreEngine) async throws {
    try await store(engine) { store in
      var reference = DriftReference(
        strategy: "s", version: "1", timeframe: .day, horizon: "1d", count: 40, rate: 0.6)
      try await store.save(reference)
      reference.rate = 0.1
      try await store.save(reference)
      #expect(try await store.driftReferences().map(\.rate) == [0.6])
      let drift = DriftRecord(
        strategy: "s", version: "1", timeframe: .day, horizon: "1d", raisedAt: later, since: now, rate: 0.3, count: 40,
        history: 0.6, floor: 0.5)
      let notice = Notice(key: "drift/s", code: "ABCDEF", channel: "a", priority: "high", body: "b")
      #expect(try await store.save(drift, notices: [notice], at: later))
      #expect(try await store.save(drift, notices: [notice], at: later) == false)
      #expect(try await store.drifts() == [drift])
      #expect(try await store.entries(in: [], limit: 9).count == 1)
    }
  }

  @Test(arguments: StoreEngine.all)
  func `trials are kept once, in their order`(_ engine: StoreEngine) async throws {
    try await store(engine) { store in
      let trials = ["a", "b", "c"].map {
        TrialRecord(
          configuration: $0, strategy: $0 == "b" ? "other" : "s", line: "{\"hash\":\"\($0)\"}", recordedAt: now)
      }
      let saved = try await store.save(trials)
      #expect(saved == 3)
      #expect(try await store.save(trials) == 0)
      #expect(try await store.trials(of: nil) == trials)
      #expect(try await store.trials(of: "other") == [trials[1]])
    }
  }

  @Test(arguments: StoreEngine.all)
  func `a high only rises, and a session's last snapshot counts`(_ engine: StoreEngine) async throws {
    try await store(engine) { store in
      let high = PriceHigh(symbol: "ON", price: 80, time: now)
      #expect(try await store.raise(high))
      #expect(try await store.raise(PriceHigh(symbol: "ON", price: 79.5, time: later)) == false)
      #expect(try await store.raise(PriceHigh(symbol: "ON", price: 80, time: later)) == false)
      #expect(try await store.high(of: "ON") == high)
      #expect(try await store.raise(PriceHigh(symbol: "ON", price: 81, time: later)))
      #expect(try await store.high(of: "ON")?.price == 81)

      var session = SessionSnapshot(
        symbol: "ON", date: now, open: 1, high: 2, low: 0.5, close: 1.5, volume: 100, takenAt: now)
      try await store.save(session)
      session.close = 1.75
      try await store.save(session)
      #expect(try await store.sessions(of: "ON", from: nil, to: nil) == [session])
      #expect(try await store.sessions(of: "ON", from: later, to: nil).isEmpty)
    }
  }

  @Test(arguments: StoreEngine.all)
  func `news are kept once a feed, and found by symbol and time`(_ engine: StoreEngine) async throws {
    try await store(engine) { store in
      let items = [
        NewsItem(
          feed: "yahoo", identifier: "1", url: "https://example.com/1", title: "A", summary: "s", publishedAt: now,
          fetchedAt: later, symbols: ["AAPL", "MSFT"], sentiment: -0.5),
        NewsItem(feed: "other", identifier: "1", title: "B", publishedAt: later, fetchedAt: later),
      ]
      let saved = try await store.save(items)
      #expect(saved == 2)
      #expect(try await store.save(items) == 0)
      #expect(try await store.news(about: nil, from: nil, to: nil) == items)
      #expect(try await store.news(about: "MSFT", from: now, to: now) == [items[0]])
      #expect(try await store.news(about: "MSFT", from: later, to: nil).isEmpty)
    }
  }

  @Test(arguments: StoreEngine.all)
  func `a job runs once for each moment at which it was due`(_ engine: StoreEngine) async throws {
    try await store(engine) { store in
      let run = try #require(try await store.begin("collect", dueAt: now, at: now))
      #expect(try await store.begin("collect", dueAt: now, at: later) == nil)
      #expect(try await store.begin("report", dueAt: now, at: later) != nil)
      #expect(try await store.lastRun(of: "collect")?.state == .running)
      try await store.finish(run, .failed, detail: "no network", at: later)
      let last = try #require(try await store.lastRun(of: "collect"))
      #expect(last.state == .failed && last.detail == "no network" && last.finishedAt == later && last.dueAt == now)
      #expect(try await store.lastRun(of: "nothing") == nil)
    }
  }

  @Test(arguments: StoreEngine.all)
  func `the slots of a job are added once, with the mark up to which it was looked`(_ engine: StoreEngine) async throws
  {
    try await store(engine) { store in
      let mark = JobMark(job: "collect", rule: "every 1d", through: later)
      let slots = [(dueAt: now, notBefore: now), (dueAt: later, notBefore: later.advanced(by: 5_000))]
      #expect(try await store.add(slots, mark: mark) == 2)
      #expect(try await store.add(slots, mark: mark) == 0)
      #expect(try await store.marks() == [mark])
      let moved = JobMark(job: "collect", rule: "every 1h", through: now)
      #expect(try await store.add([], mark: moved) == 0)
      #expect(try await store.marks() == [moved])
      let pending = try await store.runs(.pending, limit: 10)
      #expect(pending.map(\.run.dueAt) == [now, later] && pending.map(\.run.attempts) == [0, 0])
      #expect(pending.map(\.run.notBefore) == [now, later.advanced(by: 5_000)])
      #expect(try await store.runs(.pending, limit: 1) == [pending[0]])
      // A run that was begun by hand is a run for that moment, too.
      #expect(try await store.begin("collect", dueAt: now, at: later) == nil)
    }
  }

  @Test(arguments: StoreEngine.all)
  func `a pending run is begun by one, and may become pending again`(_ engine: StoreEngine) async throws {
    try await store(engine) { store in
      let mark = JobMark(job: "collect", rule: "r", through: now)
      _ = try await store.add([(now, now)], mark: mark)
      let id = try #require(try await store.runs(.pending, limit: 1).first?.id)
      #expect(try await store.begin(id, at: now))
      #expect(try await store.begin(id, at: now) == false)
      #expect(try await store.runs(.running, limit: 10).map(\.run.attempts) == [1])
      try await store.putBack(id, detail: "no route", notBefore: later, countingAttempt: true)
      let waiting = try #require(try await store.runs(.pending, limit: 10).first?.run)
      #expect(waiting.attempts == 1 && waiting.notBefore == later && waiting.detail == "no route")
      #expect(try await store.begin(id, at: later))
      try await store.putBack(id, detail: nil, notBefore: now, countingAttempt: false)
      #expect(try await store.runs(.pending, limit: 10).first?.run.attempts == 1)
      try await store.skip([id], detail: "late", at: later)
      #expect(try await store.runs(.pending, limit: 10).isEmpty)
      #expect(try await store.begin(id, at: later) == false)
      let last = try #require(try await store.lastRun(of: "collect"))
      #expect(last.state == .skipped && last.detail == "late" && last.finishedAt == later)
    }
  }

  @Test(arguments: StoreEngine.all)
  func `with the end of a run those that follow it become pending for its slot, once`(
    _ engine: StoreEngine
  ) async throws {
    try await store(engine) { store in
      let run = try #require(try await store.begin("collect", dueAt: now, at: now))
      try await store.finish(run, .done, detail: "7 bars", followers: ["evaluate", "highs"], at: later)
      let pending = try await store.runs(.pending, limit: 10)
      #expect(pending.map(\.run.job) == ["evaluate", "highs"] && pending.allSatisfy { $0.run.dueAt == now })
      #expect(pending.allSatisfy { $0.run.notBefore == later && $0.run.startedAt == nil })
      try await store.finish(run, .done, detail: nil, followers: ["evaluate"], at: later)
      #expect(try await store.runs(.pending, limit: 10).count == 2)
    }
  }

  @Test(arguments: StoreEngine.all)
  func `the audit shows the latest first`(_ engine: StoreEngine) async throws {
    try await store(engine) { store in
      let entries = (0..<3).map { AuditEntry(time: now, actor: "cli", action: "restore", subject: "\($0)") }
      for entry in entries { try await store.note(entry) }
      #expect(try await store.entries(limit: 2) == [entries[2], entries[1]])
    }
  }

  @Test(arguments: StoreEngine.all)
  func `a rule takes away what is older, and what is still to be done stays`(_ engine: StoreEngine) async throws {
    try await store(engine) { store in
      let old = day(2024, 1, 1)
      let items = [old, now].map {
        NewsItem(feed: "f", identifier: "\($0)", title: "t", publishedAt: $0, fetchedAt: $0, symbols: ["A"])
      }
      _ = try await store.save(items)
      for key in ["sent", "pending"] {
        try await store.add(Notice(key: key, code: "C", channel: key, priority: "low", body: "b"), at: old)
      }
      let claimed = try #require(try await store.claim(channel: "sent", at: old, lateBefore: old, limit: 1))
      let sent = try #require(claimed.entries.first).id
      let pending = try #require(try await store.entries(in: [.pending], limit: 9).first).id
      try await store.note(.sent(reference: nil), of: [sent], at: old)
      _ = try await store.begin("running", dueAt: old, at: old)
      _ = try await store.add([(old, old)], mark: JobMark(job: "pending", rule: "r", through: old))
      let done = try #require(try await store.begin("done", dueAt: old, at: old))
      try await store.finish(done, .done, detail: nil, at: old)
      try await store.note(AuditEntry(time: old, actor: "cli", action: "a", subject: "s"))

      let rules = RetainedTable.allCases.map { RetentionRule($0, olderThan: 365 * 86_400_000) }
      let removed = try await store.prune(rules, now: now)
      #expect(removed == [.news: 1, .outbox: 1, .jobs: 1, .audit: 1, .sessions: 0])
      #expect(try await store.news(about: "A", from: nil, to: nil) == [items[1]])
      #expect(try await store.entry(pending)?.state == .pending)
      #expect(try await store.entry(sent) == nil)
      #expect(try await store.lastRun(of: "running") != nil)
      #expect(try await store.lastRun(of: "pending") != nil)
      #expect(try await store.lastRun(of: "done") == nil)
    }
  }
}
