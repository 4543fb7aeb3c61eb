public import Backtesting
import SeriesMath
public import Trading

/// What the market is like at the last bar, by what is known at its close, and what used to follow such bars.
public struct RegimeReading: Hashable, Sendable {
  public var regime: MarketRegime
  /// Bars for which it has been so, and the median of how long it used to be so.
  public var bars: Int
  public var medianBars: Double?
  /// The share of all bars with a known regime that were of this one.
  public var share: Double?
  /// The close against the mean of the last 200 closes, as a fraction; nil before there are so many.
  public var distance: Double?
  /// The sample standard deviation of the last 20 returns, a bar; its rank among all so far, 0 to 1.
  public var volatility, volatilityRank: Double?
  /// A buy on every bar of this regime, against a buy on any bar.
  public var outcome: HorizonOutcome

  /// Nil for a series without bars.
  public init?(of candles: CandleSeries, horizon: Horizon) {
    let seen = candles.totalReturn
    let regimes = MarketRegime.column(of: seen)
    guard let last = regimes.last else { return nil }
    regime = last
    bars = regimes.reversed().prefix { $0 == last }.count
    var spells: [Double] = []
    var length = 0
    for (place, other) in regimes.enumerated() {
      if other == last { length += 1 }
      let ends = place + 1 == regimes.count || regimes[place + 1] != last
      // The present spell is not over, so its length is not known.
      if other == last, ends {
        if place + 1 < regimes.count { spells.append(Double(length)) }
        length = 0
      }
    }
    medianBars = quantile(0.5, of: &spells)
    let told = regimes.count { $0 != .unknown }
    share = told > 0 && last != .unknown ? Double(regimes.count { $0 == last }) / Double(told) : nil
    let closes = seen.column(.close).filter { $0.isFinite && $0 > 0 }
    let recent = closes.suffix(200)
    distance = recent.count == 200 ? (closes.last ?? .nan) / (recent.reduce(0, +) / 200) - 1 : nil
    let volatilities = RegimeReading.volatilities(of: closes)
    volatility = volatilities.last
    volatilityRank = volatilities.last.map { now in
      Double(volatilities.count { $0 <= now }) / Double(volatilities.count)
    }
    let own = regimes.indices.filter { regimes[$0] == last }
    outcome = ForwardOutcomes(over: horizon, of: candles).outcome(of: own.map { (bar: $0, sign: 1) })
  }

  private static func volatilities(of closes: [Double]) -> [Double] {
    guard closes.count > 20 else { return [] }
    let moves = zip(closes.dropFirst(), closes).map { $0 / $1 - 1 }
    return (19..<moves.count).map { bar in
      let recent = moves[(bar - 19)...bar]
      let mean = recent.reduce(0, +) / 20
      return (recent.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 19).squareRoot()
    }
  }
}
