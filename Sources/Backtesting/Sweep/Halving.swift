import Pipelines
public import Trading

/// Successive halving (K. Jamieson and A. Talwalkar, Non-stochastic Best Arm Identification, 2016) over growing
/// prefixes of the data: the worst fall out early and cost little.
///
/// The rungs count the first ninth, the first third and the whole of the bars. After each but the last the better third
/// goes on, rounded up. A rung under 250 bars is left out. The figures that are shown are those of the last rung, over
/// the whole data.
public struct Halving: Sendable {
  /// One rung.
  public struct Rung: Hashable, Sendable {
    /// The last date that counts; nil is the end of the data.
    public var to: Instant?
    /// Bars that count, of the shortest market.
    public var bars: Int
    /// Combinations that are run.
    public var combinations: Int
  }

  static let share = 3
  static let leastBars = 250

  /// The ends of the rungs over some markets: dates, for markets may begin apart.
  static func ends(_ markets: [Market], _ options: BacktestOptions) -> [(to: Instant?, bars: Int)] {
    let ranges = markets.map { $0.deciding.bars(from: options.from, to: options.to) }
    guard let shortest = ranges.indices.min(by: { ranges[$0].count < ranges[$1].count }) else { return [] }
    let (range, times) = (ranges[shortest], markets[shortest].deciding.times)
    let prefixes = [share * share, share].map { (range.count + $0 - 1) / $0 }.filter { $0 >= leastBars }
    return prefixes.map { bars in (times[range.lowerBound + bars - 1], bars) } + [(options.to, range.count)]
  }
}

extension Sweep {
  /// Runs the rungs; gives the survivors over the whole data, every combination that began by its first rung, and what
  /// the rungs were.
  public func halved(
    _ combinations: [Int], by rank: SweepRank
  ) throws -> (last: Rows, first: Rows, rungs: [Halving.Rung]) {
    var rungs: [Halving.Rung] = []
    var left = combinations
    var first: Rows?
    let ends = Halving.ends(markets, options)
    for (stage, end) in ends.enumerated() {
      var options = options
      options.to = end.to
      let rows = try rows(left, stage: stage, options: options)
      rungs.append(Halving.Rung(to: end.to, bars: end.bars, combinations: rows.rows.count))
      if stage == ends.count - 1 {
        var last = rows
        last.refused = first?.refused ?? rows.refused
        last.firstRefusal = first?.firstRefusal ?? rows.firstRefusal
        return (last, first ?? rows, rungs)
      }
      if first == nil { first = rows }
      let ranked = results(of: rows).ranked(by: rank)
      left = ranked.prefix((ranked.count + Halving.share - 1) / Halving.share).map(\.combination).sorted()
    }
    return (Rows(), Rows(), [])
  }

  /// The rows with their values and medians.
  public func results(of rows: Rows) -> [SweepResult] {
    rows.rows.map { SweepResult($0.combination, grid.values($0.combination), $0.figures) }
  }
}
