/// The sum of the last n values of a series that is made on the way and so stands in no column; NaN while one of them
/// is not finite.
public struct RecentSum: Sendable {
  @usableFromInline var values: [Double]
  @usableFromInline var place = 0
  @usableFromInline var holes = 0
  @usableFromInline var window: WindowSum

  @inlinable
  public init(period: Int) {
    values = [Double](repeating: 0, count: Swift.max(1, period))
    window = WindowSum(period: values.count)
  }

  /// The sum once n values were given; before that of all.
  @inlinable
  public mutating func next(_ x: Double) -> Double {
    let leaving = values[place]
    values[place] = x
    place = place + 1 == values.count ? 0 : place + 1
    if leaving.isFinite { window.remove(leaving) } else { holes -= 1 }
    if !x.isFinite { holes += 1 }
    let sum = window.add(x.isFinite ? x : 0)
    return holes == 0 ? sum : .nan
  }
}
