public import Trading

/// Time as the server reads it.
public struct APIClock: Sendable {
  public let now: @Sendable () -> Instant
  /// Sleeps for milliseconds.
  public let sleep: @Sendable (Int64) async throws -> Void

  public init(now: @escaping @Sendable () -> Instant, sleep: @escaping @Sendable (Int64) async throws -> Void) {
    self.now = now
    self.sleep = sleep
  }
}

/// A request that was answered.
public struct APIObservation: Sendable {
  /// The operation's id; nil where there is none.
  public let operation: String?
  public let method: String
  public let status: Int
  public let milliseconds: Int64
  public let caller: Caller?
  /// What went wrong inside.
  public let fault: String?
}
