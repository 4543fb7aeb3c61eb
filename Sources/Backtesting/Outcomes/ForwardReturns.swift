import Trading

/// What the price did after each counted bar over one horizon: from its close to the horizon's close.
///
/// A horizon that ends after the last counted bar has no return: `to` hides what follows, as the end of a file does.
/// A horizon that ends on a missing bar is measured at the next close there is.
struct ForwardReturns: Sendable {
  let horizon: Horizon
  let counted: Range<Int>
  /// For each counted bar the bar at whose close the horizon ends; −1 where that is not known.
  private(set) var ends: [Int]
  /// For each counted bar the return; NaN where there is none.
  private(set) var returns: [Double]
  /// How often the price rose and fell, over all counted bars.
  private(set) var base = BaseRate()
  /// The same over the bars of each regime, in the order of its cases.
  private(set) var baseOfRegime = Array(repeating: BaseRate(), count: MarketRegime.allCases.count)
  /// Bars of the longest horizon.
  private(set) var span = 0

  /// Looks forward from each counted bar, in time proportional to their number.
  ///
  /// - Parameter regimes: of each bar; nil where nobody asks for outcomes by regime.
  init(over horizon: Horizon, of candles: CandleSeries, counted: Range<Int>, regimes: [MarketRegime]? = nil) {
    self.horizon = horizon
    self.counted = counted
    ends = Array(repeating: -1, count: counted.count)
    returns = Array(repeating: .nan, count: counted.count)
    if !horizon.isShorter(than: candles.timeframe) {
      switch horizon {
      case .bars(let count): ends = ForwardReturns.ends(after: count, counted)
      case .session: ends = ForwardReturns.endsOfNextSession(candles, counted)
      case .duration(let length): ends = ForwardReturns.ends(after: length, candles, counted)
      }
    }
    measure(candles)
    guard let regimes else { return }
    for index in ends.indices where !returns[index].isNaN {
      baseOfRegime[regimes[counted.lowerBound + index].rawValue].add(returns[index])
    }
  }

  /// Moves each end to the next close there is, and takes the return until then.
  private mutating func measure(_ candles: CandleSeries) {
    let block = candles.block
    let close = block.span.extracting(CandleSeries.Column.close.rawValue * candles.count..<block.count)
    let (first, last) = (counted.lowerBound, counted.upperBound)
    var span = 0
    var base = BaseRate()
    for index in ends.indices where ends[index] >= 0 {
      var end = ends[index]
      while end < last, close[end].isNaN { end += 1 }
      ends[index] = end < last ? end : -1
      let here = close[first + index]
      guard end < last, here > 0 else { continue }
      let value = close[end] / here - 1
      returns[index] = value
      span = max(span, end - first - index)
      base.add(value)
    }
    self.span = span
    self.base = base
  }

  private static func ends(after bars: Int, _ counted: Range<Int>) -> [Int] {
    counted.map { $0 + bars < counted.upperBound ? $0 + bars : -1 }
  }

  /// The last close of the next session that has one: of the calendar, without one of the next UTC date.
  private static func endsOfNextSession(_ candles: CandleSeries, _ counted: Range<Int>) -> [Int] {
    var ends = Array(repeating: -1, count: counted.count)
    var lastClose = -1  // of the session that follows the bar
    var closeOfThisDay = -1
    var day = Int.max
    for bar in counted.reversed() {
      let sessionDay = candles.sessionDay(bar)
      if sessionDay != day {
        day = sessionDay
        if closeOfThisDay >= 0 { lastClose = closeOfThisDay }
        closeOfThisDay = -1
      }
      if closeOfThisDay < 0, !candles.isMissing(bar) { closeOfThisDay = bar }
      ends[bar - counted.lowerBound] = lastClose
    }
    return ends
  }

  /// The first bar whose close is known when the length has passed since the bar's own close.
  private static func ends(after length: Timeframe, _ candles: CandleSeries, _ counted: Range<Int>) -> [Int] {
    var ends = Array(repeating: -1, count: counted.count)
    var end = counted.lowerBound
    for bar in counted {
      let due = length.knownAt(open: candles.knownAt(bar))
      while end < counted.upperBound, candles.knownAt(end) < due { end += 1 }
      guard end < counted.upperBound else { break }
      ends[bar - counted.lowerBound] = end
    }
    return ends
  }
}

/// How often acting on every bar would have succeeded.
struct BaseRate {
  private var known = 0
  private var rising = 0
  private var falling = 0

  /// Takes what the price did after a bar.
  mutating func add(_ value: Double) {
    known += 1
    if value > 0 { rising += 1 }
    if value < 0 { falling += 1 }
  }

  /// The success rate of so many buys and sells on any bars; nil without bars or calls.
  func rate(buys: Int, sells: Int) -> Double? {
    let rising = Double(rising) / Double(known)
    let falling = Double(falling) / Double(known)
    return finite((rising * Double(buys) + falling * Double(sells)) / Double(buys + sells))
  }
}
