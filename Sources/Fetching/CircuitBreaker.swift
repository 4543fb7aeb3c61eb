internal import Trading

/// Leaves a server alone that fails again and again: after so many failures in a row nothing is asked for a while, then
/// one request tries, and its end decides. A value: the times are passed in.
/// Source: M. Nygard, Release It!, 2nd edition, 2018, chapter 5.
struct CircuitBreaker: Sendable {
  private enum State {
    case closed(failures: Int)
    case open(until: Instant)
    /// One request is under way, and the rest wait for what becomes of it.
    case probing
  }

  private let failures: Int
  private let rest: Int64
  private let longestRest: Int64
  private var state = State.closed(failures: 0)
  /// How often it has opened without a success between.
  private var openings = 0

  /// Opens after `failures` in a row for `rest` milliseconds, twice as long each further time up to `longestRest`.
  init(failures: Int = 5, rest: Int64 = 30_000, longestRest: Int64 = 600_000) {
    self.failures = failures
    self.rest = rest
    self.longestRest = longestRest
  }

  enum Permission: Equatable {
    case granted
    /// The one request by which a server shows that it is back.
    case probe
    /// Not before so many milliseconds.
    case denied(Int64)
  }

  mutating func ask(now: Instant) -> Permission {
    switch state {
    case .closed: return .granted
    case .open(let until) where now < until:
      // A clock that was set back does not lengthen the rest.
      return .denied(min(until.milliseconds - now.milliseconds, longestRest))
    case .open:
      state = .probing
      return .probe
    case .probing: return .denied(rest)
    }
  }

  mutating func succeed() {
    state = .closed(failures: 0)
    openings = 0
  }

  mutating func fail(now: Instant) {
    switch state {
    case .closed(let before) where before + 1 < failures: state = .closed(failures: before + 1)
    case .closed, .probing: open(now)
    case .open: break  // one that was under way when it opened
    }
  }

  /// What was asked for ended without a word on the server: it was cancelled, or refused before it was sent.
  mutating func withdraw(_ permission: Permission, now: Instant) {
    if permission == .probe, case .probing = state { state = .open(until: now) }
  }

  private mutating func open(_ now: Instant) {
    let length = openings < 20 ? min(longestRest, rest << Int64(openings)) : longestRest
    openings += 1
    state = .open(until: now.advanced(by: length))
  }
}
