import Testing

@testable import Fetching

@Suite struct RateWindowTests {
  @Test(arguments: [("2/s", 2, 1_000), ("60/m", 60, 60_000), ("5/h", 5, 3_600_000), ("25/d", 25, 86_400_000)])
  func `a count and a length are read`(_ text: String, _ count: Int, _ length: Int64) {
    #expect(RateWindow(text) == RateWindow(count: count, length: length))
  }

  @Test(arguments: ["", "2", "/s", "0/s", "-1/s", "2/w", "2 / s", "2/s/m", "1000001/s", "1.5/s", "٢/s"])
  func `what is no rate is refused`(_ text: String) { #expect(RateWindow(text) == nil) }
}
