public import PluginKit
public import SeriesMath

/// Relative strength index by Wilder: the share of rises in all moves, 0 to 100.
///
///     rsi = 100 × gain / (gain + loss), gain and loss being Wilder averages of the moves up and down
///
/// A series that does not move has 0. Source: J. W. Wilder, 1978; TA-Lib `RSI`.
public struct RSI: Indicator {
  public static let id = "rsi"
  public static let summary = "Relative strength index by Wilder: the share of rises in all moves, 0 to 100."
  public static let inputs = ["x"]
  public static let parameters: [Parameter<RSI>] = [
    .integer("period", \.period, 2...100_000, "bars of Wilder's average")
  ]
  public static let examples = [
    Example(
      ["period": 2], [10, 12, 11, 13, 13], gives: [nil, nil, 200 / 3.0, 600 / 7.0, 600 / 7.0],
      note: "gain (2 + 0) / 2 = 1, loss (0 + 1) / 2 = 0.5: 100 × 1 / 1.5; then gain 1.5, loss 0.25; both halve"),
    Example(["period": 2], [5, 5, 5, 5], gives: [nil, nil, 0, 0], note: "no move at all"),
  ]

  public var period = 14
  @usableFromInline var seen = 0
  @usableFromInline var gains = 0.0
  @usableFromInline var losses = 0.0
  @usableFromInline var gain = WilderAverage(period: 1)
  @usableFromInline var loss = WilderAverage(period: 1)

  public init() {}

  @inlinable public var warmUp: Int { period }
  @inlinable public var reach: Int { 1 }

  @inlinable
  public mutating func start() {
    gain = WilderAverage(period: period)
    loss = WilderAverage(period: period)
  }

  @inlinable
  public mutating func warm(_ x: borrowing View) {
    if seen > 0 { add(x[0] - x[1]) }
    seen = 1
  }

  @inlinable
  public mutating func first(_ x: borrowing View) -> Double {
    add(x[0] - x[1])
    gain.seed(gains / Double(period))
    loss.seed(losses / Double(period))
    return percentage(gain.value, of: gain.value + loss.value)
  }

  @inlinable
  public mutating func next(_ x: borrowing View) -> Double {
    let move = x[0] - x[1]
    // Halves of |move| ± move instead of a branch that the processor cannot foresee.
    let up = gain.next(0.5 * (abs(move) + move))
    let down = loss.next(0.5 * (abs(move) - move))
    return percentage(up, of: up + down)
  }

  @inlinable
  mutating func add(_ move: Double) {
    gains += 0.5 * (abs(move) + move)
    losses += 0.5 * (abs(move) - move)
  }
}
