public import Trading

/// What became of the bars of one save.
public struct SavedCandles: Hashable, Sendable {
  /// Bars that were not there.
  public var new = 0
  /// Bars that were there and are the same.
  public var unchanged = 0
  /// Bars whose prices or volume differ from what was there; the old ones are kept.
  public var corrected = 0
  /// Bars of which only the adjusted close differs, as after each dividend; the old ones are kept.
  public var readjusted = 0
  /// Actions that were not there or differ.
  public var actions = 0

  public init() {}

  /// Whether anything is other than it was.
  public var changesAnything: Bool { new + corrected + readjusted + actions > 0 }
}

/// What there is of one key.
public struct Coverage: Hashable, Sendable {
  /// The openings of the first and the last bar.
  public var first, last: Instant
  /// Bars.
  public var count: Int
  /// When the source last answered, whether or not it brought anything new.
  public var fetchedAt: Instant
  /// Saves that replaced something, or brought actions of bars that were there.
  public var revision: Int
  /// As the source last said.
  public var currency: String?
}

/// A bar as it was before a correction.
public struct ReplacedBar: Hashable, Sendable {
  public var candle: Candle
  /// Nil where there was none.
  public var adjustedClose: Double?
  /// When it was fetched, and when the one that replaced it was.
  public var fetchedAt, replacedAt: Instant
  /// The number of the correction, from 1 in each key.
  public var revision: Int
  /// Who gave the value that took its place.
  public var replacedBy: RevisionOrigin
}
