public import Backtesting
public import Trading

/// How far apart two signals of a sequence may lie.
public enum PatternGap: Hashable, Sendable {
  case bars(Int)
  case milliseconds(Int64)

  /// 24 hours where bars are shorter than a day, else five bars.
  public static func usual(_ timeframe: Timeframe) -> PatternGap {
    timeframe.milliseconds < Timeframe.day.milliseconds ? .milliseconds(Timeframe.day.milliseconds) : .bars(5)
  }

  /// For each bar the first one from which on a signal is near enough.
  func reach(over times: [Instant]) -> [Int] {
    switch self {
    case .bars(let count): return times.indices.map { max(0, $0 - max(1, count)) }
    case .milliseconds(let length):
      var first = 0
      return times.indices.map { bar in
        while times[bar].milliseconds - times[first].milliseconds > length { first += 1 }
        return first
      }
    }
  }
}

/// What is looked for, and how much of it.
public struct PatternSettings: Hashable, Sendable {
  public var gap: PatternGap
  /// What followed is measured over this.
  public var horizon: Horizon
  /// Signals of the longest sequence, 2 to 5.
  public var longest = 5
  /// Occurrences under which nothing is said of a pattern.
  public var leastSupport = 10
  /// Patterns of one form and length that are tested: those that chance alone would bring most often.
  public var most = 60
  /// Circular shifts of the null.
  public var shifts = 499
  public var seed: UInt64
  /// Patterns that are told in full.
  public var told = 20
  /// Level of the adjusted p-values.
  public var level = 0.05

  public init(gap: PatternGap, horizon: Horizon, seed: UInt64) {
    self.gap = gap
    self.horizon = horizon
    self.seed = seed
  }
}
