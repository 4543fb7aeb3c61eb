/// How a strategy's signals are traded (`trade:`). Fractions are of the fill price: 0.08 is 8 %.
public struct TradePlan: Hashable, Sendable {
  public enum Side: String, Sendable, CaseIterable { case long, short, both }

  public struct Target: Hashable, Sendable {
    /// The distance from the fill price, as a fraction.
    public var at: Double
    /// The share of the position as first filled that is closed there, 0 < close ≤ 1.
    public var close: Double

    public init(at: Double, close: Double) {
      self.at = at
      self.close = close
    }
  }

  /// `long`: buy enters, sell leaves. `short`: sell enters, buy leaves. `both`: each turns round.
  public var side = Side.long
  /// The share of equity that an entry takes, 0 < size ≤ 1.
  public var size = 1.0
  public var stop: Double?
  /// Ascending by distance; the shares add up to 1 at most.
  public var targets: [Target] = []
  /// The position is left at the open after this many bars in it (at their close with `--fill close`).
  public var maxBars: Int?

  public init() {}
}
