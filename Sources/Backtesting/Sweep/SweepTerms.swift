import Pipelines
import Trading

/// On what terms a sweep's accounts trade: plans that only enter and leave at the next fill, fees and
/// slippage that are shares of the price.
struct SweepTerms: Sendable {
  let side: TradePlan.Side
  /// The share of the cash that an entry takes.
  let share: Double
  let fillsAtClose: Bool
  let feeRate: Double
  /// What a buyer pays and a seller gets, as a multiple of the price.
  let bought: Double
  let sold: Double

  /// Nil where a plan asks for more: an ordinary replay does those.
  init?(_ plan: TradePlan, _ options: BacktestOptions) {
    guard plan.isPlain, case .equity(let share) = plan.size, options.feePerShare == 0, options.feeMinimum == 0,
      options.slippageOfRange == 0, options.borrowRate == 0 || plan.side == .long
    else { return nil }
    side = plan.side
    self.share = share
    fillsAtClose = options.fill == .close
    feeRate = options.feeRate
    bought = 1 + options.slippage
    sold = 1 - options.slippage
  }
}
