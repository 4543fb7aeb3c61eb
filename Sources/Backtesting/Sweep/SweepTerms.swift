import Pipelines
import Trading

/// On what terms a sweep's accounts trade: plans that only enter and leave at the next fill.
struct SweepTerms: Sendable {
  let side: TradePlan.Side
  /// The share of the cash that an entry takes.
  let share: Double
  let fillsAtClose: Bool
  let feeRate: Double
  let slippage: Double

  /// Nil where a plan asks for more: an ordinary replay does those.
  init?(_ plan: TradePlan, _ options: BacktestOptions) {
    guard plan.isPlain, case .equity(let share) = plan.size else { return nil }
    side = plan.side
    self.share = share
    fillsAtClose = options.fill == .close
    feeRate = options.feeRate
    slippage = options.slippage
  }
}
