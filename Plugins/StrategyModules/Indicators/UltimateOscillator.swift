public import PluginKit
public import SeriesMath

/// Ultimate oscillator: buying pressure as a share of the true range over three spans, the shortest counting most.
///
///     pressure = close − min(low, close[1]); part(n) = sum(pressure, n) / sum(true range, n)
///     ultimate_oscillator = 100 × (4 × part(short) + 2 × part(middle) + part(long)) / 7
///
/// Source: L. Williams, Stocks & Commodities 3:4, 1985; TA-Lib `ULTOSC`.
public struct UltimateOscillator: Indicator {
  public static let id = "ultimate_oscillator"
  public static let summary = "Buying pressure as a share of the true range over three spans, 0 to 100."
  public static let inputs = ["high", "low", "close"]
  public static let measure = Measure.index(0...100)
  public static let parameters: [Parameter<UltimateOscillator>] = [
    .integer("short", \.short, 1...100_000, "bars of the span that counts four times"),
    .integer("middle", \.middle, 1...100_000, "bars of the span that counts twice"),
    .integer("long", \.long, 1...100_000, "bars of the span that counts once"),
  ]
  public static let examples = [
    Example(
      ["short": 1, "middle": 2, "long": 2], [10, 12, 12], [8, 8, 8], [9, 11, 9],
      gives: [nil, nil, 100 * (4 * 0.25 + 3 * 0.5) / 7], note: "pressures 3 of 4 and 1 of 4: parts 1/4, 4/8, 4/8")
  ]

  public var short = 7
  public var middle = 14
  public var long = 28
  @usableFromInline var seen = 0
  /// Bars in a row without a range.
  @usableFromInline var still = 0
  @usableFromInline var one = Part()
  @usableFromInline var two = Part()
  @usableFromInline var three = Part()
  /// Pressure and range of the bars of the longest span: rings.
  @usableFromInline var pressures: [Double] = []
  @usableFromInline var ranges: [Double] = []
  @usableFromInline var place = 0

  public init() {}

  @inlinable public var warmUp: Int { max(short, middle, long) }
  @inlinable public var reach: Int { 1 }

  @inlinable
  public mutating func start() {
    let least = min(short, middle, long)
    let most = max(short, middle, long)
    (short, middle, long) = (least, short + middle + long - least - most, most)
    pressures = [Double](repeating: 0, count: long)
    ranges = pressures
  }

  @inlinable
  public mutating func warm(_ x: borrowing View) {
    if seen > 0 { _ = next(x) }
    seen = 1
  }

  @inlinable
  public mutating func first(_ x: borrowing View) -> Double { next(x) }

  @inlinable
  public mutating func next(_ x: borrowing View) -> Double {
    let pressure = x[2, 0] - min(x[1, 0], x[2, 1])
    let range = trueRange(high: x[0, 0], low: x[1, 0], lastClose: x[2, 1])
    let (first, second) = (leaving(short), leaving(middle))
    one.pass(pressures[first], ranges[first], for: pressure, range)
    two.pass(pressures[second], ranges[second], for: pressure, range)
    three.pass(pressures[place], ranges[place], for: pressure, range)
    pressures[place] = pressure
    ranges[place] = range
    place = place + 1 == long ? 0 : place + 1
    still = range == 0 ? still + 1 : 0
    if still >= short { rest() }
    return 100 * ((4 * one.share + 2 * two.share + three.share) / 7)
  }

  /// The place of the bar that leaves a span of so many bars.
  @inlinable
  func leaving(_ span: Int) -> Int { place >= span ? place - span : place - span + long }

  /// Spans of bars that all stand still have nothing in them, whatever rounding has left in their sums.
  @inlinable
  mutating func rest() {
    one = Part()
    if still >= middle { two = Part() }
    if still >= long { three = Part() }
  }

  @usableFromInline
  struct Part: Sendable {
    @usableFromInline var pressure = 0.0
    @usableFromInline var range = 0.0

    @inlinable init() {}

    @inlinable var share: Double { range > 0 ? pressure / range : 0 }

    @inlinable
    mutating func pass(_ lastPressure: Double, _ lastRange: Double, for pressure: Double, _ range: Double) {
      self.pressure = self.pressure - lastPressure + pressure
      self.range = self.range - lastRange + range
    }
  }
}
