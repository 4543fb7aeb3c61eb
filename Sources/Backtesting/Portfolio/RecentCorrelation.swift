public import Trading

extension CandleSeries {
  /// Pearson's correlation of the returns of this series and another, from one common day to the next, over their last
  /// common days. Days are those of the bars' labels, so that bars of exchanges that open at different hours meet.
  ///
  /// - Parameters:
  ///   - returns: how many returns, at most.
  ///   - least: with fewer it is not known.
  /// - Returns: −1 to 1; nil where it is not known, or where one of the two does not move.
  public func recentCorrelation(with other: CandleSeries, returns: Int, atLeast least: Int) -> Double? {
    let (one, two) = (closesByDay, other.closesByDay)
    var common: [(Double, Double)] = []
    var (left, right) = (one.count - 1, two.count - 1)
    while left >= 0, right >= 0, common.count <= returns {
      let (a, b) = (one[left], two[right])
      if a.day == b.day { common.append((a.close, b.close)) }
      if a.day >= b.day { left -= 1 }
      if b.day >= a.day { right -= 1 }
    }
    // From the last day backwards.
    let pairs = zip(common.dropFirst(), common)
    guard common.count > max(least, 3) else { return nil }
    return correlation(pairs.map { $1.0 / $0.0 - 1 }, pairs.map { $1.1 / $0.1 - 1 })
  }

  private var closesByDay: [(day: Int, close: Double)] {
    (0..<count).compactMap { bar in
      let close = value(.close, at: bar)
      return close > 0 ? (times[bar].day, close) : nil
    }
  }
}
