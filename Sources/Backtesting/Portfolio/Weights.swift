import Pipelines

extension Weighting {
  /// How much a symbol speaks for itself, from its latest closes, oldest first, one more of them than the lookback has
  /// bars; nil where that cannot be told. Equal weights ask nothing.
  ///
  /// `risk_parity` is the inverse of the sample standard deviation of the returns from close to close (without their
  /// correlations: E. Qian, Risk Parity Portfolios, 2005, for uncorrelated assets), `momentum` the return over the whole
  /// lookback where it is above 0, `mean_reversion` its opposite.
  func measure(_ closes: [Double]) -> Double? {
    if rule == .equal { return 1 }
    guard closes.count == lookback + 1, let first = closes.first, let last = closes.last, first > 0 else { return nil }
    switch rule {
    case .equal: return 1
    case .riskParity:
      guard let deviation = Weighting.deviation(zip(closes.dropFirst(), closes).map { $0 / $1 - 1 }) else { return nil }
      return deviation > 0 ? finite(1 / deviation) : nil
    case .momentum: return finite(max(last / first - 1, 0))
    case .meanReversion: return finite(max(1 - last / first, 0))
    }
  }

  /// Shares of what `places` places are worth: in proportion to the measures, together one place for each of them. All
  /// are 0 where no measure is above 0.
  static func shares(_ measures: [Double], places: Int) -> [Double] {
    let sum = measures.reduce(0, +)
    guard sum > 0, places > 0 else { return measures.map { _ in 0 } }
    let whole = Double(measures.count) / Double(places)
    return measures.map { $0 / sum * whole }
  }

  private static func deviation(_ values: [Double]) -> Double? {
    guard values.count > 1 else { return nil }
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return finite((squares / Double(values.count - 1)).squareRoot())
  }
}
