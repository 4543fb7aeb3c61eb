import SeriesMath

/// How much it hurt on the way; made where it is shown, for a sweep does not ask. Fractions: 0.05 is 5 %.
public struct RiskFigures: Hashable, Sendable {
  /// √mean(d²) over the closes, d the distance below the last peak, the money at the start included (P. Martin and
  /// B. McCann, The Investor's Guide to Fidelity Funds, 1989). Nil without bars.
  public var ulcerIndex: Double?
  /// The 5 % quantile of the returns from close to close: one bar in twenty was worse. A loss is below nothing.
  public var valueAtRisk: Double?
  /// The mean of the returns that are not above the value at risk (R. T. Rockafellar and S. Uryasev, 2000).
  public var conditionalValueAtRisk: Double?
}

extension BacktestResult {
  /// Risk as the past had it. The two values at risk are nil under two bars and where the account fell to nothing.
  public var risk: RiskFigures {
    var figures = RiskFigures(ulcerIndex: ulcerIndex)
    guard var own = returns(of: equity, from: start), own.count > 1, let limit = quantile(0.05, of: &own) else {
      return figures
    }
    var sum = 0.0
    var count = 0
    for value in own where value <= limit {
      sum += value
      count += 1
    }
    figures.valueAtRisk = finite(limit)
    figures.conditionalValueAtRisk = finite(sum / Double(count))
    return figures
  }

  private var ulcerIndex: Double? {
    var peak = start
    var squares = 0.0
    for value in equity {
      peak = max(peak, value)
      let below = value / peak - 1
      squares += below * below
    }
    return finite((squares / Double(equity.count)).squareRoot())
  }
}
