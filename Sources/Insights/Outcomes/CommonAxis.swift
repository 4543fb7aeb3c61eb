import Backtesting
import Trading

/// The bars of several series in one row, by their labels: so that calls on different symbols on one day are seen to be
/// of one day. Over a single series a place is the bar's number.
struct CommonAxis: Sendable {
  /// For each series the place of each of its bars.
  private let places: [[Int]]
  /// All labels, ascending.
  let times: [Instant]

  init(_ series: [OutcomeSeries]) {
    if let first = series.first, series.allSatisfy({ $0.candles.times == first.candles.times }) {
      times = first.candles.times
      let own = Array(times.indices)
      places = series.map { _ in own }
      return
    }
    var all = series.flatMap(\.candles.times)
    all.sort()
    var distinct: [Instant] = []
    for time in all where distinct.last != time { distinct.append(time) }
    times = distinct
    places = series.map { one in
      var next = 0
      return one.candles.times.map { time in
        while distinct[next] < time { next += 1 }
        return next
      }
    }
  }

  /// The place of a bar of a series.
  func place(_ bar: Int, of series: Int) -> Int { places[series][bar] }

  /// A call of a series, its bars numbered by their places.
  func moved(_ call: SettledCall, of series: Int) -> SettledCall {
    SettledCall(
      bar: places[series][call.bar], sign: call.sign, end: places[series][call.end], value: call.value)
  }

  /// Places of the longest horizon.
  func span(of series: [OutcomeSeries], after place: Int) -> Int {
    if series.count == 1 { return series[0].span(after: place) }
    var span = 0
    for (number, one) in series.enumerated() {
      for bar in 0..<one.candles.count {
        guard let call = one.settled(.buy, at: bar, after: place) else { continue }
        span = max(span, places[number][call.end] - places[number][bar])
      }
    }
    return span
  }
}
