/// What a strategy means to do at a signal, as far as it is known at the close of the signal's bar. What the fill alone
/// can tell is left out.
public struct PlannedOrder: Hashable, Sendable {
  public enum Entry: Hashable, Sendable {
    case nextOpen
    /// At a worse price than the market's, once it is reached.
    case stop(Double)
    /// At a better price.
    case limit(Double)
  }

  /// How long an entry at a price waits.
  public enum Expiry: Hashable, Sendable {
    case bars(Int)
    case length(Timeframe)
    case session
  }

  public enum Stop: Hashable, Sendable {
    case price(Double)
    /// A share of the price of the fill.
    case fraction(Double)
    /// From the price of the fill.
    case distance(Double)
    /// A share of the best price since the fill.
    case trail(Double)
  }

  /// Where a share of the position is closed with a gain.
  public struct Target: Hashable, Sendable {
    public enum Level: Hashable, Sendable {
      case price(Double)
      /// A share of the price of the fill.
      case fraction(Double)
      /// From the price of the fill.
      case distance(Double)
    }

    public var at: Level
    /// The share of the position as filled, 0 < close ≤ 1.
    public var close: Double

    public init(at: Level, close: Double) {
      self.at = at
      self.close = close
    }
  }

  public enum Size: Hashable, Sendable {
    /// A share of the account.
    case equity(Double)
    case money(Double)
    /// The share of the account that is lost over the distance; nil where that is not known yet.
    case risk(Double, distance: Double?)
    /// The share of the account whose yearly deviation is this.
    case volatility(Double)
    /// So much of the stake that the record of the strategy's positions admits (Kelly).
    case kelly(Double)
  }

  public var isLong: Bool
  public var entry: Entry
  public var expiry: Expiry?
  /// The one that is reached first counts.
  public var stops: [Stop]
  /// In the order in which they are taken.
  public var targets: [Target]
  public var size: Size

  public init(isLong: Bool, entry: Entry, expiry: Expiry? = nil, stops: [Stop] = [], targets: [Target] = [], size: Size)
  {
    self.isLong = isLong
    self.entry = entry
    self.expiry = expiry
    self.stops = stops
    self.targets = targets
    self.size = size
  }
}
