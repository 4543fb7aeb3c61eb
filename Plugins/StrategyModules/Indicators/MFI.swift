public import PluginKit

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
  @usableFromInline var last = 0.0
  @usableFromInline var up = 0.0
  @usableFromInline var down = 0.0
  /// Bars in a row without flow: after a window of them the sums are exactly 0, whatever rounding has left.
  @usableFromInline var still = 0
  /// The window's flows, negative where they are down: a ring.
  @usableFromInline var flows: [Double] = []
  @usableFromInline var place = 0

  public init() {}

  @inlinable public var warmUp: Int { period }
  @inlinable public var reach: Int { 0 }

  @inlinable
  public mutating func start() { flows = [Double](repeating: 0, count: period) }

  @inlinable
  public mutating func warm(_ x: borrowing View) {
    if seen == 0 { last = typical(x) } else { _ = next(x) }
    seen = 1
  }

  @inlinable
  public mutating func first(_ x: borrowing View) -> Double { next(x) }

  @inlinable
  public mutating func next(_ x: borrowing View) -> Double {
    let leaving = flows[place]
    let flow = flow(x)
    flows[place] = flow
    place = place + 1 == period ? 0 : place + 1
    up = up - max(leaving, 0) + max(flow, 0)
    down = down - max(-leaving, 0) + max(-flow, 0)
    still = flow == 0 ? still + 1 : 0
    if still >= period { (up, down) = (0, 0) }
    let total = up + down
    return total > 0 ? 100 * (min(max(up, 0), total) / total) : 0
  }

  @inlinable
  mutating func flow(_ x: borrowing View) -> Double {
    let now = typical(x)
    let move = now - last
    // A move within the rounding of the two prices is none.
    let isMove = abs(move) > 1e-14 * (abs(now) + abs(last))
    last = now
    let flow = now * x[3, 0]
    return isMove ? (move < 0 ? -flow : flow) : 0
  }

  @inlinable
  func typical(_ x: borrowing View) -> Double { (x[0, 0] + x[1, 0] + x[2, 0]) / 3 }
}
