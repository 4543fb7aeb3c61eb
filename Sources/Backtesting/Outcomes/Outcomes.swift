import Trading

/// A buy (+1) or a sell (−1) at the close of a bar. Exits are no calls: they have no outcome.
struct Call {
  var bar: Int
  var sign: Double

  /// The calls among signals, which are in the order of their bars.
  static func among(_ signals: [Signal]) -> [Call] {
    signals.compactMap { $0.direction.sign == 0 ? nil : Call(bar: $0.bar, sign: $0.direction.sign) }
  }
}

extension Backtest {
  /// What became of the signals, horizon by horizon.
  func outcomes(of signals: [Signal]) -> [HorizonOutcome] {
    guard !forwardReturns.isEmpty else { return [] }
    let calls = Call.among(signals)
    guard let regimes else { return forwardReturns.map { $0.outcome(of: calls, against: $0.base) } }
    let groups = MarketRegime.allCases.map { regime in (regime, calls.filter { regimes[$0.bar] == regime }) }
    return forwardReturns.map { forward in
      var outcome = forward.outcome(of: calls, against: forward.base, excursionsIn: candles)
      outcome.regimes = groups.compactMap { regime, calls in
        guard !calls.isEmpty else { return nil }
        let base = forward.baseOfRegime[regime.rawValue]
        return RegimeOutcome(
          regime: regime, outcome: forward.outcome(of: calls, against: base, excursionsIn: candles))
      }
      return outcome
    }
  }
}

extension ForwardReturns {
  /// What became of the calls, in the order of their bars; with the excursions where the prices are given.
  func outcome(
    of calls: [Call], against base: BaseRate, excursionsIn candles: CandleSeries? = nil
  ) -> HorizonOutcome {
    var tally = SuccessTally(span: span)
    var buys = 0
    var mean = 0.0
    var squares = 0.0
    for call in calls {
      guard let value = turned(call) else { continue }
      if call.sign > 0 { buys += 1 }
      tally.add(bar: call.bar, end: ends[call.bar - counted.lowerBound], success: value > 0)
      // Welford's running mean: the spread of nearly equal returns keeps its digits.
      let distance = value - mean
      mean += distance / Double(tally.count)
      squares += distance * (value - mean)
    }
    let count = tally.count
    guard count > 0 else { return HorizonOutcome(horizon: horizon, count: 0) }
    let deviation = (squares / Double(count - 1)).squareRoot()
    let rate = base.rate(buys: buys, sells: count - buys)
    let interval = tally.interval
    var outcome = HorizonOutcome(
      horizon: horizon, count: count, successRate: tally.rate, meanReturn: finite(mean),
      sharpe: finite(mean / deviation), baseRate: rate,
      excess: rate.flatMap { rate in tally.rate.map { $0 - rate } }, interval: interval,
      grade: Grade(interval, base: rate, signals: count))
    if let candles {
      let excursions = Excursions(of: calls, in: candles) { call in
        turned(call) == nil ? nil : ends[call.bar - counted.lowerBound]
      }
      outcome.favourableExcursion = finite(excursions.best / Double(count))
      outcome.adverseExcursion = finite(excursions.worst / Double(count))
    }
    return outcome
  }

  /// The call's return, its sign turned for a sell; nil where the horizon ends outside the data.
  private func turned(_ call: Call) -> Double? {
    guard counted.contains(call.bar) else { return nil }
    let value = returns[call.bar - counted.lowerBound]
    return value.isNaN ? nil : value * call.sign
  }
}
