import SeriesMath
import Trading

/// How far the price went for and against signals before their horizons ended.
struct Excursions {
  private(set) var best = 0.0
  private(set) var worst = 0.0

  /// Sums over calls, in the order of their bars, of the furthest move in the call's direction (0 or more) and of the
  /// furthest against it (0 or less), by the highs and lows of the bars after the call's up to the horizon's end.
  init(of calls: [SettledCall], in candles: CandleSeries) {
    var highest = MovingExtreme()
    var deepest = MovingExtreme()  // of the lows below nothing
    var next = 0
    for call in calls {
      next = max(next, call.bar + 1)
      while next <= call.end {
        highest.add(candles.value(.high, at: next), at: next)
        deepest.add(-candles.value(.low, at: next), at: next)
        next += 1
      }
      highest.drop(before: call.bar + 1)
      deepest.drop(before: call.bar + 1)
      guard let high = highest.value, let low = deepest.value else { continue }
      let close = candles.value(.close, at: call.bar)
      let (up, down) = (high / close - 1, -low / close - 1)
      best += max(0, call.sign > 0 ? up : -down)
      worst += min(0, call.sign > 0 ? down : -up)
    }
  }
}
