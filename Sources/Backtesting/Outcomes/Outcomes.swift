import Trading

/// A buy (+1) or a sell (−1) at the close of a bar. Exits are no calls: they have no outcome.
struct Call {
  var bar: Int
  var sign: Double

  /// The calls among signals, which are in the order of their bars.
  static func among(_ signals: [Signal]) -> [Call] {
    var calls: [Call] = []
    calls.reserveCapacity(signals.count)
    for signal in signals where signal.direction.sign != 0 {
      calls.append(Call(bar: signal.bar, sign: signal.direction.sign))
    }
    return calls
  }
}

/// A call whose horizon lies inside the data.
public struct SettledCall: Hashable, Sendable {
  public var bar: Int
  /// +1 for a buy, −1 for a sell.
  public var sign: Double
  /// The bar at whose close the horizon ends.
  public var end: Int
  /// What the price did until then, its sign turned for a sell.
  public var value: Double

  public init(bar: Int, sign: Double, end: Int, value: Double) {
    self.bar = bar
    self.sign = sign
    self.end = end
    self.value = value
  }
}

extension Backtest {
  /// What became of the signals, horizon by horizon.
  func outcomes(of signals: [Signal]) -> [HorizonOutcome] {
    guard !forwardReturns.isEmpty else { return [] }
    let calls = Call.among(signals)
    var settled: [SettledCall] = []
    settled.reserveCapacity(calls.count)
    guard let regimes else {
      return forwardReturns.map { forward in
        forward.settle(calls, into: &settled)
        return forward.outcome(of: settled, against: forward.base)
      }
    }
    let groups = MarketRegime.allCases.map { regime in (regime, calls.filter { regimes[$0.bar] == regime }) }
    return forwardReturns.map { forward in
      forward.settle(calls, into: &settled)
      var outcome = forward.outcome(of: settled, against: forward.base)
      outcome.tellExcursions(of: settled, in: candles)
      outcome.regimes = groups.compactMap { regime, calls in
        guard !calls.isEmpty else { return nil }
        forward.settle(calls, into: &settled)
        var outcome = forward.outcome(of: settled, against: forward.baseOfRegime[regime.rawValue])
        outcome.tellExcursions(of: settled, in: candles)
        return RegimeOutcome(regime: regime, outcome: outcome)
      }
      return outcome
    }
  }
}

extension ForwardReturns {
  /// Finds the calls whose horizons lie inside the data.
  func settle(_ calls: [Call], into settled: inout [SettledCall]) {
    settled.removeAll(keepingCapacity: true)
    let (returns, ends) = (returns.span, ends.span)
    let first = counted.lowerBound
    for call in calls {
      let index = call.bar - first
      guard index >= 0, index < returns.count else { continue }
      let value = returns[index]
      guard !value.isNaN else { continue }
      settled.append(SettledCall(bar: call.bar, sign: call.sign, end: ends[index], value: value * call.sign))
    }
  }

  /// What became of settled calls, in the order of their bars.
  func outcome(of settled: [SettledCall], against base: BaseRate) -> HorizonOutcome {
    let buys = settled.span.count { $0.sign > 0 }
    return HorizonOutcome(
      horizon, of: settled, span: span, baseRate: base.rate(buys: buys, sells: settled.count - buys))
  }
}

extension Span<SettledCall> {
  fileprivate func count(where holds: (SettledCall) -> Bool) -> Int {
    var count = 0
    for index in indices where holds(self[index]) { count += 1 }
    return count
  }
}

extension HorizonOutcome {
  /// What became of settled calls, in the order of their bars.
  ///
  /// - Parameters:
  ///   - span: bars of the longest horizon.
  ///   - baseRate: the success of acting on every bar, in the same mix of buys and sells.
  init(_ horizon: Horizon, of settled: [SettledCall], span: Int, baseRate: Double?) {
    guard !settled.isEmpty else {
      self.init(horizon: horizon, count: 0)
      return
    }
    let calls = settled.span
    let count = Double(calls.count)
    var sum = 0.0
    var varies = false
    for index in calls.indices {
      sum += calls[index].value
      if calls[index].value != calls[0].value { varies = true }
    }
    let mean = sum / count
    var squares = 0.0
    // The mean of equal returns may be a rounding error away from them, which is no spread.
    for index in calls.indices where varies {
      let distance = calls[index].value - mean
      squares += distance * distance
    }
    let success = SuccessRate(of: calls, span: span)
    let interval = success.interval
    self.init(
      horizon: horizon, count: calls.count, successRate: success.rate, meanReturn: finite(mean),
      sharpe: finite(mean / (squares / (count - 1)).squareRoot()), baseRate: baseRate,
      excess: baseRate.map { success.rate - $0 }, interval: interval,
      grade: Grade(interval, base: baseRate, signals: calls.count))
  }
}

extension HorizonOutcome {
  /// Adds the excursions of the settled calls that the outcome is of.
  fileprivate mutating func tellExcursions(of settled: [SettledCall], in candles: CandleSeries) {
    guard count > 0 else { return }
    let excursions = Excursions(of: settled, in: candles)
    favourableExcursion = finite(excursions.best / Double(count))
    adverseExcursion = finite(excursions.worst / Double(count))
  }
}
