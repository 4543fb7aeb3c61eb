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
  public static let measure = Measure.index(0...100)
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
  @usableFromInline var keep = 1.0
  @usableFromInline var share = 1.0
  @usableFromInline var gain = 0.0
  @usableFromInline var loss = 0.0

  public init() {}

  @inlinable public var warmUp: Int { period }
  @inlinable public var reach: Int { 1 }

  @inlinable
  public mutating func start() {
    keep = Double(period - 1)
    share = 1 / Double(period)
  }

  @inlinable
  public mutating func warm(_ x: borrowing View) {
    if seen > 0 {
      let move = x[0] - x[1]
      gain += rise(move)
      loss += rise(move) - move
    }
    seen = 1
  }

  @inlinable
  public mutating func first(_ x: borrowing View) -> Double { step(x, keep: 1) }

  @inlinable
  public mutating func next(_ x: borrowing View) -> Double { step(x, keep: keep) }

  /// Makes averages of the sums, in TA-Lib's order to the last bit: what asks where the index stands in its own range
  /// would show another one. Not in place: the compiler would pair gain and loss in memory and wait for it every bar.
  @inlinable
  mutating func step(_ x: borrowing View, keep: Double) -> Double {
    let move = x[0] - x[1]
    let rise = rise(move)
    gain = (gain * keep + rise) * share
    loss = (loss * keep + (rise - move)) * share
    return percentage(gain, of: gain + loss)
  }

  /// Half of |move| + move instead of a branch that the processor cannot foresee.
  @inlinable
  func rise(_ move: Double) -> Double { 0.5 * (abs(move) + move) }
}
