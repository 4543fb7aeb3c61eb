public import PluginKit
public import SeriesMath

/// Average directional index by Wilder: how one-sided the movement is, up or down, 0 to 100.
///
///     dx = 100 × |plus_di − minus_di| / (plus_di + minus_di); adx = its Wilder average
///
/// A bar on which nothing has moved either way leaves the index as it is. Source: J. W. Wilder, New Concepts in
/// Technical Trading Systems, 1978; TA-Lib `ADX`.
public struct ADX: Indicator {
  public static let id = "adx"
  public static let summary = "Average directional index by Wilder: how one-sided the movement is, 0 to 100."
  public static let inputs = ["high", "low", "close"]
  public static let measure = Measure.index(0...100)
  public static let parameters: [Parameter<ADX>] = [
    .integer("period", \.period, 2...50_000, "bars of Wilder's sums, and of the average of the index")
  ]
  public static let examples = [
    Example(
      ["period": 2], [10, 12, 15, 15, 15], [8, 9, 11, 10, 10], [9, 11, 14, 12, 12],
      gives: [nil, nil, nil, 200 / 3.0, 50],
      note: "up 4, 2, 1 and down 0, 1, 1/2: dx 100, 100/3, 100/3; (100 + 100/3) / 2, then half way to 100/3")
  ]

  public var period = 14
  @usableFromInline var seen = 0
  @usableFromInline var share = 1.0
  @usableFromInline var keep = 0.0
  @usableFromInline var average = 0.0
  @usableFromInline var movement = DirectionalMovement(period: 1)

  public init() {}

  @inlinable public var warmUp: Int { 2 * period - 1 }
  @inlinable public var reach: Int { 1 }

  @inlinable
  public mutating func start() {
    share = 1 / Double(period)
    keep = 1 - share
    movement = DirectionalMovement(period: period)
  }

  @inlinable
  public mutating func warm(_ x: borrowing View) {
    seen += 1
    if seen <= period { movement.warm(x) } else { average += index(x, or: 0) }
  }

  @inlinable
  public mutating func first(_ x: borrowing View) -> Double {
    average = (average + index(x, or: 0)) / Double(period)
    return average
  }

  @inlinable
  public mutating func next(_ x: borrowing View) -> Double {
    average = average * keep + index(x, or: average) * share
    return average
  }

  /// In two passes: the movements of several bars at once, then what goes from bar to bar.
  @inlinable
  public mutating func column(_ x: borrowing Stretch, _ out: inout MutableSpan<Double>, stride: Int) {
    let count = x.count
    var (ups, downs) = (InlineArray<512, Double>(repeating: 0), InlineArray<512, Double>(repeating: 0))
    var ranges = InlineArray<512, Double>(repeating: 0)
    let (high, low) = (x.input(0), x.input(1))
    let (lastHigh, lastLow, lastClose) = (x.input(0, ago: 1), x.input(1, ago: 1), x.input(2, ago: 1))
    do {
      var wholeUp = ups.mutableSpan
      var wholeDown = downs.mutableSpan
      var wholeRange = ranges.mutableSpan
      var up = wholeUp.part(0..<count)
      var down = wholeDown.part(0..<count)
      var range = wholeRange.part(0..<count)
      var row = 0
      while row + 8 <= count {
        let (highs, lows) = (high.eight(at: row), low.eight(at: row))
        let closes = lastClose.eight(at: row)
        let (rise, fall) = (highs - lastHigh.eight(at: row), lastLow.eight(at: row) - lows)
        up.set(Eight().replacing(with: greater(rise, Eight()), where: rise .> fall), at: row)
        down.set(Eight().replacing(with: greater(fall, Eight()), where: fall .> rise), at: row)
        range.set(greater(highs, closes) - lesser(lows, closes), at: row)
        row += 8
      }
      while row < count {
        let move = DirectionalMovement.Move(high[row], low[row], lastHigh[row], lastLow[row], lastClose[row])
        up[row] = move.up
        down[row] = move.down
        range[row] = move.range
        row += 1
      }
    }
    let (up, down, range) = (ups.span, downs.span, ranges.span)
    var values = out.part(0..<count)
    // Locals stay in registers.
    var (movement, average) = (movement, average)
    for row in 0..<count {
      movement.next(DirectionalMovement.Move(up[row], down[row], range[row]))
      average = average * keep + ADX.index(movement, or: average) * share
      values[row] = average
    }
    (self.movement, self.average) = (movement, average)
  }

  @inlinable
  mutating func index(_ x: borrowing View, or still: Double) -> Double {
    movement.next(x)
    return ADX.index(movement, or: still)
  }

  @inlinable
  @inline(__always)
  static func index(_ movement: DirectionalMovement, or still: Double) -> Double {
    let sum = movement.up + movement.down
    // In percent of the true range, as TA-Lib asks, without dividing by it.
    let value = 100 * (abs(movement.down - movement.up) / sum)
    return 100 * sum > 1e-14 * movement.range ? value : still
  }
}
