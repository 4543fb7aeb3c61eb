import Testing
import Trading

@testable import Storage

@Suite struct CandleKeyTests {
  @Test func `one instrument from two sources is two things`() {
    let keys = ["yahoo", "stooq"].map { CandleKey(source: $0, symbol: "AAPL", timeframe: .day) }
    #expect(Set(keys).count == 2)
  }
}
