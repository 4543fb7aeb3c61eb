public import Trading

/// What came of calls on one series over one horizon, for whoever has calls and no backtest: the outcomes, base rates
/// and intervals of `backtest`, of any bars.
public struct ForwardOutcomes: Sendable {
  private let forward: ForwardReturns

  /// Over all bars of the series; whoever follows a call has the dividends too.
  public init(over horizon: Horizon, of candles: CandleSeries) {
    forward = ForwardReturns(over: horizon, of: candles.totalReturn, counted: 0..<candles.count)
  }

  public var horizon: Horizon { forward.horizon }

  /// For each bar what the price did from its close to the horizon's; NaN where that is not known.
  public var returns: [Double] { forward.returns }

  /// For each bar the bar at whose close the horizon ends; −1 where that is not known.
  public var ends: [Int] { forward.ends }

  /// What became of calls: bars in ascending order, +1 for a buy and −1 for a sell.
  ///
  /// - Parameter bars: those whose outcomes are the base rate; nil takes all.
  public func outcome(of calls: [(bar: Int, sign: Double)], against bars: [Int]? = nil) -> HorizonOutcome {
    var settled: [SettledCall] = []
    forward.settle(calls.map { Call(bar: $0.bar, sign: $0.sign) }, into: &settled)
    var base = forward.base
    if let bars {
      base = BaseRate()
      for bar in bars where forward.returns.indices.contains(bar) && !forward.returns[bar].isNaN {
        base.add(forward.returns[bar])
      }
    }
    return forward.outcome(of: settled, against: base)
  }
}

extension MarketRegime {
  /// The regime of each bar: each from that bar and what lies before it.
  public static func column(of candles: CandleSeries) -> [MarketRegime] {
    column(of: candles, before: candles.count)
  }
}
