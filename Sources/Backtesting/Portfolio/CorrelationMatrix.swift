import Trading

/// How the returns of symbols go together, each pair over the bars that both have.
public struct CorrelationMatrix: Hashable, Sendable {
  /// By the alphabet; rows and columns alike.
  public var symbols: [String]
  /// Pearson's coefficient of the returns from one common close to the next; nil under three of them, or where one of
  /// the two does not move.
  public var values: [[Double?]]
  /// How many returns each is made of.
  public var counts: [[Int]]

  /// More symbols than this make a table that nobody reads, and a long wait.
  public static let limit = 100

  /// Over the bars from the first to the last time, both inclusive. Nil with more symbols than the limit, or none.
  init?(of series: [CandleSeries], from first: Instant, through last: Instant) {
    guard (1...CorrelationMatrix.limit).contains(series.count) else { return nil }
    let series = series.sorted { $0.instrument.symbol < $1.instrument.symbol }
    let columns = series.map { candles in
      (0..<candles.count).compactMap { bar -> (time: Instant, close: Double)? in
        let (time, close) = (candles.times[bar], candles.value(.close, at: bar))
        return time >= first && time <= last && close > 0 ? (time, close) : nil
      }
    }
    symbols = series.map(\.instrument.symbol)
    values = columns.map { _ in columns.map { _ in nil } }
    counts = columns.map { _ in columns.map { _ in 0 } }
    for row in columns.indices {
      for column in row..<columns.count {
        let (one, other) = CorrelationMatrix.commonReturns(columns[row], columns[column])
        let value = correlation(one, other)
        for (a, b) in [(row, column), (column, row)] {
          values[a][b] = row == column && value != nil ? 1 : value
          counts[a][b] = one.count
        }
      }
    }
  }

  private static func commonReturns(
    _ one: [(time: Instant, close: Double)], _ other: [(time: Instant, close: Double)]
  ) -> ([Double], [Double]) {
    var (first, second): ([Double], [Double]) = ([], [])
    var (left, right) = (0, 0)
    var before: (Double, Double)?
    while left < one.count, right < other.count {
      let (a, b) = (one[left], other[right])
      if a.time == b.time {
        if let before {
          first.append(a.close / before.0 - 1)
          second.append(b.close / before.1 - 1)
        }
        before = (a.close, b.close)
      }
      if a.time <= b.time { left += 1 }
      if b.time <= a.time { right += 1 }
    }
    return (first, second)
  }
}

/// Pearson's correlation coefficient; nil under three pairs, or where one side does not vary.
func correlation(_ one: [Double], _ other: [Double]) -> Double? {
  guard one.count == other.count, one.count > 2 else { return nil }
  let count = Double(one.count)
  let (meanOne, meanOther) = (one.reduce(0, +) / count, other.reduce(0, +) / count)
  var (both, squaresOne, squaresOther) = (0.0, 0.0, 0.0)
  for (x, y) in zip(one, other) {
    both += (x - meanOne) * (y - meanOther)
    squaresOne += (x - meanOne) * (x - meanOne)
    squaresOther += (y - meanOther) * (y - meanOther)
  }
  guard squaresOne > 0, squaresOther > 0 else { return nil }
  return finite(max(-1, min(1, both / (squaresOne.squareRoot() * squaresOther.squareRoot()))))
}
