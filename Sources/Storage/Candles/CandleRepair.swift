public import Trading

/// Who gave the value that took a bar's place.
public enum RevisionOrigin: String, Sendable, Hashable, CaseIterable {
  /// The source, or a file.
  case source
  /// A repair that the quality checks proposed.
  case repair
  /// A repair that was taken back.
  case undo
}

/// A repair as it is remembered.
public struct CandleRepair: Hashable, Sendable {
  /// The revision that it made, from 1 in each key.
  public var revision: Int
  public var madeAt: Instant
  /// Bars that it changed, moved or took away.
  public var bars: Int
  /// Dividends, splits and gains that it changed.
  public var actions: Int
  /// Why, a sentence each.
  public var reasons: [String]
  /// The revision that took it back; nil where it stands.
  public var undoneBy: Int?
}

/// What the last check of a key's prices found, by severity.
public struct CandleCheck: Hashable, Sendable {
  public var checkedAt: Instant
  public var errors, warnings, notes: Int

  public init(checkedAt: Instant, errors: Int, warnings: Int, notes: Int) {
    self.checkedAt = checkedAt
    self.errors = errors
    self.warnings = warnings
    self.notes = notes
  }
}

/// Keeps what was mended in candles, so that it can be told from what the source said and be taken back.
///
/// A repair stands as long as the source repeats the value that was mended; where it gives another, that one counts.
public protocol RepairStore: Sendable {
  /// Puts mended bars and actions in the place of those that they mend, as one revision. Where something else stands by
  /// now than `original` says, it is left alone. Nil where nothing changed.
  ///
  /// - Parameters:
  ///   - original: What was read of the key, or a stretch of it.
  ///   - mended: The same bars and actions mended. A bar that is missing or not there is taken away.
  ///   - reasons: Why, a sentence each.
  func repair(
    _ key: CandleKey, from original: PriceHistory, to mended: PriceHistory, reasons: [String], at moment: Instant
  ) async throws(StoreError) -> CandleRepair?

  /// Takes a repair back: what it changed is again what it was before, except bars and actions that the source, or a
  /// later repair, has replaced since. Nil where there is no such repair, or it was taken back already.
  func undo(repair revision: Int, of key: CandleKey, at moment: Instant) async throws(StoreError) -> CandleRepair?

  /// The repairs of a key, the oldest first.
  func repairs(of key: CandleKey) async throws(StoreError) -> [CandleRepair]

  /// Remembers what a check found; the one before it is forgotten. Nothing where there are no candles.
  func note(_ check: CandleCheck, of key: CandleKey) async throws(StoreError)

  /// What the last check found; nil where there was none.
  func check(of key: CandleKey) async throws(StoreError) -> CandleCheck?
}
