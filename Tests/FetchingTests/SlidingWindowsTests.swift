import TestSupport
import Testing
import Trading

@testable import Fetching

@Suite struct SlidingWindowsTests {
  private func starts(_ windows: [RateWindow], _ arrivals: [Int64]) -> [Int64] {
    var limiter = SlidingWindows(windows, longestWait: .max / 4)
    return arrivals.map { arrival in
      guard case .in(let wait) = limiter.next(now: Instant(milliseconds: arrival)) else { return .max }
      return arrival + wait
    }
  }

  @Test func `without a rate nothing waits`() { #expect(starts([], [0, 0, 5]) == [0, 0, 5]) }

  @Test func `two a second go in pairs`() throws {
    let rate = try #require(RateWindow("2/s"))
    #expect(starts([rate], [0, 0, 0, 0, 0]) == [0, 0, 1_000, 1_000, 2_000])
    // The third waits for the first to be a second old, and not for a second of the clock to begin.
    #expect(starts([rate], [100, 900, 950, 1_500]) == [100, 900, 1_100, 1_900])
  }

  @Test func `the tightest of several rates holds`() throws {
    let rates = try ["2/s", "3/m", "5/h"].map { try #require(RateWindow($0)) }
    #expect(starts(rates, Array(repeating: 0, count: 6)) == [0, 0, 1_000, 60_000, 60_000, 3_600_000])
  }

  /// By definition: in no stretch of a window's length, wherever it starts, are there more than its count, and no
  /// request waits a millisecond longer than that asks for.
  @Test(arguments: 0..<20) func `no stretch holds too many, and no wait is longer than needed`(_ seed: UInt64) {
    var random = SplitMix(seed: seed)
    let windows = (0..<Int.random(in: 1...3, using: &random)).map { _ in
      RateWindow(count: .random(in: 1...5, using: &random), length: .random(in: 5...200, using: &random))
    }
    var arrival: Int64 = 0
    let arrivals = (0..<200).map { _ in
      arrival += .random(in: 0...40, using: &random)
      return arrival
    }
    let starts = starts(windows, arrivals)
    for (index, start) in starts.enumerated() {
      let earlier = starts[..<index]
      func isFree(_ time: Int64) -> Bool {
        windows.allSatisfy { window in earlier.count { $0 > time - window.length } < window.count }
      }
      #expect(isFree(start))
      let isEarliest = start == arrivals[index] || start == earlier.last || !isFree(start - 1)
      #expect(isEarliest)
    }
  }

  @Test func `who would wait too long is told so and not counted`() throws {
    var limiter = SlidingWindows([try #require(RateWindow("2/d"))], longestWait: 120_000)
    let now = Instant(seconds: 1_700_000_000)
    #expect(limiter.next(now: now) == .in(0))
    #expect(limiter.next(now: now) == .in(0))
    for _ in 0..<5 { #expect(limiter.next(now: now.advanced(by: 1_000)) == .tooLate(86_399_000)) }
    #expect(limiter.next(now: now.advanced(by: 86_400_000 - 60_000)) == .in(60_000))
  }

  @Test(arguments: 0..<20) func `whoever starts anew with what was noted waits as if it had never ended`(
    _ seed: UInt64
  ) {
    var random = SplitMix(seed: seed)
    let windows = [RateWindow(count: 3, length: 100), RateWindow(count: 5, length: 400)]
    var running = SlidingWindows(windows, longestWait: .max / 4)
    var restarted = running
    var noted: [Instant] = []
    var now: Int64 = 0
    for _ in 0..<200 {
      now += .random(in: 0...60, using: &random)
      let turn = running.next(now: Instant(milliseconds: now))
      #expect(restarted.next(now: Instant(milliseconds: now)) == turn)
      if case .in(let wait) = turn { noted.append(Instant(milliseconds: now + wait)) }
      if Int.random(in: 0..<10, using: &random) == 0 {
        restarted = SlidingWindows(windows, longestWait: .max / 4)
        // Only what the longest window still holds was kept, in whatever order.
        restarted.remember(noted.filter { $0.milliseconds > now - 400 }.shuffled(using: &random))
      }
    }
  }

  @Test func `a pause holds up those that come after it`() {
    var limiter = SlidingWindows([], longestWait: 120_000)
    let now = Instant(seconds: 1_700_000_000)
    limiter.pause(until: now.advanced(by: 7_000))
    #expect(limiter.next(now: now) == .in(7_000))
    #expect(limiter.next(now: now.advanced(by: 8_000)) == .in(0))
  }

  @Test func `a clock that is set back by a day stops nothing`() throws {
    var limiter = SlidingWindows([try #require(RateWindow("1/s"))], longestWait: 120_000)
    let now = Instant(seconds: 1_700_000_000)
    #expect(limiter.next(now: now) == .in(0))
    #expect(limiter.next(now: now.advanced(by: -86_400_000)) == .in(1_000))
  }
}
