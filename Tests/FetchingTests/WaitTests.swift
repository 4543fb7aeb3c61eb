import TestSupport
import Testing
import Trading

@testable import Fetching

@Suite struct WaitTests {
  /// The bounds are those of the paper: sleep = random(0, min(cap, base · 2^attempt)).
  @Test func `a wait lies between nothing and the doubled base, below the cap`() {
    var random = SplitMix(seed: 7)
    let backoff = Backoff()
    for (tries, most): (Int, Int64) in [(0, 500), (1, 1_000), (2, 2_000), (5, 16_000), (6, 30_000), (40, 30_000)] {
      let waits = (0..<1_000).map { _ in backoff.wait(after: tries, random: random.unit()) }
      #expect(waits.allSatisfy { (0...most).contains($0) })
      // Full jitter: the whole range, evenly.
      let mean = Double(waits.reduce(0, +)) / 1_000
      #expect(abs(mean / Double(most) - 0.5) < 0.05)
    }
  }

  @Test func `a date of HTTP is read`() {
    // The example of RFC 9110, 5.6.7, is 784111777 seconds after 1970.
    #expect(HTTPDate.read("Sun, 06 Nov 1994 08:49:37 GMT") == Instant(seconds: 784_111_777))
  }

  @Test(arguments: [
    "", "tomorrow", "1994-11-06T08:49:37Z", "Sun, 06 Nov 1994 08:49 GMT", "Sun, 31 Feb 2024 00:00:00 GMT",
    "Sun, 06 Nov 1994 08:49:37 CET", "Sun, -6 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 99999999999999999999 08:49:37 GMT",
  ])
  func `what is none is not`(_ text: String) { #expect(HTTPDate.read(text) == nil) }

  @Test(
    arguments: [
      ("7", 7_000), ("0", 0), ("Sun, 06 Nov 1994 08:50:37 GMT", 60_000), ("Sun, 06 Nov 1994 08:00:00 GMT", 0),
      ("99999999999999999999", 2_592_000_000), ("-5", nil), ("soon", nil), ("", nil), ("1.5", nil),
    ] as [(String, Int64?)])
  func `Retry-After is read in both forms`(_ text: String, _ wait: Int64?) {
    let now = Instant(seconds: 784_111_777)
    #expect(RetryAfter.milliseconds(["retry-after": text], now: now) == wait)
  }

  @Test func `a date is taken against the clock of the server that says it`() {
    let headers = ["retry-after": "Sun, 06 Nov 1994 08:50:07 GMT", "date": "Sun, 06 Nov 1994 08:49:37 GMT"]
    #expect(RetryAfter.milliseconds(headers, now: Instant(seconds: 0)) == 30_000)
  }
}
