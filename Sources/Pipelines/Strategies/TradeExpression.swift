public import PluginKit

/// A value under `trade`: columns of the graph, put together with what is known of the position. Worked out at closes.
///
/// Conditions are 1, 0 or, where they are unknown, NaN (Kleene's three values); a number without a value is NaN.
public indirect enum TradeExpression: Hashable, Sendable {
  case number(Double)
  /// A column of the plan at the close.
  case column(Int)
  /// The same at the close of the entry's signal.
  case atEntry(Int)
  case position(PositionValue)
  case unary(Operation, TradeExpression)
  case binary(Operation, TradeExpression, TradeExpression)
  /// b where a is true, c where it is false.
  case choose(TradeExpression, TradeExpression, TradeExpression)

  /// What `position.` names.
  public enum PositionValue: String, Hashable, Sendable, CaseIterable {
    /// The mean price of what was filled.
    case price
    case lastFill = "last_fill"
    /// Closes in the position.
    case bars
    case units
    /// The highest and the lowest price since the entry.
    case high, low
    /// The profit at the close as a share of the position's price, before fees.
    case `return`
    /// 1 long, −1 short.
    case side
  }
}
