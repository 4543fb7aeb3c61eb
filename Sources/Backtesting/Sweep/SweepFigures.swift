/// What a sweep keeps of one combination over one series. It does not grow with the bars.
public struct SweepFigures: Hashable, Sendable {
  /// The figures of its backtest.
  public var metrics: Metrics
  /// Moments of its adjusted returns; nil where they do not vary, or the account fell to nothing.
  public var moments: ReturnMoments?
  /// Sums of its adjusted returns by `CalendarBlocks` of the counted bars; empty where the account fell to nothing.
  public var blocks: [BlockSums]

  public init(metrics: Metrics, moments: ReturnMoments?, blocks: [BlockSums]) {
    self.metrics = metrics
    self.moments = moments
    self.blocks = blocks
  }

  /// Those of one result, whose counted bars are cut into `blocks`.
  public init(_ result: BacktestResult, blocks: CalendarBlocks) {
    let returns = result.adjustedReturns
    self.init(
      metrics: result.metrics, moments: returns.flatMap { ReturnMoments($0) },
      blocks: returns.map { blocks.sums($0) } ?? [])
  }
}
