import Trading

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What is told apart in the situations that signals come in.
public enum Trait: String, Hashable, Sendable, CaseIterable {
  /// How many calls the last bars had; how far they point one way, −1 to 1; the move of those bars and the distance
  /// of the close from its mean of 100 bars, both in deviations; how turbulent it is, 0 to 1, against the past 252
  /// bars; how long no call had come.
  case signals, agreement, move, trend, volatility, pause

  /// A high and a low value in words.
  public var words: (high: String, low: String) {
    switch self {
    case .signals: ("many signals", "few signals")
    case .agreement: ("buys", "sells")
    case .move: ("after a rise", "after a fall")
    case .trend: ("above the trend", "below the trend")
    case .volatility: ("turbulent", "calm")
    case .pause: ("after a pause", "in close succession")
    }
  }
}

/// A bar with calls that point one way, and the features by which it is told from others: all of it known at its close.
struct Situation: Hashable, Sendable {
  var bar: Int
  /// The direction of the bar's calls.
  var sign: Double
  /// One value a trait, in their order.
  var features: [Double]

  /// Bars that a move and the counts look back.
  static let window = 5

  static func all(_ history: SignalHistory, _ candles: CandleSeries) -> [Situation] {
    let closes = Array(candles.totalReturn.column(.close))
    var buys = Array(repeating: 0.0, count: closes.count)
    var sells = buys
    for (kind, bars) in zip(history.kinds, history.bars) {
      for bar in bars { if kind.direction.sign > 0 { buys[bar] += 1 } else { sells[bar] += 1 } }
    }
    var market = MarketFeatures()
    var situations: [Situation] = []
    var lastCall: Int?
    for bar in closes.indices {
      let features = market.next(closes[bar])
      guard buys[bar] + sells[bar] > 0 else { continue }
      defer { lastCall = bar }
      guard buys[bar] != sells[bar], let features, let lastCall else { continue }
      let recent = max(0, bar - window + 1)...bar
      let (up, down) = (buys[recent].reduce(0, +), sells[recent].reduce(0, +))
      situations.append(
        Situation(
          bar: bar, sign: buys[bar] > sells[bar] ? 1 : -1,
          features: [
            log(1 + up + down), (up - down) / (up + down), features.move, features.trend, features.rank,
            log(Double(bar - lastCall)),
          ]))
    }
    return situations
  }
}

/// Move, trend and volatility from closes as they come; missing ones are passed over.
private struct MarketFeatures {
  private var closes: [Double] = []
  private var volatilities: [Double] = []

  mutating func next(_ close: Double) -> (move: Double, trend: Double, rank: Double)? {
    guard close > 0, close.isFinite else { return nil }
    closes.append(close)
    if closes.count > 101 { closes.removeFirst() }
    guard closes.count > 20 else { return nil }
    let recent = closes.suffix(21)
    let moves = zip(recent.dropFirst(), recent).map { $0 / $1 - 1 }
    let mean = moves.reduce(0, +) / 20
    let volatility = (moves.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 19).squareRoot()
    volatilities.append(volatility)
    if volatilities.count > 252 { volatilities.removeFirst() }
    guard closes.count > 100, volatility > 0 else { return nil }
    let average = closes.suffix(100).reduce(0, +) / 100
    let before = closes[closes.count - 1 - Situation.window]
    let rank = Double(volatilities.count { $0 <= volatility }) / Double(volatilities.count)
    return (
      (close / before - 1) / (volatility * Double(Situation.window).squareRoot()),
      (close / average - 1) / (volatility * 10), rank
    )
  }
}
