public import Trading

/// How a strategy's signals are traded (`trade:`). Fractions are of the fill price: 0.08 is 8 %. Distances and shares
/// mirror for shorts.
public struct TradePlan: Hashable, Sendable {
  public enum Side: String, Sendable, CaseIterable { case long, short, both }

  /// `long`: buy enters, sell leaves. `short`: sell enters, buy leaves. `both`: each turns round.
  public var side = Side.long
  public var entry = Entry.market
  public var size = Size.equity(1)
  /// Several at once: the one that is reached first.
  public var stops: [Stop] = []
  /// In the order in which they are taken; the shares add up to 1 at most.
  public var targets: [Target] = []
  public var addition: Addition?
  /// The position is left at the open after this many bars in it (at their close with `--fill close`).
  public var maxBars: Int?
  /// The most entries of one session; further ones are passed over.
  public var entriesPerSession: Int?
  /// So many minutes before the close of each session everything is left; 0 is at the close itself.
  public var flat: Int?
  public var reentry = Reentry.edge
  /// What one unit of a position of several symbols is made of, in the order of the roles, whose first one decides;
  /// empty for positions of one symbol.
  public var legs: [Leg] = []
  /// The nodes of the strategy's graph that expressions read, by the places that they name.
  public var columns: [Int] = []
  /// Whether its signals are traded at all; those of a price alert are not.
  public var isTraded = true

  public init() {}

  /// How a position is entered.
  public enum Entry: Hashable, Sendable {
    /// At the next fill.
    case market
    /// At a worse price than the market's, once it is reached; rests from the bar after the signal on.
    case stop(TradeExpression, expires: Expiry?)
    /// At a better price.
    case limit(TradeExpression, expires: Expiry?)
  }

  /// How long an order rests; without one until it fills or a later signal takes its place.
  public enum Expiry: Hashable, Sendable {
    case bars(Int)
    /// Of time, from the close of the signal's bar on.
    case duration(Timeframe)
    /// To the end of the session that it was first valid in.
    case session
  }

  /// How much an entry takes, never more than there is.
  public enum Size: Hashable, Sendable {
    /// A share of the equity, fees included, 0 < share ≤ 1.
    case equity(Double)
    /// An amount of money, fees included.
    case fixed(Double)
    /// The quantity that loses the share of equity over the distance.
    case risk(Double, distance: TradeExpression)
    /// The share of equity whose yearly deviation is the target. The column is the population deviation of the returns
    /// over so many bars.
    case volatility(Double, deviation: Int, bars: Int)
    case kelly(Kelly)
  }

  /// Shares by the record of the strategy's own closed positions: fraction × (W − (1 − W) / R), W the share of winners,
  /// R the mean win over the mean loss (J. Kelly, "A New Interpretation of Information Rate", 1956).
  public struct Kelly: Hashable, Sendable {
    /// The share of the whole Kelly stake that is taken: 0.5 is half Kelly.
    public var fraction: Double
    /// The most and the least share of equity.
    public var cap = 1.0
    /// The share before there is a record, and where the record says to take less.
    public var floor = 0.02
    /// How many closed positions make a record.
    public var after = 20

    public init(fraction: Double) { self.fraction = fraction }
  }

  public enum Stop: Hashable, Sendable {
    /// A share of the price from which it is measured.
    case fraction(Double, from: Origin)
    /// In prices.
    case distance(TradeExpression, from: Origin)
    case price(TradeExpression)
    /// A share below the highest price of the position so far.
    case trail(Double)
    /// Tested at the close, leaves at the next fill.
    case when(TradeExpression)
  }

  /// From where a stop is measured: the position's price (the mean of its fills), or the last fill.
  public enum Origin: String, Sendable, CaseIterable {
    case entry
    case lastFill = "last_fill"
  }

  public struct Target: Hashable, Sendable {
    public var at: Level
    /// The share of the position as filled that is closed there, 0 < close ≤ 1.
    public var close: Double

    public init(at: Level, close: Double) {
      self.at = at
      self.close = close
    }

    /// A target at a share of the position's price.
    public init(at: Double, close: Double) { self.init(at: .fraction(at), close: close) }
  }

  /// Where a target lies.
  public enum Level: Hashable, Sendable {
    case fraction(Double)
    case distance(TradeExpression)
    case price(TradeExpression)
  }

  /// Further units, each of the first one's quantity.
  public struct Addition: Hashable, Sendable {
    /// Tested at the close, fills next.
    public var when: TradeExpression
    /// The most units that a position has, the first included.
    public var units: Int

    public init(when: TradeExpression, units: Int) {
      self.when = when
      self.units = units
    }
  }

  /// When a position that a stop ended is entered again.
  public enum Reentry: Hashable, Sendable {
    /// At the next signal.
    case edge
    /// At the next fill after a close at which the condition of its side is true; the columns are the conditions.
    case whileTrue(buy: Int?, sell: Int?)
  }

  public struct Leg: Hashable, Sendable {
    /// The role in the group.
    public var role: String
    /// Units of it for one unit of the position, below nothing for what is sold; worked out at the signal.
    public var weight: TradeExpression

    public init(role: String, weight: TradeExpression) {
      self.role = role
      self.weight = weight
    }
  }

  /// Whether a replay needs the signals and the opens alone: market entries of a share of equity, left by signals.
  public var isPlain: Bool {
    guard case .equity = size else { return false }
    return entry == .market && stops.isEmpty && targets.isEmpty && addition == nil && maxBars == nil
      && entriesPerSession == nil && flat == nil && reentry == .edge && legs.isEmpty
  }
}
