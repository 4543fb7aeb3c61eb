public import Trading

/// `kind: portfolio`: several strategies that trade with one purse.
public struct Portfolio: Sendable {
  /// The name, which is the file's name too.
  public var name: String
  public var title: String
  public var description: String
  public var strategies: [Member]
  /// Symbols and `@watchlists` instead of those that each strategy names; nil leaves it to them.
  public var symbols: [String]?
  public var weighting: Weighting
  /// The most positions at one time; nil is one for each strategy and symbol.
  public var maxPositions: Int?
  public var onConflict: Conflict
  /// Positions are brought back to their weights on the first bar of each such period; nil leaves them alone.
  public var rebalance: Timeframe?
  public var notify: Notify

  /// A strategy by name, and its file where that is known.
  public struct Member: Hashable, Sendable {
    public var name: String
    public var path: String?
  }

  /// What happens where two strategies take opposite sides of one symbol.
  public enum Conflict: String, Sendable, CaseIterable {
    /// The one that is named first has its way.
    case first
    /// The later entry is left out; where both enter on one bar, both are.
    case skip
    /// Both are held, and count against each other.
    case net
  }
}
