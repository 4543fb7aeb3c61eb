import Trading

/// One symbol on the clock of many: which of its bars are open, which are known, and what it was last worth.
struct MemberCursor {
  let candles: CandleSeries
  private let dividends: [Double]
  /// Bars that had begun by the last step.
  private var begun = 0
  private var known = 0
  /// The last bar with prices that is known.
  private(set) var lastKnown: Int?
  /// The last price that is known: a close, or a fill since.
  private(set) var mark = Double.nan
  /// The close of the last bar that has begun, for marking at the end of a step.
  private(set) var close = Double.nan
  /// What the bar that began last paid on a share.
  private(set) var paid = 0.0

  init(_ candles: CandleSeries) {
    self.candles = candles
    dividends = candles.dividends
  }

  /// Takes in every bar whose close is known by now.
  mutating func know(by now: Instant) {
    while known < candles.count, candles.knownAt(known) <= now {
      if !candles.isMissing(known) {
        lastKnown = known
        mark = candles.value(.close, at: known)
      }
      known += 1
    }
  }

  /// The bar that begins now; nil where there is none or it has no prices.
  mutating func begin(at now: Instant) -> Int? {
    while begun < candles.count, candles.times[begun] < now { begun += 1 }
    guard begun < candles.count, candles.times[begun] == now else { return nil }
    let bar = begun
    begun += 1
    guard !candles.isMissing(bar) else { return nil }
    close = candles.value(.close, at: bar)
    if !dividends.isEmpty { paid = dividends[bar] }
    return bar
  }

  mutating func fill(at price: Double) { mark = price }

  /// The latest known closes, oldest first, with dividends in them; nil where there are not so many.
  func closes(_ count: Int) -> [Double]? {
    guard var bar = lastKnown else { return nil }
    var closes: [Double] = []
    closes.reserveCapacity(count)
    let block = candles.adjustedBlock
    let start = CandleSeries.Column.close.rawValue * candles.count
    while closes.count < count {
      guard bar >= 0 else { return nil }
      if !candles.isMissing(bar) { closes.append(block[start + bar]) }
      bar -= 1
    }
    return closes.reversed()
  }

  /// Whether it has been silent for so long that it seems to be traded no more: two weeks, or five bars where those are
  /// longer.
  func isSilent(at now: Instant) -> Bool {
    guard let lastKnown else { return true }
    let patience = max(14 * Timeframe.day.milliseconds, 5 * candles.timeframe.milliseconds)
    return candles.knownAt(lastKnown).advanced(by: patience) < now
  }
}

/// The opening times of all the bars of several series, each once.
func commonClock(_ series: [CandleSeries]) -> [Instant] {
  var times = Set<Instant>()
  for candles in series { times.formUnion(candles.times) }
  return times.sorted()
}
