public import Trading

/// What a caller may do. Each may do what the ones before it may.
public enum AccessRole: String, Sendable, CaseIterable, Comparable {
  /// Looks, and changes nothing.
  case read
  /// Steers what runs: jobs, messages, backtests.
  case operate
  /// Changes what is run.
  case admin

  public static func < (one: AccessRole, other: AccessRole) -> Bool { one.rank < other.rank }

  private var rank: Int {
    switch self {
    case .read: 0
    case .operate: 1
    case .admin: 2
    }
  }
}

/// A token as it is kept: what is kept does not let anybody in.
public struct AccessToken: Hashable, Sendable {
  public var name: String
  /// SHA-256 of the secret.
  public var digest: [UInt8]
  public var role: AccessRole
  public var createdAt: Instant
  /// From when on it is refused; nil is never.
  public var expiresAt: Instant?
  public var revokedAt: Instant?

  public init(
    name: String, digest: [UInt8], role: AccessRole, createdAt: Instant, expiresAt: Instant? = nil,
    revokedAt: Instant? = nil
  ) {
    self.name = name
    self.digest = digest
    self.role = role
    self.createdAt = createdAt
    self.expiresAt = expiresAt
    self.revokedAt = revokedAt
  }

  public func isValid(at moment: Instant) -> Bool {
    revokedAt == nil && (expiresAt.map { moment < $0 } ?? true)
  }
}

/// Keeps who may ask. A token that is revoked stays, so that the audit's names mean somebody.
public protocol AccessStore: Sendable {
  /// False where there is a token of that name already.
  func add(_ token: AccessToken) async throws(StoreError) -> Bool
  /// By when they were made.
  func tokens() async throws(StoreError) -> [AccessToken]
  func token(digest: [UInt8]) async throws(StoreError) -> AccessToken?
  /// False where there is no token of that name that was not revoked.
  func revokeToken(_ name: String, at moment: Instant) async throws(StoreError) -> Bool
}
