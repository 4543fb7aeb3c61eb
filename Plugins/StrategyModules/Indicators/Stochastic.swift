public import PluginKit
public import SeriesMath

/// Slow stochastic: where the close stands in the range of the last bars, 0 to 100, smoothed, and its average.
///
///     raw = 100 × (close − lowest low) / (highest high − lowest low); k = sma(raw, smooth); d = sma(k, signal)
///
/// A range of nothing has 0. As in TA-Lib both outputs start together. Source: G. Lane; TA-Lib `STOCH`.
public struct Stochastic: Indicator {
  public static let id = "stochastic"
  public static let summary = "Where the close stands in the range of the last bars, 0 to 100, and its average."
  public static let inputs = ["high", "low", "close"]
  public static let outputs = ["k", "d"]
  public static let measure = Measure.index(0...100)
  public static let parameters: [Parameter<Stochastic>] = [
    .integer("period", \.period, 1...100_000, "bars of the range"),
    .integer("smooth", \.smooth, 1...10_000, "bars that k is averaged over"),
    .integer("signal", \.signal, 1...10_000, "bars of d, the average of k"),
  ]
  public static let examples = [
    Example(
      ["period": 2, "smooth": 1, "signal": 2], [10, 12, 12, 14], [8, 8, 10, 10], [9, 11, 11, 11],
      gives: [nil, nil, 75, 25], [nil, nil, 75, 50],
      note: "raw: (11 − 8) / (12 − 8) = 75 %, (11 − 8) / (12 − 8) = 75 %, (11 − 10) / (14 − 10) = 25 %")
  ]

  public var period = 14
  public var smooth = 3
  public var signal = 3
  @usableFromInline var seen = 0
  @usableFromInline var highest = WindowExtreme(greatestOf: 1)
  @usableFromInline var lowest = WindowExtreme(leastOf: 1)
  @usableFromInline var raw = RecentMean(period: 1)
  @usableFromInline var k = RecentMean(period: 1)

  public init() {}

  @inlinable public var warmUp: Int { period + smooth + signal - 3 }
  @inlinable public var reach: Int { WindowExtreme.reach(period) }

  @inlinable
  public mutating func start() {
    highest = WindowExtreme(greatestOf: period)
    lowest = WindowExtreme(leastOf: period)
    raw = RecentMean(period: smooth)
    k = RecentMean(period: signal)
  }

  @inlinable
  public mutating func warm(_ x: borrowing View) {
    seen += 1
    guard seen >= period else {
      highest.warm(x[0, 0])
      return lowest.warm(x[1, 0])
    }
    let smoothed = raw.next(place(x))
    if seen >= period + smooth - 1 { _ = k.next(smoothed) }
  }

  @inlinable
  public mutating func first(_ x: borrowing View) -> Two { next(x) }

  @inlinable
  public mutating func next(_ x: borrowing View) -> Two {
    let smoothed = raw.next(place(x))
    return Two(smoothed, k.next(smoothed))
  }

  @inlinable
  public mutating func column(_ x: borrowing Stretch, _ out: inout MutableSpan<Double>, stride: Int) {
    let (count, closes) = (x.count, x.input(2))
    var (spaceHigh, spaceLow) = (InlineArray<512, Double>(repeating: 0), InlineArray<512, Double>(repeating: 0))
    var wholeHigh = spaceHigh.mutableSpan
    var wholeLow = spaceLow.mutableSpan
    var highs = wholeHigh.part(0..<count)
    var lows = wholeLow.part(0..<count)
    highest.column(x, 0, into: &highs)
    lowest.column(x, 1, into: &lows)
    var row = 0
    while row + 8 <= count {
      let (close, high, low) = (closes.eight(at: row), highs.span.eight(at: row), lows.span.eight(at: row))
      let value = 100 * ((close - low) / (high - low))
      highs.set(value.replacing(with: 0, where: (high - low).sizes .<= 1e-14 * (high.sizes + low.sizes)), at: row)
      row += 8
    }
    while row < count {
      highs[row] = place(closes[row], highs[row], lows[row])
      row += 1
    }
    raw.next(highs.span, into: &lows)
    var smoothed = out.part(0..<count)
    for row in 0..<count { smoothed[row] = lows[row] }
    var signals = out.part(stride..<stride + count)
    k.next(lows.span, into: &signals)
  }

  @inlinable
  mutating func place(_ x: borrowing View) -> Double { place(x[2, 0], highest.next(x, 0), lowest.next(x, 1)) }

  @inlinable
  @inline(__always)
  func place(_ close: Double, _ high: Double, _ low: Double) -> Double {
    let value = 100 * ((close - low) / (high - low))
    return isFlat(low, high) ? 0 : value
  }
}
