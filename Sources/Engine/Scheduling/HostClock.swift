public import Trading

/// The clock that everything in the engine goes by.
public protocol HostClock: Sendable {
  /// The time of the system's clock, which may be put forward or back while the host runs.
  func now() -> Instant
  /// Sleeps for as long as it is, at the call, until a moment; a change of the clock meanwhile alters nothing. Ends at
  /// once where the moment has gone, and with `CancellationError` where the task is cancelled.
  func sleep(until moment: Instant) async throws
}
