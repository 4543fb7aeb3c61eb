public import Trading

/// Something that somebody did.
public struct AuditEntry: Hashable, Sendable {
  public var time: Instant
  /// Who: `cli`, `api:NAME`, `scheduler`.
  public var actor: String
  /// What was done, a word, and to what.
  public var action, subject: String
  public var detail: String?

  public init(time: Instant, actor: String, action: String, subject: String, detail: String? = nil) {
    self.time = time
    self.actor = actor
    self.action = action
    self.subject = subject
    self.detail = detail
  }
}

/// Keeps who did what; entries are only added.
public protocol AuditStore: Sendable {
  func note(_ entry: AuditEntry) async throws(StoreError)
  /// The latest first, at most `limit`.
  func entries(limit: Int) async throws(StoreError) -> [AuditEntry]
}
