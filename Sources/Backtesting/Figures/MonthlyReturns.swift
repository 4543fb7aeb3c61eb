import Trading

/// A year of a monthly table. Months and years are UTC, by the bars' opening times.
public struct YearOfReturns: Hashable, Sendable {
  public var year: Int
  /// January to December: equity at the month's last close over that of the last month with a bar (at first, the money at
  /// the start), less 1. Nil where the month has no bar, and once the account has fallen to nothing.
  public var months: [Double?]
  /// Likewise of the whole year.
  public var total: Double?
}

extension BacktestResult {
  /// Years that have a bar, the first one first.
  public var monthlyReturns: [YearOfReturns] {
    var years: [YearOfReturns] = []
    var (beforeMonth, beforeYear) = (start, start)
    let count = min(equity.count, times.count)
    var next = count > 0 ? times[0].date : (year: 0, month: 0, day: 0)
    for index in 0..<count {
      let (year, month, _) = next
      if index + 1 < count, times[index + 1].day != times[index].day { next = times[index + 1].date }
      let closesYear = index + 1 == count || next.year != year
      guard closesYear || next.month != month else { continue }
      if years.last?.year != year {
        years.append(YearOfReturns(year: year, months: Array(repeating: nil, count: 12), total: nil))
      }
      let value = equity[index]
      years[years.count - 1].months[month - 1] = beforeMonth > 0 ? finite(value / beforeMonth - 1) : nil
      beforeMonth = value
      guard closesYear else { continue }
      years[years.count - 1].total = beforeYear > 0 ? finite(value / beforeYear - 1) : nil
      beforeYear = value
    }
    return years
  }
}
