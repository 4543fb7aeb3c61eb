public import PluginKit
public import Trading

/// Remembers beyond the end of the process when a source was asked: a day's allowance is no longer for who starts anew.
public protocol RequestLog: Sendable {
  /// The moments of its requests from `moment` on, in any order.
  func requests(since moment: Instant) async throws(WebError) -> [Instant]
  /// Notes a request before it goes; those before `oldest` are of no more use.
  func note(_ request: Instant, forgetting oldest: Instant) async throws(WebError)
}

extension RateWindow {
  /// Shorter windows have passed by the time a process is back.
  static let shortestRemembered: Int64 = 3_600_000
}
