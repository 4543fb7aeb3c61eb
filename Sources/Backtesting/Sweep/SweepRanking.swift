public import PluginKit

/// Which metric orders the combinations of a sweep.
public struct SweepRank: Sendable {
  /// The metric.
  public let column: MetricColumn
  let place: Int

  /// Nil where no metric has the name.
  public init?(_ name: String) {
    guard let place = MetricColumn.place(of: name) else { return nil }
    self.place = place
    column = MetricColumn.all[place]
  }

  /// Whether a value stands before another: the better one, undefined ones last; nil where neither does.
  func precedes(_ left: Double?, _ right: Double?) -> Bool? {
    switch (left, right) {
    case (nil, nil): return nil
    case (nil, _): return false
    case (_, nil): return true
    case (let left?, let right?):
      if left == right { return nil }
      return column.lessIsBetter ? left < right : left > right
    }
  }
}

/// What a combination came to.
public struct SweepResult: Sendable {
  /// The combination's number in its grid.
  public var combination: Int
  /// The values of the axes.
  public var settings: [Setting]
  /// By the places of `MetricColumn.all`: of one market its own, of several the median of each over the markets.
  public var metrics: [Double?]
  /// The figures over each market.
  public var markets: [SweepFigures]

  init(_ combination: Int, _ settings: [Setting], _ markets: [SweepFigures]) {
    self.combination = combination
    self.settings = settings
    self.markets = markets
    metrics = SweepResult.medians(of: markets)
  }

  /// The median over the markets of each metric; undefined where it is not defined on more than half of them, so that
  /// one lucky market does not stand for many silent ones.
  static func medians(of markets: [SweepFigures]) -> [Double?] {
    if markets.count == 1, let only = markets.first { return MetricColumn.values(only.metrics) }
    return MetricColumn.all.map { column in
      let values = markets.compactMap { column.read($0.metrics) }.sorted()
      guard values.count * 2 > markets.count else { return nil }
      let middle = values.count / 2
      return values.count.isMultiple(of: 2) ? (values[middle - 1] + values[middle]) / 2 : values[middle]
    }
  }
}

extension [SweepResult] {
  /// The best first; of equal ones that with the earlier values of its parameters.
  public func ranked(by rank: SweepRank) -> [SweepResult] {
    sorted { left, right in
      rank.precedes(left.metrics[rank.place], right.metrics[rank.place]) ?? (left.combination < right.combination)
    }
  }
}
