/// The linearly weighted mean of the last n values of a series that is made on the way and so stands in no column: the
/// newest has weight n, the oldest 1.
public struct RecentWeightedMean: Sendable {
  @usableFromInline var values: [Double]
  @usableFromInline var place = 0
  @usableFromInline var plain = 0.0
  @usableFromInline var weighted = 0.0
  /// Values until the sums are made anew; before, rounding has nowhere to go.
  @usableFromInline var left: Int

  @inlinable
  public init(period: Int) {
    values = [Double](repeating: 0, count: Swift.max(1, period))
    left = 8 * values.count
  }

  /// The weighted mean once n values were given; before that as if zeros had gone before.
  @inlinable
  public mutating func next(_ x: Double) -> Double {
    let n = Double(values.count)
    weighted += x * n - plain
    plain += x - values[place]
    values[place] = x
    place += 1
    if place == values.count { place = 0 }
    left -= 1
    if left <= 0 { renew() }
    return weighted / (n * (n + 1) / 2)
  }

  @inline(never)
  @usableFromInline
  mutating func renew() {
    left = 8 * values.count
    (plain, weighted) = (0, 0)
    for step in 0..<values.count {
      let value = values[place + step < values.count ? place + step : place + step - values.count]
      plain += value
      weighted += value * Double(step + 1)
    }
  }
}
