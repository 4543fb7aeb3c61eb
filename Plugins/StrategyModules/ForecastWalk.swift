import PluginKit
import SeriesMath

/// What tells the chance of a rise from features.
protocol DirectionModel: Sendable {
  func probability(of features: [Double]) -> Double
}

extension LogisticRegression: DirectionModel {
  func probability(of features: [Double]) -> Double { probability(of: features[...]) }
}

extension BoostedStumps: DirectionModel {}

/// Forecasts whether the price stands higher in some bars, by a model that is fitted again and again to the past.
///
/// At a bar it is fitted to the `window` latest bars whose outcome was known `gap` bars before: so no bar of training
/// shares a bar with the forecast. Features are counted in their own deviations over those bars.
struct ForecastWalk<Model: DirectionModel>: Sendable {
  /// Inputs: the price, then the features.
  static var features: Int { 6 }
  /// Settled forecasts before they are judged.
  static var fewest: Int { 30 }

  let horizon, window, every, gap: Int
  private var model: Model?
  private var base = 0.5
  private var means: [Double]
  private var scales: [Double]
  private var row: [Double]
  private var bars = 0
  /// The last forecasts, that of bar n at n % horizon, and the base rates beside them.
  private var said: [Double]
  private var bases: [Double]
  /// By how much the squared error of the base rate was above that of the forecast.
  private var gains: NeweyWestMean

  init(horizon: Int, window: Int, every: Int, gap: Int) {
    (self.horizon, self.window, self.every, self.gap) = (horizon, window, every, gap)
    means = Array(repeating: 0, count: Self.features)
    (scales, row) = (means, means)
    said = Array(repeating: 0, count: max(1, horizon))
    bases = said
    gains = NeweyWestMean(lags: 2 * horizon)
  }

  var warmUp: Int { ForecastWalk.warmUp(horizon, window, gap) }
  static func warmUp(_ horizon: Int, _ window: Int, _ gap: Int) -> Int { horizon + gap + window - 1 }

  /// The chance of a rise, how often it rose in training, and how surely the forecasts so far were better than that.
  mutating func next(_ x: borrowing View, fit: (_ rows: [Double], _ labels: [Double]) -> Model?) -> Three {
    let place = bars % horizon
    if bars >= horizon {
      let outcome = x[0, 0] > x[0, horizon] ? 1.0 : 0.0
      let (own, naive) = (outcome - said[place], outcome - bases[place])
      gains.add(naive * naive - own * own)
    }
    if bars % every == 0 { train(x, fit) }
    for feature in 0..<Self.features { row[feature] = (x[feature + 1, 0] - means[feature]) * scales[feature] }
    let chance = model?.probability(of: row) ?? base
    (said[place], bases[place]) = (chance, base)
    bars += 1
    return Three(chance, base, gains.count < Self.fewest ? 0 : gains.score ?? 0)
  }

  private mutating func train(_ x: borrowing View, _ fit: ([Double], [Double]) -> Model?) {
    let newest = horizon + gap
    var labels: [Double] = []
    labels.reserveCapacity(window)
    var rows: [Double] = []
    rows.reserveCapacity(window * Self.features)
    for ago in stride(from: newest + window - 1, through: newest, by: -1) {
      labels.append(x[0, ago - horizon] > x[0, ago] ? 1 : 0)
      for feature in 0..<Self.features { rows.append(x[feature + 1, ago]) }
    }
    base = labels.reduce(0, +) / Double(window)
    for feature in 0..<Self.features {
      var sum = 0.0
      for at in stride(from: feature, to: rows.count, by: Self.features) { sum += rows[at] }
      let mean = sum / Double(window)
      var squares = 0.0
      for at in stride(from: feature, to: rows.count, by: Self.features) {
        squares += (rows[at] - mean) * (rows[at] - mean)
      }
      let deviation = (squares / Double(window)).squareRoot()
      // A feature that does not vary tells nothing.
      let scale = deviation > 1e-12 * abs(mean) && deviation.isFinite ? 1 / deviation : 0
      (means[feature], scales[feature]) = (mean, scale)
      for at in stride(from: feature, to: rows.count, by: Self.features) { rows[at] = (rows[at] - mean) * scale }
    }
    model = fit(rows, labels)
  }
}
