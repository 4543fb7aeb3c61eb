/// Bounds of a scheduler.
public struct SchedulerSettings: Hashable, Sendable {
  /// Runs at one time, of all jobs.
  public var width = 4
  /// Milliseconds for which runs may go on when the host stops, before they are cancelled.
  public var patience: Int64 = 30_000
  /// Milliseconds that a cancelled run has to end, before the host stops without it.
  public var release: Int64 = 5_000
  /// What jitter is drawn from.
  public var seed: UInt64 = 0

  public init() {}

  /// Milliseconds between two looks at the clock, at most: it may have been put forward.
  static let heartbeat: Int64 = 60_000
  /// Milliseconds after a fault of the store.
  static let pause: Int64 = 15_000
}
