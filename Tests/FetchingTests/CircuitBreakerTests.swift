import Testing
import Trading

@testable import Fetching

@Suite struct CircuitBreakerTests {
  private let start = Instant(seconds: 1_700_000_000)

  private func opened() -> CircuitBreaker {
    var breaker = CircuitBreaker(failures: 3, rest: 30_000, longestRest: 100_000)
    for _ in 0..<3 { breaker.fail(now: start) }
    return breaker
  }

  @Test func `failures in a row open it, a success between does not count with them`() {
    var breaker = CircuitBreaker(failures: 3, rest: 30_000)
    for fails in [true, true, false, true, true] { fails ? breaker.fail(now: start) : breaker.succeed() }
    #expect(breaker.ask(now: start) == .granted)
    breaker.fail(now: start)
    #expect(breaker.ask(now: start.advanced(by: 10_000)) == .denied(20_000))
  }

  @Test func `after its rest one request tries, and a success closes it`() {
    var breaker = opened()
    let later = start.advanced(by: 30_000)
    #expect(breaker.ask(now: later) == .probe)
    #expect(breaker.ask(now: later) == .denied(30_000))
    breaker.succeed()
    #expect(breaker.ask(now: later) == .granted)
  }

  @Test func `each further failure doubles the rest, up to the longest`() {
    var breaker = opened()
    var now = start
    for rest: Int64 in [30_000, 60_000, 100_000, 100_000] {
      #expect(breaker.ask(now: now.advanced(by: rest - 1)) == .denied(1))
      now = now.advanced(by: rest)
      #expect(breaker.ask(now: now) == .probe)
      breaker.fail(now: now)
    }
  }

  @Test func `a try that was cancelled leaves the next one to try`() {
    var breaker = opened()
    let later = start.advanced(by: 30_000)
    let permission = breaker.ask(now: later)
    breaker.withdraw(permission, now: later)
    #expect(breaker.ask(now: later) == .probe)
  }
}
