public import Trading

/// The bar that a person names by its time.
public enum BarLookup: Sendable {
  case found(Int)
  /// The text is no time.
  case noTime
  /// No bar has that time; the ones before and after it, where there are any.
  case absent(nearest: [Instant])
  /// A date on which several bars lie, and the first of them.
  case several(Int, first: Instant)

  /// A date alone means the one bar of that day, in UTC.
  public init(_ text: String, in candles: CandleSeries) {
    guard let time = Instant(text) else {
      self = .noTime
      return
    }
    let times = candles.times
    let next = BarLookup.first(in: times, notBefore: time)
    if BarLookup.isDate(text) {
      let end = BarLookup.first(in: times, notBefore: time.endOfDay.advanced(by: 1))
      if end - next == 1 {
        self = .found(next)
        return
      }
      if end > next {
        self = .several(end - next, first: times[next])
        return
      }
    } else if next < times.count, times[next] == time {
      self = .found(next)
      return
    }
    let near = [next - 1, next].filter { times.indices.contains($0) }
    self = .absent(nearest: near.map { times[$0] })
  }

  /// Whether a time is written as a date alone: `2008-01-31` or `20080131`.
  static func isDate(_ text: String) -> Bool { text.utf8.count == 10 && text.contains("-") || text.utf8.count == 8 }

  private static func first(in times: [Instant], notBefore time: Instant) -> Int {
    var (low, high) = (0, times.count)
    while low < high {
      let middle = (low + high) / 2
      if times[middle] < time { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

extension Instant {
  /// The last millisecond of the day, in UTC.
  var endOfDay: Instant { Instant(milliseconds: Int64(day + 1) * 86_400_000 - 1) }
}
