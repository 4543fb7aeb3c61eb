public import PluginKit
public import SeriesMath

/// Money flow index: the share of rising bars in the money that changed hands, 0 to 100.
///
///     t = (high + low + close) / 3; a bar's flow is t × volume, up where t > t[1], down where t < t[1]
///     mfi = 100 × sum(up, n) / (sum(up, n) + sum(down, n))
///
/// A window without flow has 0. Source: G. Quong and A. Soudack, Stocks & Commodities 7:3, 1989; TA-Lib `MFI`.
public struct MFI: Indicator {
  public static let id = "mfi"
  public static let summary = "Money flow index: the share of rising bars in the money that changed hands, 0 to 100."
  public static let inputs = ["high", "low", "close", "volume"]
  public static let measure = Measure.index(0...100)
  public static let parameters: [Parameter<MFI>] = [
    .integer("period", \.period, 1...100_000, "bars in the window")
  ]
  public static let examples = [
    Example(
      ["period": 2], [3, 6, 3, 3], [1, 4, 1, 1], [2, 5, 2, 2], [10, 10, 5, 7], gives: [nil, nil, 250 / 3.0, 0],
      note: "typical prices 2, 5, 2, 2: flows 50 up and 10 down, 100 × 50 / 60; then 10 down and none")
  ]

  public var period = 14
  @usableFromInline var seen = 0
  @usableFromInline var up = 0.0
  @usableFromInline var down = 0.0
  /// Bars in a row without flow: after a window of them the sums are exactly 0, whatever rounding has left.
  @usableFromInline var still = 0
  /// The window's flows, negative where they are down: a ring.
  @usableFromInline var flows: [Double] = []
  @usableFromInline var place = 0

  public init() {}

  @inlinable public var warmUp: Int { period }
  @inlinable public var reach: Int { 1 }

  @inlinable
  public mutating func start() { flows = [Double](repeating: 0, count: period) }

  @inlinable
  public mutating func warm(_ x: borrowing View) {
    if seen > 0 { _ = next(x) }
    seen = 1
  }

  @inlinable
  public mutating func first(_ x: borrowing View) -> Double { next(x) }

  @inlinable
  public mutating func next(_ x: borrowing View) -> Double {
    let now = typical(x[0, 0], x[1, 0], x[2, 0])
    put(flow(now, typical(x[0, 1], x[1, 1], x[2, 1]), x[3, 0]))
    return index(up, down)
  }

  /// In three passes: the flows, their sums, the index.
  @inlinable
  public mutating func column(_ x: borrowing Stretch, _ out: inout MutableSpan<Double>, stride: Int) {
    let count = x.count
    let (high, low, close, volume) = (x.input(0), x.input(1), x.input(2), x.input(3))
    let (lastHigh, lastLow, lastClose) = (x.input(0, ago: 1), x.input(1, ago: 1), x.input(2, ago: 1))
    var values = out.part(0..<count)
    var row = 0
    while row + 8 <= count {
      let now = (high.eight(at: row) + low.eight(at: row) + close.eight(at: row)) / 3
      let last = (lastHigh.eight(at: row) + lastLow.eight(at: row) + lastClose.eight(at: row)) / 3
      let (move, flow) = (now - last, now * volume.eight(at: row))
      let signed = flow.replacing(with: -flow, where: move .< 0)
      let isMove = move.sizes .> 1e-14 * (now.sizes + last.sizes)
      values.set(Eight().replacing(with: signed, where: isMove), at: row)
      row += 8
    }
    while row < count {
      let last = typical(lastHigh[row], lastLow[row], lastClose[row])
      values[row] = flow(typical(high[row], low[row], close[row]), last, volume[row])
      row += 1
    }
    var downs = InlineArray<512, Double>(repeating: 0)
    var (up, down, still, place) = (up, down, still, place)
    let period = period
    do {
      var ring = flows.mutableSpan
      for row in 0..<count {
        let (flow, leaving) = (values[row], ring[place])
        ring[place] = flow
        place = place + 1 == period ? 0 : place + 1
        MFI.take(flow, leaving, period, &up, &down, &still)
        values[row] = up
        downs[row] = down
      }
    }
    (self.up, self.down, self.still, self.place) = (up, down, still, place)
    let below = downs.span.extracting(0..<count)
    for row in 0..<count { values[row] = index(values[row], below[row]) }
  }

  @inlinable
  @inline(__always)
  mutating func put(_ flow: Double) {
    let leaving = flows[place]
    flows[place] = flow
    place = place + 1 == period ? 0 : place + 1
    MFI.take(flow, leaving, period, &up, &down, &still)
  }

  @inlinable
  @inline(__always)
  static func take(
    _ flow: Double, _ leaving: Double, _ period: Int, _ up: inout Double, _ down: inout Double, _ still: inout Int
  ) {
    up = up - greater(leaving, 0) + greater(flow, 0)
    down = down - greater(-leaving, 0) + greater(-flow, 0)
    still = flow == 0 ? still + 1 : 0
    if still >= period { (up, down) = (0, 0) }
  }

  @inlinable
  @inline(__always)
  func index(_ up: Double, _ down: Double) -> Double {
    let total = up + down
    let value = 100 * (lesser(greater(up, 0), total) / total)
    return total > 0 ? value : 0
  }

  @inlinable
  @inline(__always)
  func flow(_ now: Double, _ last: Double, _ volume: Double) -> Double {
    let move = now - last
    let flow = now * volume
    let signed = move < 0 ? -flow : flow
    // A move within the rounding of the two prices is none.
    return abs(move) > 1e-14 * (abs(now) + abs(last)) ? signed : 0
  }

  @inlinable
  @inline(__always)
  func typical(_ high: Double, _ low: Double, _ close: Double) -> Double { (high + low + close) / 3 }
}
