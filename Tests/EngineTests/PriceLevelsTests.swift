import Calendars
import Storage
import Testing
import Trading

@testable import Engine

/// Highs and sessions of bars whose answers are worked out by hand.
@Suite struct PriceLevelsTests {
  private static func series(
    _ rows: [(String, Double, Double, Double, Double)], _ timeframe: Timeframe, _ exchange: String?
  ) throws -> CandleSeries {
    let candles = try rows.map { time, open, high, low, close in
      Candle(time: try #require(Instant(time)), open: open, high: high, low: low, close: close, volume: 10)
    }
    let series = CandleSeries(instrument: Instrument(symbol: "X"), timeframe: timeframe, candles: candles)
    return try exchange.map { series.keeping(try #require(ExchangeCalendar($0))) } ?? series
  }

  @Test func `the high is the first bar that had it`() throws {
    let series = try Self.series(
      [("2024-07-01", 1, 5, 1, 2), ("2024-07-02", 2, 7, 2, 3), ("2024-07-03", 3, 7, 3, 3)], .day, nil)
    let high = try #require(PriceLevels(of: series).high)
    #expect(high.price == 7 && high.time == Instant("2024-07-02"))
    #expect(PriceLevels(of: series.bars(0..<0)).high == nil)
  }

  @Test func `sessions go by the exchange, and one that goes on is none yet`() throws {
    // Sydney, from 23:00 UTC: two sessions, of which the second goes on until 05:00.
    let series = try Self.series(
      [
        ("2024-01-07T23:00Z", 10, 12, 9, 11), ("2024-01-08T00:00Z", 11, 15, 10, 14),
        ("2024-01-08T04:00Z", 14, 14, 8, 9),
        ("2024-01-08T23:00Z", 20, 21, 19, 20),
      ], Timeframe(1, .hour), "XASX")
    let during = try #require(Instant("2024-01-09T00:00Z"))
    let sessions = PriceLevels(of: series).sessions(at: during)
    #expect(sessions.count == 1)
    let first = try #require(sessions.first)
    #expect(first.date == Instant("2024-01-08") && (first.open, first.high, first.low, first.close) == (10, 15, 8, 9))
    #expect(first.volume == 30 && first.takenAt == during)
    let after = PriceLevels(of: series).sessions(at: try #require(Instant("2024-01-09T06:00Z")))
    #expect(after.map(\.date) == [Instant("2024-01-08"), Instant("2024-01-09")])
  }

  @Test func `a half day is over at noon, and a holiday is no session`() throws {
    let series = try Self.series(
      [("2024-07-02", 1, 2, 1, 2), ("2024-07-03", 2, 3, 2, 3), ("2024-07-05", 3, 4, 3, 4)], .day, "XNYS")
    func dates(_ moment: String) throws -> [Int] {
      PriceLevels(of: series).sessions(at: try #require(Instant(moment))).map(\.date.date.day)
    }
    #expect(try dates("2024-07-05T19:59Z") == [2, 3])
    #expect(try dates("2024-07-05T20:00Z") == [2, 3, 5])
    let half = PriceLevels(of: series.bars(0..<2)).sessions(at: try #require(Instant("2024-07-03T17:00Z")))
    #expect(half.count == 2)
  }
}
