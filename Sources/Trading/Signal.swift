/// What a signal calls for. `buy` and `sell` are calls with outcomes; an exit ends a position and has none.
public enum Direction: String, Sendable, Hashable, CaseIterable {
  case buy, sell
  case exitLong = "exit_long"
  case exitShort = "exit_short"

  /// +1 for buy, −1 for sell, 0 for exits.
  public var sign: Double { self == .buy ? 1 : self == .sell ? -1 : 0 }
}

/// What a strategy said at the close of one bar.
public struct Signal: Hashable, Sendable {
  /// The bar's label, its open.
  public let time: Instant
  /// The bar's index in its series, from 0.
  public let bar: Int
  public let direction: Direction
  /// The author's confidence, 0 to 100.
  public let confidence: Double
  /// The close of the bar.
  public let price: Double
  public let reason: String
  /// Of a price alert the price that it is measured against; nil of every other signal.
  public let base: Double?

  public init(
    time: Instant, bar: Int, direction: Direction, confidence: Double, price: Double, reason: String,
    base: Double? = nil
  ) {
    self.time = time
    self.bar = bar
    self.direction = direction
    self.confidence = confidence
    self.price = price
    self.reason = reason
    self.base = base
  }
}
