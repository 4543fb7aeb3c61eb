import SeriesMath

/// How returns are spread: how many, how many rose, and quantiles. A spread of nothing has a count of 0 and no figures.
public struct Spread: Hashable, Sendable {
  public var count: Int
  /// The share of returns above 0.
  public var rose: Double?
  public var mean: Double?
  /// 5 %, 25 %, 50 %, 75 % and 95 %, by linear interpolation.
  public var quantiles: [Double]

  public static let shares = [0.05, 0.25, 0.5, 0.75, 0.95]

  public init(_ returns: [Double]) {
    count = returns.count
    rose = returns.isEmpty ? nil : Double(returns.count { $0 > 0 }) / Double(returns.count)
    mean = returns.isEmpty ? nil : returns.reduce(0, +) / Double(returns.count)
    var values = returns
    quantiles = Spread.shares.compactMap { quantile($0, of: &values) }
  }
}
