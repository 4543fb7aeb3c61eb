import Calendars
import Foundation
import PluginKit
import Storage
import Synchronization
import Testing
import Trading

@testable import Engine

@Suite struct BackfillTests {
  /// New York has 28 sessions from January 2nd to February 9th of 2024.
  let calendar: ExchangeCalendar
  let key = CandleKey(source: "venue", symbol: "X", timeframe: .day)
  let start: Instant

  init() throws {
    calendar = try #require(ExchangeCalendar("XNYS"))
    start = try #require(Instant("2024-01-02"))
  }

  private func at(_ text: String) throws -> Instant { try #require(Instant(text)) }

  /// A venue with a bar for each session of a stretch.
  private func venue(to last: String, reach: SourceReach = SourceReach()) throws -> Venue {
    let venue = Venue(reach: reach)
    for session in calendar.sessions(from: start, to: try at(last)) {
      venue.set(session.date, Double(session.date.day))
    }
    return venue
  }

  private func withStore(_ body: (SQLiteStore) async throws -> Void) async throws {
    let folder = NSTemporaryDirectory() + "backfill-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await body(try SQLiteStore(SQLiteSettings(path: "\(folder)/store.db"), for: .writing))
  }

  private func run(_ venue: Venue, _ store: SQLiteStore, at now: String) async throws -> Collected {
    let moment = try at(now)
    return await Backfill(key, from: venue, into: store, calendar: calendar, now: { moment }).run(from: start)
  }

  @Test func `everything comes once, and then only what is new`() async throws {
    let venue = try venue(to: "2024-02-09", reach: SourceReach(span: 10 * 86_400_000))
    try await withStore { store in
      let first = try await run(venue, store, at: "2024-02-09T23:00Z")
      #expect(first.fault == nil && first.saved.new == 28 && first.gaps == 0 && first.isStale == false)
      #expect(first.coverage?.count == 28 && first.requests == 4)
      #expect(venue.requests.allSatisfy { $0.upperBound.milliseconds - $0.lowerBound.milliseconds <= 864_000_000 })
      let idle = try await run(venue, store, at: "2024-02-10T12:00Z")
      #expect(idle.requests == 0 && idle.saved.new == 0 && idle.isStale == false)
      venue.set(try at("2024-02-12"), 1)
      let next = try await run(venue, store, at: "2024-02-12T22:00Z")
      #expect(next.saved.new == 1 && next.saved.unchanged <= Backfill.recheck + 1 && next.requests == 1)
    }
  }

  @Test func `the bar that is forming is never stored`() async throws {
    let venue = try venue(to: "2024-02-09", reach: SourceReach(settle: 900_000))
    try await withStore { store in
      // The session of the 9th closes at 21:00, and the source may still change it until a quarter past.
      for (now, last) in [
        ("2024-02-09T15:00Z", "2024-02-08"), ("2024-02-09T21:14Z", "2024-02-08"), ("2024-02-09T21:15Z", "2024-02-09"),
      ] {
        let collected = try await run(venue, store, at: now)
        #expect(collected.coverage?.last == (try at(last)))
      }
    }
  }

  @Test func `a hole of the source is asked for once and remembered`() async throws {
    let venue = try venue(to: "2024-02-09")
    venue.set(try at("2024-01-10"), nil)
    venue.set(try at("2024-01-11"), nil)
    try await withStore { store in
      let first = try await run(venue, store, at: "2024-02-09T23:00Z")
      #expect(first.holes == 2 && first.gaps == 0 && first.saved.new == 26)
      #expect(venue.requests.count == 2)
      #expect(try await run(venue, store, at: "2024-02-10T23:00Z").requests == 0)
      #expect(try await store.holes(of: key).count == 1)
    }
  }

  @Test func `what ought to have come yesterday is a gap and no hole yet`() async throws {
    let venue = try venue(to: "2024-02-08")
    try await withStore { store in
      let first = try await run(venue, store, at: "2024-02-10T10:00Z")
      #expect(first.gaps == 1 && first.holes == 0 && first.isStale == true)
      venue.set(try at("2024-02-09"), 7)
      let next = try await run(venue, store, at: "2024-02-10T12:00Z")
      #expect(next.saved.new == 1 && next.gaps == 0 && next.isStale == false)
    }
  }

  @Test func `a late correction is a revision, and the old value stays`() async throws {
    let venue = try venue(to: "2024-02-12")
    try await withStore { store in
      _ = try await run(venue, store, at: "2024-02-09T23:00Z")
      venue.set(try at("2024-02-09"), 7)
      let next = try await run(venue, store, at: "2024-02-12T23:00Z")
      #expect(next.saved.corrected == 1 && next.saved.new == 1)
      let old = try await store.replaced(key, from: nil, to: nil)
      #expect(old.map(\.candle.close) == [Double(try at("2024-02-09").day)])
    }
  }

  @Test func `a dividend brings the older adjusted prices anew`() async throws {
    let venue = try venue(to: "2024-02-12")
    let exDate = try at("2024-02-12")
    try await withStore { store in
      _ = try await run(venue, store, at: "2024-02-09T23:00Z")
      venue.state.withLock { state in
        for (time, price) in state.bars { state.bars[time] = price * 0.99 }
        state.actions = [CorporateAction(time: exDate, kind: .dividend(1))]
      }
      let next = try await run(venue, store, at: "2024-02-12T23:00Z")
      #expect(next.saved.new == 1 && next.saved.actions == 1 && next.saved.corrected == 28)
      #expect(try await run(venue, store, at: "2024-02-13T12:00Z").requests == 0)
    }
  }

  @Test func `a fault keeps what came before it and names source, symbol and cause; the next run goes on`() async throws
  {
    let venue = try venue(to: "2024-02-09", reach: SourceReach(span: 10 * 86_400_000))
    venue.state.withLock { $0.answersLeft = 2 }
    try await withStore { store in
      let first = try await run(venue, store, at: "2024-02-09T23:00Z")
      #expect(first.fault?.description == "venue, X 1d: the venue is closed for repairs")
      #expect(first.fault?.kind == .unavailable && first.isStale == true)
      #expect(first.coverage?.last == (try at("2024-01-19")))
      venue.state.withLock { $0.answersLeft = .max }
      _ = venue.requests
      let next = try await run(venue, store, at: "2024-02-09T23:30Z")
      #expect(next.fault == nil && next.saved.new == 28 - (first.coverage?.count ?? 0))
      #expect(venue.requests.first?.lowerBound ?? start > start)
    }
  }

  @Test func `one that fails does not stop the others`() async throws {
    let (good, bad) = (try venue(to: "2024-02-09"), try venue(to: "2024-02-09"))
    bad.state.withLock { $0.answersLeft = 0 }
    try await withStore { store in
      let moment = try at("2024-02-09T23:00Z")
      let tasks = ["A", "B", "C"].map { symbol in
        let key = CandleKey(source: "venue", symbol: symbol, timeframe: .day)
        let backfill = Backfill(
          key, from: symbol == "B" ? bad : good, into: store, calendar: calendar, now: { moment })
        return Collector.Task(backfill, from: start)
      }
      let answers = await Collector(tasks, width: 2).run()
      #expect(answers.map(\.key.symbol) == ["A", "B", "C"])
      #expect(answers.map { $0.fault == nil } == [true, false, true])
      #expect(answers.map { $0.coverage?.count } == [28, nil, 28])
    }
  }

  @Test func `without a calendar a bar is closed after its length and the delay`() async throws {
    let venue = try venue(to: "2024-02-09", reach: SourceReach(settle: 60_000))
    try await withStore { store in
      for (now, last) in [("2024-02-09T00:00:59Z", "2024-02-07"), ("2024-02-09T00:01:00Z", "2024-02-08")] {
        let moment = try at(now)
        let collected = await Backfill(key, from: venue, into: store, calendar: nil, now: { moment }).run(from: start)
        #expect(collected.coverage?.last == (try at(last)))
      }
    }
  }
}
