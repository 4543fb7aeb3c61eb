public import Trading

/// What a strategy said over one series: the result of a pipeline, and all that a backtest needs of it.
public struct SignalRun: Sendable {
  /// In the order of their bars; several on one bar stand exits first.
  public var signals: [Signal]
  /// Bars on which buy and sell were both true, which are neither.
  public var conflicts: Int
  /// The first bar at whose close a buy (a sell) could be known, computed from the graph; nil where there is none.
  public var firstBuy, firstSell: Int?

  /// What a reader must know of the series that were read besides.
  public var notes: [String]
  /// The columns that the plan's expressions read (`TradePlan.columns`), each as long as the series.
  public var columns: [[Double]]

  public init(
    signals: [Signal], conflicts: Int, firstBuy: Int?, firstSell: Int?, notes: [String] = [], columns: [[Double]] = []
  ) {
    self.signals = signals
    self.conflicts = conflicts
    self.firstBuy = firstBuy
    self.firstSell = firstSell
    self.notes = notes
    self.columns = columns
  }
}

/// Of which signals the reasons are put into words, which takes longer than to find them.
public enum Reasons: Hashable, Sendable {
  case all
  /// Of so many of each strategy's last ones; the others have none.
  case latest(Int)
}
