public import Trading

/// `kind: rotation`: of many symbols, those that rank best are held, and looked at anew in each period.
public struct Rotation: Sendable {
  /// The name, which is the file's name too.
  public var name: String
  public var title: String
  public var description: String
  /// Symbols and `@watchlists`, as written.
  public var universe: [String]
  public var timeframe: Timeframe
  /// Runs once for each symbol, on that symbol's own bars.
  public var graph: Graph
  /// The column of `rank:`; the higher the better.
  public var rank: Int
  /// The column of `where:`: a symbol at which it is not true is not ranked.
  public var condition: Int?
  /// How many symbols are held at most.
  public var top: Int
  /// A symbol that is held is kept down to this rank.
  public var untilRank: Int
  public var weighting: Weighting
  /// The first bar of each such period of the calendar is one on which it is decided.
  public var rebalance: Timeframe
  public var notify: Notify
}

/// What share of the equity each of several symbols gets.
public struct Weighting: Hashable, Sendable {
  public enum Rule: String, Sendable, CaseIterable {
    case equal
    /// By the inverse of the volatility.
    case riskParity = "risk_parity"
    /// By the trailing return, where it is above 0.
    case momentum
    /// By the trailing loss, where there is one.
    case meanReversion = "mean_reversion"
  }

  public var rule: Rule
  /// How many bars back volatility and trailing return are measured.
  public var lookback: Int

  public static let initialLookback = 63

  public init(_ rule: Rule = .equal, lookback: Int = Weighting.initialLookback) {
    self.rule = rule
    self.lookback = lookback
  }
}
