/// The mean of the last n values of a series that is made on the way and so stands in no column.
public struct RecentMean: Sendable {
  @usableFromInline var values: [Double]
  @usableFromInline var place = 0
  @usableFromInline var sum = 0.0

  @inlinable
  public init(period: Int) { values = [Double](repeating: 0, count: Swift.max(1, period)) }

  /// The mean once n values were given; before that their sum / n.
  @inlinable
  public mutating func next(_ x: Double) -> Double {
    values[place] = x
    place += 1
    if place == values.count { place = 0 }
    let total = sum + x
    sum = total - values[place]
    return total / Double(values.count)
  }

  /// The means at several values.
  @inlinable
  public mutating func next(_ x: Span<Double>, into out: inout MutableSpan<Double>) {
    let (n, count) = (values.count, x.count)
    var row = 0
    while row < count, row < n - 1 || count < n {
      out[row] = next(x[row])
      row += 1
    }
    guard row < count else { return }
    // From here on what leaves stands among the values, and divisions wait for nothing.
    let (new, old) = (x.extracting(row..<count), x.extracting(row - (n - 1)..<count - (n - 1)))
    var means = out.part(row..<count)
    var sum = sum
    var at = 0
    while at + 8 <= new.count {
      var totals = Eight()
      for lane in 0..<8 {
        let total = sum + new[at + lane]
        totals[lane] = total
        sum = total - old[at + lane]
      }
      means.set(totals / Double(n), at: at)
      at += 8
    }
    while at < new.count {
      let total = sum + new[at]
      means[at] = total / Double(n)
      sum = total - old[at]
      at += 1
    }
    self.sum = sum
    for place in 0..<n { values[place] = x[count - n + place] }
    place = 0
  }
}
