public import Trading

/// What one strategy did on one symbol. Ratios are fractions (0.05 = 5 %); what is undefined is nil.
public struct BacktestResult: Sendable {
  public var strategy: String
  public var symbol: String
  public var timeframe: Timeframe
  /// Bars that were counted, missing ones included.
  public var bars: Int
  /// Bars on which buy and sell were both true.
  public var conflicts: Int
  public var signals: [Signal]
  public var trades: [Trade]
  /// In the order in which the horizons were asked for.
  public var outcomes: [HorizonOutcome]
  public var metrics: Metrics
  /// Equity at the close of each counted bar, and of buy and hold beside it (nil where it never bought).
  public var equity: [Double]
  public var buyHoldEquity: [Double]?
  /// Returns of the prices from close to close over the counted bars; 0 at the first and at missing bars.
  public var priceReturns: [Double]
  /// The mean over the closes of what was held as a share of equity, short below nothing; 0 where nothing was held.
  public var netExposure: Double
  /// The money at the start.
  public var start: Double
  /// Opening times of the counted bars.
  public var times: [Instant]
  /// Bars a year, by which figures are annualised; nil leaves those undefined.
  public var periodsPerYear: Double?
  /// How far luck alone could have moved the figures; made on demand, for it takes a thousand replays of the returns.
  public var intervals: BootstrapIntervals?
  /// The same positions entered at random times; made on demand like the intervals.
  public var randomEntries: RandomEntries?
  /// What a reader must know of these figures: an optimistic fill, prices of one kind only.
  public var notes: [String]
  /// What a rotation or a portfolio has to say besides.
  public var portfolio: PortfolioFigures?
  /// How many trials it is one of; nil without a trial ledger, and then nothing is corrected for luck.
  public var trials: TrialCount?
  /// The chance to see such returns beyond the exposure without skill, adjusted for all strategies of the run on the same
  /// prices (Romano and Wolf); nil without a ledger and where the returns do not vary.
  public var pValue: Double?
  /// Which prices it read.
  public var prices = PriceBasis.unadjusted
  /// Before and after the birth of the rule; nil where no birth is known.
  public var birth: BirthSplit?
}

/// The trials of a ledger that a result is one of.
public struct TrialCount: Hashable, Sendable {
  /// Configurations on the same instrument and timeframe over some of the same dates, and how many really differ.
  public var raw: Int
  public var effective: Double
  /// The ledger's file.
  public var ledger: String

  public init(raw: Int, effective: Double, ledger: String) {
    self.raw = raw
    self.effective = effective
    self.ledger = ledger
  }
}

/// One exit of a position; a partial exit is a row of its own with the same `positionID`.
public struct Trade: Hashable, Sendable {
  public enum Side: String, Sendable { case long, short }
  /// Why a position was left: by a signal, a stop, a target, its age, before the session's close, because a short had
  /// eaten the account's money, or because the data ended.
  public enum ExitReason: String, Sendable {
    case signal, stop, target
    case maxBars = "max_bars"
    case flat
    case marginCall = "margin_call"
    /// A portfolio brought the position back to its weight.
    case rebalance
    case end
  }

  public var positionID: Int
  public var side: Side
  public var entryTime: Instant
  /// The mean price of what was filled until then.
  public var entryPrice: Double
  public var exitTime: Instant
  public var exitPrice: Double
  public var quantity: Double
  /// Fees of the entry (its share) and the exit, and what a short paid for its borrowed shares.
  public var fees: Double
  /// Profit after fees, dividends included, in money.
  public var pnl: Double
  /// pnl over the money that the quantity cost at entry, without fees.
  public var `return`: Double
  public var exitReason: ExitReason
  /// Which role of the group, in a position of several symbols.
  public var leg: String?
  /// Which symbol and which strategy, in a portfolio.
  public var symbol: String?
  public var strategy: String?
  /// Dividends that the quantity brought while it was held; below nothing where a short paid them.
  public var dividends = 0.0
}

/// What became of the signals after a horizon.
public struct HorizonOutcome: Hashable, Sendable {
  public var horizon: Horizon
  /// Signals whose horizon lies inside the data.
  public var count: Int
  public var successRate, meanReturn, sharpe, baseRate, excess: Double?
  /// 95 % interval of the success rate.
  public var interval: ClosedRange<Double>?
  /// By the interval and the base rate, by `Grade.rule`; nil under `Grade.leastSignals` signals.
  public var grade: Grade?
  /// The mean over the signals of the furthest move with them (0 or more) and against them (0 or less) until the horizon
  /// ends, by highs and lows; nil also where `BacktestOptions.outcomesInDetail` is off.
  public var favourableExcursion, adverseExcursion: Double?
  /// The same of the signals of each market regime, against the base rate of that regime's bars; regimes without a
  /// signal are not listed. Nil where `BacktestOptions.outcomesInDetail` is off.
  public var regimes: [RegimeOutcome]?
}

/// What became of the signals that came in one market regime.
public struct RegimeOutcome: Hashable, Sendable {
  public var regime: MarketRegime
  public var outcome: HorizonOutcome
}

/// `5b` is bars, `1d` the next session's close, any other duration the first close at or after known_at + it.
public enum Horizon: Hashable, Sendable {
  case bars(Int)
  case session
  case duration(Timeframe)
}

/// The figures of one backtest; see the contract of each in `docs/semantics.md`.
public struct Metrics: Hashable, Sendable {
  public var finalEquity: Double
  public var totalReturn: Double
  public var cagr, volatility, sharpe, sortino, calmar: Double?
  public var maxDrawdown: Double
  public var maxDrawdownBars: Int
  public var winRate, profitFactor, exposure: Double?
  public var trades: Int
  public var buyHoldReturn: Double?
  public var deflatedSharpe: Double?
}
