/// Names one backtest of a sweep.
public struct SweepKey: Hashable, Sendable {
  /// The rung of a halving, the window of a walk, the part of a split; 0 where there is one alone.
  public var stage: Int
  /// The market's place.
  public var market: Int
  /// The combination's number in its grid.
  public var combination: Int

  public init(stage: Int, market: Int, combination: Int) {
    (self.stage, self.market, self.combination) = (stage, market, combination)
  }
}

/// Keeps what a sweep has worked out, so that one that was interrupted can go on.
public protocol SweepStore: AnyObject {
  /// What is known already.
  func figures(of key: SweepKey) -> SweepFigures?
  /// Keeps more. What it throws ends the sweep.
  func keep(_ rows: [(key: SweepKey, figures: SweepFigures)]) throws
}
