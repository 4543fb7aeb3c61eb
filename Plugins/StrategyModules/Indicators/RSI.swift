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
  @usableFromInline var gainSum = 0.0
  @usableFromInline var lossSum = 0.0
  @usableFromInline var gain = GroupedAverage(take: 1)
  @usableFromInline var loss = GroupedAverage(take: 1)

  public init() {}

  @inlinable public var warmUp: Int { period }
  @inlinable public var reach: Int { 1 }

  @inlinable
  public mutating func start() {
    gain = GroupedAverage(take: 1 / Double(period))
    loss = gain
  }

  @inlinable
  public mutating func warm(_ x: borrowing View) {
    if seen > 0 {
      gainSum += rise(x[0] - x[1])
      lossSum += rise(x[1] - x[0])
    }
    seen = 1
  }

  @inlinable
  public mutating func first(_ x: borrowing View) -> Double {
    warm(x)
    gain.seed(gainSum / Double(period))
    loss.seed(lossSum / Double(period))
    return percentage(gainSum, of: gainSum + lossSum)
  }

  @inlinable
  @inline(__always)
  public mutating func next(_ x: borrowing View) -> Double {
    let gain = gain.next(rise(x[0] - x[1]))
    return percentage(gain, of: gain + loss.next(rise(x[1] - x[0])))
  }

  @inlinable
  public mutating func column(_ x: borrowing Stretch, _ out: inout MutableSpan<Double>, stride: Int) {
    let (now, before) = (x.input(), x.input(ago: 1))
    var (gain, loss) = (gain, loss)
    var row = 0
    while row < x.count {
      // Both begin their groups together.
      if gain.beginsGroup, row + 8 <= x.count {
        let moves = now.eight(at: row) - before.eight(at: row)
        let gains = gain.group(greater(moves, Eight()))
        out.set(percentage(gains, of: gains + loss.group(greater(-moves, Eight()))), at: row)
        row += 8
      } else {
        let gains = gain.next(rise(now[row] - before[row]))
        out[row] = percentage(gains, of: gains + loss.next(rise(before[row] - now[row])))
        row += 1
      }
    }
    (self.gain, self.loss) = (gain, loss)
  }

  @inlinable
  @inline(__always)
  func rise(_ move: Double) -> Double { greater(move, 0) }
}
