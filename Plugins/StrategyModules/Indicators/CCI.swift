public import PluginKit

/// Commodity channel index: how far the typical price stands from its mean, in mean distances.
///
///     t = (high + low + close) / 3; cci = (t − mean(t, n)) / (0.015 × mean(|t − mean(t, n)|, n))
///
/// The distances are to the mean of this very window, so all of them change with every bar: the cost of a bar grows
/// with n, as in TA-Lib. A window that does not move has 0. Source: D. Lambert, Commodities, 1980; TA-Lib `CCI`.
public struct CCI: Indicator {
  public static let id = "cci"
  public static let summary = "Commodity channel index: the typical price's distance from its mean, in mean distances."
  public static let inputs = ["high", "low", "close"]
  public static let measure = Measure.index(-.infinity ... .infinity)
  public static let parameters: [Parameter<CCI>] = [
    .integer("period", \.period, 2...10_000, "bars in the window")
  ]
  public static let examples = [
    Example(
      ["period": 3], [3, 6, 9, 9], [1, 4, 7, 7], [2, 5, 8, 2], gives: [nil, nil, 100, -20],
      note: "typical prices 2, 5, 8, 6: (8 − 5) / (0.015 × 2); about 19/3 (6 − 19/3) / (0.015 × 10/9)")
  ]

  public var period = 20
  @usableFromInline var typical: [Double] = []
  @usableFromInline var place = 0

  public init() {}

  @inlinable public var warmUp: Int { period - 1 }
  @inlinable public var reach: Int { 0 }

  @inlinable
  public mutating func start() { typical = [Double](repeating: 0, count: period) }

  @inlinable
  public mutating func warm(_ x: borrowing View) { _ = put(x) }

  @inlinable
  public mutating func first(_ x: borrowing View) -> Double { next(x) }

  /// The sums run over the ring from its first place, not from the oldest bar: where the result cancels, their rounding
  /// is TA-Lib's.
  @inlinable
  public mutating func next(_ x: borrowing View) -> Double {
    let now = put(x)
    let n = Double(period)
    var sum = 0.0
    for value in typical { sum += value }
    let mean = sum / n
    var distances = 0.0
    for value in typical { distances += abs(value - mean) }
    let distance = now - mean
    let isStill = abs(distance) <= 1e-14 * (abs(now) + abs(mean)) || distances == 0
    return isStill ? 0 : distance / (0.015 * (distances / n))
  }

  /// Eight bars at a time, one a lane. Their rings differ only in the eight places that these bars write.
  @inlinable
  public mutating func column(_ x: borrowing Stretch, _ out: inout MutableSpan<Double>, stride: Int) {
    var row = 0
    while row < x.count {
      if period >= 8, row + 8 <= x.count {
        let values = eight(x.input(0), x.input(1), x.input(2), row)
        for lane in 0..<8 { out[row + lane] = values[lane] }
        row += 8
      } else {
        out[row] = next(x.view(row))
        row += 1
      }
    }
  }

  @inlinable
  mutating func eight(_ high: Span<Double>, _ low: Span<Double>, _ close: Span<Double>, _ row: Int) -> SIMD8<Double> {
    var now = SIMD8<Double>()
    for lane in 0..<8 { now[lane] = (high[row + lane] + low[row + lane] + close[row + lane]) / 3 }
    // Place m of the eight holds the new value for the bars from m on, the old one for those before.
    var places = InlineArray<8, SIMD8<Double>>(repeating: now)
    for m in 0..<8 {
      let old = typical[wrapped(m)]
      var values = SIMD8(repeating: now[m])
      for lane in 0..<m { values[lane] = old }
      places[m] = values
    }
    let (mean, distances) = sums(places)
    let n = Double(period)
    for m in 0..<8 { typical[wrapped(m)] = now[m] }
    place = wrapped(8)
    let distance = now - mean
    let isStill = (size(distance) .<= 1e-14 * (size(now) + size(mean))) .| (distances .== 0)
    let values = distance / (0.015 * (distances / n))
    return values.replacing(with: 0, where: isStill)
  }

  /// The place of the ring so many bars on; at most a turn.
  @inlinable
  func wrapped(_ step: Int) -> Int { place + step < period ? place + step : place + step - period }

  /// The means of the eight windows, and their summed distances to it.
  @inlinable
  @inline(__always)
  func sums(_ places: InlineArray<8, SIMD8<Double>>) -> (mean: SIMD8<Double>, distances: SIMD8<Double>) {
    // In the order of the ring's places; some of the eight may stand at its begin.
    let first = max(0, place + 8 - period)
    let ring = typical.span
    let (before, after) = (ring.extracting(first..<place), ring.extracting(place + 8 - first..<period))
    var sum = SIMD8<Double>()
    for m in 8 - first..<8 { sum += places[m] }
    for index in 0..<before.count { sum += SIMD8(repeating: before[index]) }
    for m in 0..<8 - first { sum += places[m] }
    for index in 0..<after.count { sum += SIMD8(repeating: after[index]) }
    let mean = sum / Double(period)
    var distances = SIMD8<Double>()
    for m in 8 - first..<8 { distances += size(places[m] - mean) }
    for index in 0..<before.count { distances += size(SIMD8(repeating: before[index]) - mean) }
    for m in 0..<8 - first { distances += size(places[m] - mean) }
    for index in 0..<after.count { distances += size(SIMD8(repeating: after[index]) - mean) }
    return (mean, distances)
  }

  @inlinable
  @inline(__always)
  func size(_ x: SIMD8<Double>) -> SIMD8<Double> {
    var sizes = x
    for lane in 0..<8 { sizes[lane] = abs(x[lane]) }
    return sizes
  }

  @inlinable
  mutating func put(_ x: borrowing View) -> Double {
    let now = (x[0, 0] + x[1, 0] + x[2, 0]) / 3
    typical[place] = now
    place = place + 1 == period ? 0 : place + 1
    return now
  }
}
