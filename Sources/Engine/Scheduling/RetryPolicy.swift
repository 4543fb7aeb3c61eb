/// How often a job that failed is tried again for the same slot, and after what time.
public struct RetryPolicy: Hashable, Sendable {
  /// Attempts after the first.
  public var count: Int
  /// Milliseconds until the first of them; each later one waits twice as long as the one before.
  public var backoff: Int64
  /// Milliseconds that none waits longer than.
  public var longest: Int64

  public init(_ count: Int = 0, backoff: Int64 = 30_000, longest: Int64 = 3_600_000) {
    self.count = max(0, count)
    self.backoff = max(0, backoff)
    self.longest = max(0, longest)
  }

  /// Milliseconds from the end of an attempt, counted from 1, to the next.
  func delay(after attempt: Int) -> Int64 {
    let (delay, overflow) = backoff.multipliedReportingOverflow(by: 1 << Int64(min(max(attempt, 1) - 1, 40)))
    return overflow ? longest : min(delay, longest)
  }
}
