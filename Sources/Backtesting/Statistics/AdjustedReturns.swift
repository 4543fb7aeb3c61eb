/// Returns of an equity curve from close to close, the first of them from the money at the start; nil where the account
/// fell to nothing or below, after which there are no returns.
func returns(of equity: [Double], from start: Double) -> [Double]? {
  var before = start
  var returns: [Double] = []
  returns.reserveCapacity(equity.count)
  for value in equity {
    guard before > 0, value.isFinite else { return nil }
    returns.append(value / before - 1)
    before = value
  }
  return returns
}

extension BacktestResult {
  /// What a strategy is tested on against luck: its returns from bar to bar less its mean net exposure times the
  /// returns of the prices, so that what rising prices gave to anybody who held them does not pass for skill.
  public var adjustedReturns: [Double]? {
    guard let own = returns(of: equity, from: start) else { return nil }
    return zip(own, priceReturns).map { $0 - netExposure * $1 }
  }
}
