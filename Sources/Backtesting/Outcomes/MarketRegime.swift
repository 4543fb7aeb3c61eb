import SeriesMath
import Trading

/// What the market was like at a bar, by what was known at its close.
///
/// - **bull**: the close stands above the mean of the last 200 closes; **bear**: it does not.
/// - **turbulent**: the sample standard deviation of the last 20 returns from close to close stands above the median of
///   all such deviations so far, this one included; **calm**: it does not.
/// - **unknown**: before there are 200 closes, and on missing bars.
public enum MarketRegime: Int, Sendable, CaseIterable {
  case bullCalm, bullTurbulent, bearCalm, bearTurbulent, unknown

  /// As it is called in JSON.
  public var name: String {
    switch self {
    case .bullCalm: "bull_calm"
    case .bullTurbulent: "bull_turbulent"
    case .bearCalm: "bear_calm"
    case .bearTurbulent: "bear_turbulent"
    case .unknown: "unknown"
    }
  }

  /// Closes in the average.
  static let trendCloses = 200
  /// Returns in a volatility.
  static let volatilityReturns = 20

  /// The regime of each bar before `end`, from the first bar there is: each from that bar and what lies before it.
  static func column(of candles: CandleSeries, before end: Int) -> [MarketRegime] {
    var regimes = Array(repeating: MarketRegime.unknown, count: end)
    var average = RecentMean(period: trendCloses)
    var median = RunningMedian()
    var recent = Array(repeating: 0.0, count: volatilityReturns)
    var closes = 0
    var before = Double.nan
    for bar in 0..<end {
      let close = candles.value(.close, at: bar)
      guard close > 0, close.isFinite else { continue }
      let mean = average.next(close)
      if closes > 0 { recent[(closes - 1) % volatilityReturns] = close / before - 1 }
      before = close
      closes += 1
      guard closes > volatilityReturns else { continue }
      let volatility = deviation(of: recent)
      median.add(volatility)
      guard closes >= trendCloses else { continue }
      let isTurbulent = volatility > median.value
      regimes[bar] =
        close > mean ? (isTurbulent ? .bullTurbulent : .bullCalm) : (isTurbulent ? .bearTurbulent : .bearCalm)
    }
    return regimes
  }

  private static func deviation(of values: [Double]) -> Double {
    let values = values.span
    let count = Double(values.count)
    var sum = 0.0
    for index in values.indices { sum += values[index] }
    let mean = sum / count
    var squares = 0.0
    for index in values.indices { squares += (values[index] - mean) * (values[index] - mean) }
    return (squares / (count - 1)).squareRoot()
  }
}
