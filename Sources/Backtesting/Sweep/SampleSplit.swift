public import Trading

/// Combinations on the first part of the data and on the rest.
public struct SampleSplit: Sendable {
  /// The share of the bars that the first part has.
  public var share: Double
  /// Both parts, in UTC dates that are inclusive.
  public var inSample, outOfSample: ClosedRange<Instant>
  /// Spearman's rank correlation of the ranking metric between the parts, over the combinations that have it on both:
  /// near 0, the order on the first part says nothing of the second. Nil under three of them.
  public var correlation: Double?

  /// Of results that stand in the same order on both parts.
  public init(
    share: Double, inSample: ClosedRange<Instant>, outOfSample: ClosedRange<Instant>, between first: [SweepResult],
    and second: [SweepResult], by rank: SweepRank
  ) {
    self.share = share
    self.inSample = inSample
    self.outOfSample = outOfSample
    correlation = rankCorrelation(
      zip(first, second).compactMap { first, second in
        guard let x = first.metrics[rank.place], let y = second.metrics[rank.place] else { return nil }
        return (x, y)
      })
  }
}

extension Sweep {
  /// The parts of a split: the first has `share` of the bars that count, to the end of a UTC date. Nil where one of
  /// them would have none.
  public func split(_ share: Double) -> (inSample: ClosedRange<Instant>, outOfSample: ClosedRange<Instant>)? {
    let times = walkTimes
    let place = Int((Double(times.count) * share).rounded()) - 1
    guard times.indices.contains(place), let first = times.first, let last = times.last,
      let next = times[place...].first(where: { $0.day > times[place].day })
    else { return nil }
    func date(_ time: Instant) -> Instant { Instant(seconds: Int64(time.day) * 86_400) }
    return (date(first)...date(times[place]), date(next)...date(last))
  }

  /// Runs all combinations on both parts.
  public func splitRows(
    _ combinations: [Int], _ parts: (inSample: ClosedRange<Instant>, outOfSample: ClosedRange<Instant>)
  ) throws -> (inSample: Rows, outOfSample: Rows) {
    func part(_ stage: Int, _ dates: ClosedRange<Instant>) throws -> Rows {
      var options = options
      (options.from, options.to) = (dates.lowerBound, dates.upperBound)
      return try rows(combinations, stage: stage, options: options)
    }
    return (try part(0, parts.inSample), try part(1, parts.outOfSample))
  }
}

/// Spearman's rank correlation (1904): that of the ranks, equal values sharing their mean rank. Nil under three pairs,
/// or where one side does not vary.
func rankCorrelation(_ pairs: [(Double, Double)]) -> Double? {
  guard pairs.count > 2 else { return nil }
  let (x, y) = (ranks(pairs.map(\.0)), ranks(pairs.map(\.1)))
  let mean = Double(pairs.count + 1) / 2
  var (xy, xx, yy) = (0.0, 0.0, 0.0)
  for (a, b) in zip(x, y) {
    xy += (a - mean) * (b - mean)
    xx += (a - mean) * (a - mean)
    yy += (b - mean) * (b - mean)
  }
  return finite(xy / (xx * yy).squareRoot())
}

private func ranks(_ values: [Double]) -> [Double] {
  let order = values.indices.sorted { values[$0] < values[$1] }
  var ranks = [Double](repeating: 0, count: values.count)
  var start = 0
  while start < order.count {
    var end = start + 1
    while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
    for place in start..<end { ranks[order[place]] = Double(start + end + 1) / 2 }
    start = end
  }
  return ranks
}
