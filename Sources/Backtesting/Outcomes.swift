import Trading

extension ForwardReturns {
  /// What became of the buys and sells among the signals, which are in the order of their bars.
  func outcome(of signals: [Signal]) -> HorizonOutcome {
    var buys = 0
    var sells = 0
    var successes = 0
    var mean = 0.0
    var squares = 0.0
    var apart = 0
    var freeFrom = Int.min
    for signal in signals {
      guard let value = turned(signal) else { continue }
      if signal.direction == .buy { buys += 1 } else { sells += 1 }
      if value > 0 { successes += 1 }
      // Welford's running mean: the spread of nearly equal returns keeps its digits.
      let distance = value - mean
      mean += distance / Double(buys + sells)
      squares += distance * (value - mean)
      if signal.bar >= freeFrom {
        apart += 1
        freeFrom = ends[signal.bar - counted.lowerBound]
      }
    }
    let count = buys + sells
    guard count > 0 else { return HorizonOutcome(horizon: horizon, count: 0) }
    let success = Double(successes) / Double(count)
    let base = risingRate.flatMap { rising in
      fallingRate.map { (rising * Double(buys) + $0 * Double(sells)) / Double(count) }
    }
    let deviation = (squares / Double(count - 1)).squareRoot()
    return HorizonOutcome(
      horizon: horizon, count: count, successRate: success, meanReturn: finite(mean), sharpe: finite(mean / deviation),
      baseRate: base, excess: base.map { success - $0 }, interval: wilsonInterval(of: success, count: apart))
  }

  /// The signal's return, its sign turned for a sell; nil for exits and where the horizon ends outside the data.
  private func turned(_ signal: Signal) -> Double? {
    guard signal.direction == .buy || signal.direction == .sell, counted.contains(signal.bar) else { return nil }
    let value = returns[signal.bar - counted.lowerBound]
    return value.isNaN ? nil : value * signal.direction.sign
  }
}

/// The 95 % score interval of a rate (E. B. Wilson, 1927), from which a rate near 0 or 1 with few trials does not fall
/// out. Signals whose horizons overlap share their bars, so `count` takes only those that do not: from the first signal
/// on, each that comes no earlier than the end of the horizon of the last one taken.
func wilsonInterval(of rate: Double, count: Int) -> ClosedRange<Double>? {
  guard count > 0, (0...1).contains(rate) else { return nil }
  let z = 1.959963984540054
  let n = Double(count)
  let scale = 1 + z * z / n
  let middle = (rate + z * z / (2 * n)) / scale
  let half = z / scale * (rate * (1 - rate) / n + z * z / (4 * n * n)).squareRoot()
  return max(0, middle - half)...min(1, middle + half)
}
