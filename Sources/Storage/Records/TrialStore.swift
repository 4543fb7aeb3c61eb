public import Trading

/// A configuration that was tried, as the trial ledger writes it.
public struct TrialRecord: Hashable, Sendable {
  /// What tells one configuration from another.
  public var configuration: String
  public var strategy: String
  /// The ledger's line, JSON.
  public var line: String
  public var recordedAt: Instant

  public init(configuration: String, strategy: String, line: String, recordedAt: Instant) {
    self.configuration = configuration
    self.strategy = strategy
    self.line = line
    self.recordedAt = recordedAt
  }
}

/// Keeps every trial, for figures are corrected for how many there were. None is ever taken away.
public protocol TrialStore: Sendable {
  /// Saves trials; those whose configuration is there are left as they are. Returns how many are new.
  func save(_ trials: [TrialRecord]) async throws(StoreError) -> Int
  /// In the order in which they were saved.
  func trials(of strategy: String?) async throws(StoreError) -> [TrialRecord]
}
