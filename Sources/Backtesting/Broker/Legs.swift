import Pipelines
import Trading

/// The bars of one leg beside the deciding ones. A leg fills on a bar with the very label of the deciding bar, and is
/// marked at the last close that was known when the deciding bar closed.
struct LegSeries {
  let candles: CandleSeries
  /// For each deciding bar: the leg's bar of that label; −1 where it has none.
  private var same: [Int] = []
  /// For each deciding bar: the leg's last bar that was known at its close; −1 before the first.
  private var known: [Int] = []
  /// For each deciding bar: what was paid on a share of the leg since the bar before; empty where nothing is.
  private(set) var dividends: [Double] = []

  init(_ candles: CandleSeries, beside deciding: CandleSeries) {
    self.candles = candles
    same.reserveCapacity(deciding.count)
    known.reserveCapacity(deciding.count)
    var (next, last, latest) = (0, 0, -1)
    for bar in 0..<deciding.count {
      let (time, now) = (deciding.times[bar], deciding.knownAt(bar))
      while next < candles.count, candles.times[next] < time { next += 1 }
      let isSame = next < candles.count && candles.times[next] == time && !candles.isMissing(next)
      same.append(isSame ? next : -1)
      while last < candles.count, candles.knownAt(last) <= now {
        if !candles.isMissing(last) { latest = last }
        last += 1
      }
      known.append(latest)
    }
    guard !candles.dividends.isEmpty else { return }
    var bar = 0
    dividends = deciding.times.map { time in
      var paid = 0.0
      while bar < candles.count, candles.times[bar] <= time {
        paid += candles.dividends[bar]
        bar += 1
      }
      return paid
    }
  }

  /// The prices of the leg on a deciding bar; nil where it has no bar of that label.
  func prices(at bar: Int) -> BarPrices? { same[bar] < 0 ? nil : BarPrices(candles, same[bar]) }

  /// The last close known; NaN before the first.
  func mark(at bar: Int) -> Double { known[bar] < 0 ? .nan : candles.value(.close, at: known[bar]) }
}

/// A position of several legs, entered and left together.
struct LegPosition {
  struct Leg {
    var position: Position
    var series: Int
    var mark: Double
  }

  let id: Int
  let direction: Trade.Side
  let signal: Int
  var legs: [Leg]
  /// What the legs were worth when they were filled, whichever way they face.
  let gross: Double
  var bars = 0
  var targetsTaken = 0
  /// Profit before the fees still to come, as a share of `gross`.
  var profit = 0.0

  var worth: Double { legs.reduce(0) { $0 + $1.position.mark } }

  /// What `position.` names; a position of several symbols has no one price.
  func value(_ name: TradeExpression.PositionValue) -> Double {
    switch name {
    case .bars: Double(bars)
    case .units: 1
    case .return: profit
    case .side: direction.sign
    case .price, .lastFill, .high, .low: .nan
    }
  }
}
