import Testing
import Trading

@testable import Calendars

@Suite struct TradingSessionTests {
  @Test func `trading stands still in the pause and ends before the close`() throws {
    let date = try #require(Instant("2024-01-04"))
    func at(_ hour: Int, _ minute: Int = 0) -> Instant { date.advanced(by: Int64(hour * 60 + minute) * 60_000) }
    let tokyo = TradingSession(date: date, open: at(0), close: at(6), pause: at(2, 30)..<at(3, 30))
    #expect(
      [at(0), at(2, 29), at(2, 30), at(3, 29), at(3, 30), at(5, 59), at(6)].map(tokyo.isOpen)
        == [true, true, false, false, true, true, false])
  }
}
