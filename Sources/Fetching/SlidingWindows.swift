internal import Trading

/// When the next request may go, by several rates at once. In any stretch of a window's length, wherever it starts,
/// there are at most its count of requests. A value: the times are passed in.
struct SlidingWindows: Sendable {
  private let windows: [RateWindow]
  /// The starts of the last requests, oldest first, as many as the largest window counts.
  private var starts: [Int64] = []
  private var oldest = 0
  /// No request before this.
  private var pausedUntil = Int64.min
  private let longestWait: Int64

  /// `longestWait` is the longest that a request is made to wait, in milliseconds.
  init(_ windows: [RateWindow], longestWait: Int64) {
    self.windows = windows
    self.longestWait = longestWait
  }

  enum Turn: Equatable {
    /// In so many milliseconds: the request is counted.
    case `in`(Int64)
    /// Only in so many milliseconds, which is too long: the request is not counted.
    case tooLate(Int64)
  }

  /// The turn of a request that is made now.
  mutating func next(now: Instant) -> Turn {
    let now = now.milliseconds
    withstandClock(now)
    var start = max(now, last ?? now, pausedUntil)
    for window in windows where starts.count >= window.count {
      start = max(start, self[back: window.count] + window.length)
    }
    guard start - now <= longestWait else { return .tooLate(start - now) }
    note(start)
    return .in(start - now)
  }

  /// Counts requests that an earlier process made. Asked before the first turn.
  mutating func remember(_ earlier: [Instant]) {
    for start in earlier.map(\.milliseconds).sorted() { note(start) }
  }

  /// Nothing goes before the moment; what has its turn already keeps it.
  mutating func pause(until moment: Instant) { pausedUntil = max(pausedUntil, moment.milliseconds) }

  private var last: Int64? { starts.isEmpty ? nil : self[back: 1] }

  /// The start `back` requests ago; 1 is the last.
  private subscript(back back: Int) -> Int64 { starts[(oldest + starts.count - back) % starts.count] }

  private mutating func note(_ start: Int64) {
    let most = windows.map(\.count).max() ?? 0
    if starts.count < most {
      starts.append(start)
    } else if most > 0 {
      starts[oldest] = start
      oldest = (oldest + 1) % most
    }
  }

  /// A turn further ahead than any is given means that the clock was set back: the past moves with it.
  private mutating func withstandClock(_ now: Int64) {
    guard let last, last > now + longestWait else { return }
    let shift = last - now
    starts = starts.map { $0 - shift }
    if pausedUntil > .min { pausedUntil -= shift }
  }
}
