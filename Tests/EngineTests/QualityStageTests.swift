import Calendars
import Foundation
import MarketData
import PluginKit
import Storage
import Synchronization
import Testing
import Trading

@testable import Engine

/// What is looked for, and mended, in prices that come in.
@Suite struct QualityStageTests {
  let calendar: ExchangeCalendar
  let key = CandleKey(source: "venue", symbol: "X", timeframe: .day)
  let start: Instant

  init() throws {
    calendar = try #require(ExchangeCalendar("XNYS"))
    start = try #require(Instant("2024-01-02"))
  }

  private func at(_ text: String) throws -> Instant { try #require(Instant(text)) }

  /// Half a year of closes that wander around 100, of which three stand in hundredths.
  private func venue() throws -> Venue {
    let venue = Venue()
    for (bar, session) in calendar.sessions(from: start, to: try at("2024-06-28")).enumerated() {
      let price = 100 + Double(bar * 37 % 41 - 20) / 8
      venue.set(session.date, (60..<63).contains(bar) ? price * 100 : price)
    }
    return venue
  }

  private func withStore(_ body: (SQLiteStore) async throws -> Void) async throws {
    let folder = NSTemporaryDirectory() + "quality-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await body(try SQLiteStore(SQLiteSettings(path: "\(folder)/store.db"), for: .writing))
  }

  private func run(
    _ venue: Venue, _ store: SQLiteStore, _ practice: QualityStage.Practice, at now: String
  ) async throws -> Collected {
    let moment = try at(now)
    var rules = QualityRules()
    let calendar = calendar
    rules.expectedOpens = { calendar.opens(of: .day, from: $0, to: $1) }
    let stage = QualityStage(practice, rules, in: store, now: { moment })
    return await Backfill(key, from: venue, into: store, calendar: calendar, quality: stage, now: { moment })
      .run(from: start)
  }

  @Test func `what is wrong is said and noted, and nothing is mended unless that is wanted`() async throws {
    let venue = try venue()
    try await withStore { store in
      let collected = try await run(venue, store, .check, at: "2024-06-28T23:00Z")
      let check = try #require(collected.check)
      #expect(collected.fault == nil && check.errors == 1 && collected.repair == nil)
      #expect(try await store.check(of: key) == check)
      #expect(try await store.repairs(of: key).isEmpty)
      // Nothing new: there is nothing to look through.
      let idle = try await run(venue, store, .check, at: "2024-06-29T12:00Z")
      #expect(idle.check == nil)
    }
    try await withStore { store in
      let none = try await run(venue, store, .nothing, at: "2024-06-28T23:00Z")
      #expect(none.check == nil && none.saved.new > 0)
      #expect(try await store.check(of: key) == nil)
    }
  }

  @Test func `a repair at collecting is recorded, stands when the same comes again, and leads back`() async throws {
    let venue = try venue()
    try await withStore { store in
      let first = try await run(venue, store, .repair, at: "2024-06-28T23:00Z")
      let repair = try #require(first.repair)
      #expect(repair.bars == 3 && repair.reasons.count == 1 && repair.reasons[0].hasPrefix("unit_100x 2024-03-"))
      #expect(first.check?.errors == 0)
      let mended = try await store.history(key).series
      #expect(mended.column(.close).allSatisfy { $0 < 110 })

      // A dividend makes the back-fill ask for everything once more: the source still gives what was mended.
      venue.state.withLock { state in
        state.bars[Instant(seconds: 1_719_792_000)] = 101  // 2024-07-01
        state.actions = [CorporateAction(time: Instant(seconds: 1_719_792_000), kind: .dividend(0.01))]
      }
      let second = try await run(venue, store, .nothing, at: "2024-07-01T23:00Z")
      #expect(second.saved.new == 1 && second.saved.corrected == 0 && second.saved.unchanged > 100)
      #expect(try await store.history(key).series.column(.close).allSatisfy { $0 < 110 })

      _ = try await store.undo(repair: repair.revision, of: key, at: try at("2024-07-02"))
      let raw = try await store.history(key).series
      #expect(raw.column(.close).count { $0 > 9_000 } == 3)
    }
  }

  @Test func `a long series that only grows is looked through once a day`() async throws {
    try await withStore { store in
      let minutely = CandleKey(source: "venue", symbol: "X", timeframe: Timeframe(1, .minute))
      let candles = (0...QualityStage.large).map { bar in
        let price = 100 + Double(bar * 37 % 41 - 20) / 80
        return Candle(
          time: start.advanced(by: Int64(bar) * 60_000), open: price, high: price + 0.1, low: price - 0.1, close: price,
          volume: Double(1 + bar % 7))
      }
      let series = CandleSeries(
        instrument: Instrument(symbol: "X"), timeframe: minutely.timeframe, candles: candles)
      let noon = try at("2024-03-01T12:00Z")
      let all = try await store.save(PriceHistory(series: series), under: minutely, fetchedAt: noon)
      var grown = SavedCandles()
      grown.new = 1
      var corrected = grown
      corrected.corrected = 1
      func isChecked(_ saved: SavedCandles, after milliseconds: Int64) async throws -> Bool {
        let stage = QualityStage(.check, QualityRules(), in: store, now: { noon.advanced(by: milliseconds) })
        return try await stage?.run(minutely, after: saved) != nil
      }
      #expect(try await !isChecked(SavedCandles(), after: 0))
      #expect(try await isChecked(all, after: 0))
      #expect(try await !isChecked(grown, after: 86_399_000))
      #expect(try await isChecked(corrected, after: 3_600_000))
      #expect(try await isChecked(grown, after: 90_000_000))
    }
  }

  @Test func `a doctor tells gaps and late bars by the calendar`() async throws {
    let venue = try venue()
    for date in ["2024-02-06", "2024-02-07", "2024-05-15"] { venue.set(try at(date), nil) }
    try await withStore { store in
      let moment = try at("2024-06-29T12:00Z")
      // Without a calendar the back-fill knows of no gaps, and asks for none.
      _ = await Backfill(key, from: venue, into: store, calendar: nil, now: { moment }).run(from: start)
      let times = try await store.history(key).series.times
      let coverage = try #require(try await store.coverage(key))
      func lines(_ now: String, holes: [Range<Instant>] = [], isFetched: Bool = true) throws -> [String] {
        SeriesExamination(calendar, called: "XNYS", isFetched: isFetched, now: try at(now))
          .findings(Diagnosis.Series(key: key, coverage: coverage, times: times, holes: holes, check: nil))
          .map { "\($0.severity) \($0.detail)" }
      }
      // New York had 124 sessions from January 2nd to June 28th of 2024.
      #expect(
        try lines("2024-06-29T12:00Z") == [
          "warning 121 bars, 2024-01-02 to 2024-06-28; 3 bars are missing by XNYS: "
            + "2024-02-06 to 2024-02-07 (2), 2024-05-15"
        ])
      let known = [try at("2024-02-06")..<at("2024-02-08"), try at("2024-05-15")..<at("2024-05-16")]
      #expect(
        try lines("2024-06-29T12:00Z", holes: known) == [
          "fine 121 bars, 2024-01-02 to 2024-06-28, none missing by XNYS"
        ])
      // July 1st to 3rd are sessions (the 3rd until 13:00), the 4th is none; the 5th is not due until six hours later.
      let late = try lines("2024-07-05T21:00Z", holes: known)
      #expect(
        late.count == 1 && late[0].hasPrefix("warning the last bar is of 2024-06-28; 3 more closed since by XNYS"))
      #expect(try lines("2024-07-05T21:00Z", holes: known, isFetched: false)[0].hasPrefix("fine"))
    }
  }

  @Test func `the end of a calendar is told of sixty days ahead`() throws {
    let last = try #require(calendar.lastDate)
    let day: Int64 = 86_400_000
    let far = SeriesExamination.finding(of: calendar, called: "XNYS", now: last.advanced(by: -61 * day))
    let near = SeriesExamination.finding(of: calendar, called: "XNYS", now: last.advanced(by: -59 * day))
    #expect(far?.severity == .fine && near?.severity == .warning)
    let always = try #require(ExchangeCalendar("24/7"))
    #expect(SeriesExamination.finding(of: always, called: "24/7", now: last) == nil)
  }
}
