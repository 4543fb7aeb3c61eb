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

  public init() {}

  @inlinable public var warmUp: Int { period }
  @inlinable public var reach: Int { period + 1 }

  @inlinable
  public mutating func warm(_ x: borrowing View) {
    if seen > 0 { take(flow(x, ago: 0), leaving: 0) }
    seen = 1
  }

  @inlinable
  public mutating func first(_ x: borrowing View) -> Double {
    take(flow(x, ago: 0), leaving: 0)
    return index(up, down)
  }

  @inlinable
  public mutating func next(_ x: borrowing View) -> Double {
    take(flow(x, ago: 0), leaving: flow(x, ago: period))
    return index(up, down)
  }

  @inlinable
  @inline(__always)
  mutating func take(_ flow: Double, leaving: Double) {
    up = up - greater(leaving, 0) + greater(flow, 0)
    down = down - greater(-leaving, 0) + greater(-flow, 0)
    still = flow == 0 ? still + 1 : 0
    if still >= period { (up, down) = (0, 0) }
  }

  /// In passes: the flows that enter and that leave, each up and down, their sums, the index.
  @inlinable
  public mutating func column(_ x: borrowing Stretch, _ out: inout MutableSpan<Double>, stride: Int) {
    let count = x.count
    var ups = out.part(0..<count)
    var space = InlineArray<512, Double>(repeating: 0)
    var spaces = space.mutableSpan
    var downs = spaces.part(0..<count)
    var room = InlineArray<512, Double>(repeating: 0)
    var rooms = room.mutableSpan
    var oldUps = rooms.part(0..<count)
    var place = InlineArray<512, Double>(repeating: 0)
    var places = place.mutableSpan
    var oldDowns = places.part(0..<count)
    flows(x, ago: 0, &ups, &downs)
    flows(x, ago: period, &oldUps, &oldDowns)
    var quiet = 0
    for row in 0..<count { quiet += ups[row] + downs[row] == 0 ? 1 : 0 }
    if still + quiet < period {
      var (up, down) = (up, down)
      for row in 0..<count {
        let (enteringUp, enteringDown) = (ups[row], downs[row])
        up = up - oldUps[row] + enteringUp
        down = down - oldDowns[row] + enteringDown
        still = enteringUp + enteringDown == 0 ? still + 1 : 0
        ups[row] = up
        downs[row] = down
      }
      (self.up, self.down) = (up, down)
    } else {
      for row in 0..<count {
        take(ups[row] - downs[row], leaving: oldUps[row] - oldDowns[row])
        ups[row] = up
        downs[row] = down
      }
    }
    for row in 0..<count { ups[row] = index(ups[row], downs[row]) }
  }

  /// The flows of these bars or of bars before: what goes up, and what goes down.
  @inlinable
  @inline(__always)
  func flows(
    _ x: borrowing Stretch, ago: Int, _ ups: inout MutableSpan<Double>, _ downs: inout MutableSpan<Double>
  ) {
    let count = x.count
    let (high, low, close) = (x.input(0, ago: ago), x.input(1, ago: ago), x.input(2, ago: ago))
    let volume = x.input(3, ago: ago)
    var space = InlineArray<520, Double>(repeating: 0)
    var whole = space.mutableSpan
    var prices = whole.part(0..<count + 1)
    prices[0] = typical(x.view(0), ago: ago + 1)
    var places = prices.part(1..<count + 1)
    for row in 0..<count { places[row] = typical(high[row], low[row], close[row]) }
    let (last, now) = (space.span.extracting(0..<count), space.span.extracting(1..<count + 1))
    var row = 0
    while row + 8 <= count {
      let (new, old) = (now.eight(at: row), last.eight(at: row))
      let (move, flow) = (new - old, new * volume.eight(at: row))
      let limit = 1e-14 * (new.sizes + old.sizes)
      let signed = Eight().replacing(with: flow, where: move .> limit).replacing(with: -flow, where: -move .> limit)
      ups.set(greater(signed, Eight()), at: row)
      downs.set(greater(-signed, Eight()), at: row)
      row += 8
    }
    while row < count {
      let flow = flow(now[row], last[row], volume[row])
      ups[row] = greater(flow, 0)
      downs[row] = greater(-flow, 0)
      row += 1
    }
  }

  @inlinable
  @inline(__always)
  func flow(_ x: borrowing View, ago: Int) -> Double {
    flow(typical(x, ago: ago), typical(x, ago: ago + 1), x[3, ago])
  }

  @inlinable
  @inline(__always)
  func typical(_ x: borrowing View, ago: Int) -> Double { typical(x[0, ago], x[1, ago], x[2, ago]) }

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
