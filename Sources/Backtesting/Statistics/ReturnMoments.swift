/// The first four moments of returns from bar to bar, as the tests against luck want them.
public struct ReturnMoments: Hashable, Sendable {
  public var count: Int
  public var mean: Double
  /// Sample standard deviation (over count − 1).
  public var deviation: Double
  /// Third central moment over the deviation's cube (over count); 0 for a normal distribution.
  public var skewness: Double
  /// Fourth central moment over the deviation's fourth power (over count), raw: 3 for a normal distribution, not 0.
  public var kurtosis: Double

  public init(count: Int, mean: Double, deviation: Double, skewness: Double, kurtosis: Double) {
    self.count = count
    self.mean = mean
    self.deviation = deviation
    self.skewness = skewness
    self.kurtosis = kurtosis
  }

  /// Nil under three returns, and where they do not vary or one of them is no finite number.
  public init?(_ returns: some Collection<Double>) {
    let count = Double(returns.count)
    guard returns.count > 2 else { return nil }
    let mean = returns.reduce(0, +) / count
    var (second, third, fourth) = (0.0, 0.0, 0.0)
    for value in returns {
      let d = value - mean
      second += d * d
      third += d * d * d
      fourth += d * d * d * d
    }
    guard second > 0, fourth.isFinite, fourth > 0 else { return nil }
    let variance = second / count
    self.init(
      count: returns.count, mean: mean, deviation: (second / (count - 1)).squareRoot(),
      skewness: third / count / (variance * variance.squareRoot()), kurtosis: fourth / count / (variance * variance))
  }

  /// Mean over deviation of one bar, not annualised.
  public var sharpe: Double { mean / deviation }
}
