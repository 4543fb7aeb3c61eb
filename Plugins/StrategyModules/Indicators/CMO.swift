public import PluginKit
public import SeriesMath

/// Chande momentum oscillator: rises less falls as a share of all moves, −100 to 100.
///
///     cmo = 100 × (gain − loss) / (gain + loss), gain and loss being Wilder averages of the moves up and down
///
/// Chande sums the moves of n bars; the Wilder averages are TA-Lib's. A series that does not move has 0.
/// Source: T. Chande and S. Kroll, The New Technical Trader, 1994; TA-Lib `CMO`.
public struct CMO: Indicator {
  public static let id = "cmo"
  public static let summary = "Chande momentum oscillator: rises less falls as a share of all moves, −100 to 100."
  public static let inputs = ["x"]
  public static let measure = Measure.index(-100...100)
  public static let parameters: [Parameter<CMO>] = [
    .integer("period", \.period, 2...100_000, "bars of Wilder's average")
  ]
  public static let examples = [
    Example(
      ["period": 2], [10, 12, 11, 13, 13], gives: [nil, nil, 100 / 3.0, 500 / 7.0, 500 / 7.0],
      note: "gain 1, loss 1/2: 1/2 of 3/2; then gain 3/2, loss 1/4: 5/4 of 7/4; both halve"),
    Example(["period": 2], [5, 5, 5, 5], gives: [nil, nil, 0, 0], note: "no move at all"),
  ]

  public var period = 14
  @usableFromInline var seen = 0
  @usableFromInline var gain = 0.0
  @usableFromInline var loss = 0.0

  public init() {}

  @inlinable public var warmUp: Int { period }
  @inlinable public var reach: Int { 1 }

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
  public mutating func next(_ x: borrowing View) -> Double { step(x, keep: Double(period - 1)) }

  /// Divides the sums by n in TA-Lib's order, as gain − loss cancels. Not in place: the compiler would pair gain and
  /// loss in memory and wait for it every bar.
  @inlinable
  mutating func step(_ x: borrowing View, keep: Double) -> Double {
    let move = x[0] - x[1]
    let rise = rise(move)
    gain = (gain * keep + rise) / Double(period)
    loss = (loss * keep + (rise - move)) / Double(period)
    return percentage(gain - loss, of: gain + loss)
  }

  /// Half of |move| + move instead of a branch that the processor cannot foresee.
  @inlinable
  func rise(_ move: Double) -> Double { 0.5 * (abs(move) + move) }
}
