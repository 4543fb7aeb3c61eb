public import Trading

/// A message that is to go out by a channel.
public struct Notice: Hashable, Sendable {
  /// The channel's name in the configuration.
  public var channel: String
  public var priority: String
  public var body: String

  public init(channel: String, priority: String, body: String) {
    self.channel = channel
    self.priority = priority
    self.body = body
  }
}

/// A notice in the outbox, and how far it has come.
public struct OutboxEntry: Hashable, Sendable {
  public enum State: String, Sendable, CaseIterable { case pending, sent, dropped }

  public var id: Int64
  public var notice: Notice
  /// The signal that it tells of.
  public var signal: Int64?
  public var state: State
  /// Attempts that failed, and why the last one did.
  public var attempts: Int
  public var failure: String?
  public var createdAt: Instant
  /// Not to be tried before this.
  public var dueAt: Instant
}

/// Keeps notices until they have gone out.
public protocol OutboxStore: Sendable {
  func add(_ notice: Notice, at moment: Instant) async throws(StoreError) -> Int64
  /// What is to be sent by a moment, the oldest first, at most `limit`.
  func pending(at moment: Instant, limit: Int) async throws(StoreError) -> [OutboxEntry]
  func entry(_ id: Int64) async throws(StoreError) -> OutboxEntry?
  func noteSent(_ id: Int64, at moment: Instant) async throws(StoreError)
  func noteFailure(_ id: Int64, _ reason: String, retryAt: Instant) async throws(StoreError)
  func drop(_ id: Int64, at moment: Instant) async throws(StoreError)
}
