/// A strategy's returns from close to close against those of buy and hold; made where it is shown.
public struct BenchmarkFigures: Hashable, Sendable {
  /// What is left of the mean return after beta times that of buy and hold, a year (M. C. Jensen, The Journal of Finance
  /// 23, 1968; risk-free rate 0).
  public var alpha: Double?
  /// Covariance of the two returns over the variance of buy and hold's.
  public var beta: Double?
  /// Mean difference of the two returns over its sample standard deviation, a year.
  public var informationRatio: Double?
}

extension BacktestResult {
  /// Nil under two bars, where it never bought, where buy and hold does not vary, and where either account fell to
  /// nothing; the information ratio also where the two do not differ.
  public var benchmark: BenchmarkFigures {
    guard let hold = buyHoldEquity, hold.count == equity.count, equity.count > 1,
      let own = returns(of: equity, from: start), let market = returns(of: hold, from: start)
    else { return BenchmarkFigures() }
    let count = Double(own.count)
    let mean = own.reduce(0, +) / count
    let marketMean = market.reduce(0, +) / count
    var (together, marketSquares, differences) = (0.0, 0.0, 0.0)
    for index in own.indices {
      let (value, marketValue) = (own[index] - mean, market[index] - marketMean)
      together += value * marketValue
      marketSquares += marketValue * marketValue
      differences += (value - marketValue) * (value - marketValue)
    }
    var figures = BenchmarkFigures()
    figures.beta = marketSquares > 0 ? finite(together / marketSquares) : nil
    guard let periodsPerYear else { return figures }
    figures.alpha = figures.beta.flatMap { finite((mean - $0 * marketMean) * periodsPerYear) }
    let deviation = (differences / (count - 1)).squareRoot()
    figures.informationRatio = finite((mean - marketMean) / deviation * periodsPerYear.squareRoot())
    return figures
  }
}
