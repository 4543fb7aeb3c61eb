import PluginKit

/// What a pattern sees: bars, `x[n]` being n bars ago.
struct Candles: ~Escapable {
  let view: View
  let totals: Span<Double>
  /// How far into the first body the last close must go, as a fraction of it; 0 in patterns that do not ask.
  let penetration: Double

  @_lifetime(copy view, copy totals)
  @inline(__always)
  init(_ view: View, _ totals: Span<Double>, penetration: Double) {
    self.view = view
    self.totals = totals
    self.penetration = penetration
  }

  subscript(_ ago: Int) -> Bar {
    @_lifetime(copy self)
    @inline(__always) get { Bar(view, totals, ago) }
  }
}

/// One bar in the words of the patterns.
struct Bar: ~Escapable {
  private let view: View
  private let totals: Span<Double>
  private let ago: Int

  @_lifetime(copy view, copy totals)
  @inline(__always)
  init(_ view: View, _ totals: Span<Double>, _ ago: Int) {
    self.view = view
    self.totals = totals
    self.ago = ago
  }

  var open: Double { @inline(__always) get { view[0, ago] } }
  var high: Double { @inline(__always) get { view[1, ago] } }
  var low: Double { @inline(__always) get { view[2, ago] } }
  var close: Double { @inline(__always) get { view[3, ago] } }

  /// A bar that closes where it opened is white.
  var isWhite: Bool { @inline(__always) get { close >= open } }
  var isBlack: Bool { @inline(__always) get { !isWhite } }
  /// 100 for white, −100 for black: what most patterns answer.
  var color: Int { @inline(__always) get { isWhite ? 100 : -100 } }

  var body: Double { @inline(__always) get { abs(close - open) } }
  var top: Double { @inline(__always) get { max(open, close) } }
  var bottom: Double { @inline(__always) get { min(open, close) } }
  var upperShadow: Double { @inline(__always) get { high - top } }
  var lowerShadow: Double { @inline(__always) get { bottom - low } }

  var isLong: Bool { @inline(__always) get { body > threshold(.bodyLong) } }
  /// At most average; `isSmall` is below average. Which of the two a pattern asks for is TA-Lib's choice.
  var isShort: Bool { @inline(__always) get { body <= threshold(.bodyShort) } }
  var isSmall: Bool { @inline(__always) get { body < threshold(.bodyShort) } }
  var isDoji: Bool { @inline(__always) get { body <= threshold(.bodyDoji) } }

  var hasShortUpperShadow: Bool { @inline(__always) get { upperShadow < threshold(.shadowShort) } }
  var hasShortLowerShadow: Bool { @inline(__always) get { lowerShadow < threshold(.shadowShort) } }
  var hasLongUpperShadow: Bool { @inline(__always) get { upperShadow > threshold(.shadowLong) } }
  var hasLongLowerShadow: Bool { @inline(__always) get { lowerShadow > threshold(.shadowLong) } }
  var hasVeryLongUpperShadow: Bool { @inline(__always) get { upperShadow > threshold(.shadowVeryLong) } }
  var hasVeryLongLowerShadow: Bool { @inline(__always) get { lowerShadow > threshold(.shadowVeryLong) } }
  /// No upper shadow, or next to none.
  var isFlatOnTop: Bool { @inline(__always) get { upperShadow < threshold(.shadowVeryShort) } }
  var isFlatBelow: Bool { @inline(__always) get { lowerShadow < threshold(.shadowVeryShort) } }
  /// A shadow worth the name; one exactly on the threshold is neither this nor flat.
  var showsUpperShadow: Bool { @inline(__always) get { upperShadow > threshold(.shadowVeryShort) } }
  var showsLowerShadow: Bool { @inline(__always) get { lowerShadow > threshold(.shadowVeryShort) } }

  /// The most that a doji's body may have, and what a short shadow stays below.
  var dojiBody: Double { @inline(__always) get { threshold(.bodyDoji) } }
  var shortShadow: Double { @inline(__always) get { threshold(.shadowShort) } }
  /// A distance that counts as near this bar; `far` from it; equal to a price of it.
  var near: Double { @inline(__always) get { threshold(.near) } }
  var far: Double { @inline(__always) get { threshold(.far) } }
  var equal: Double { @inline(__always) get { threshold(.equal) } }

  /// Whether two prices differ by no more than `within`, with the rounding of TA-Lib's two comparisons.
  @inline(__always)
  static func same(_ price: Double, _ other: Double, within distance: Double) -> Bool {
    price <= other + distance && price >= other - distance
  }

  /// The bodies do not touch.
  @inline(__always)
  func bodyGapsUp(from other: borrowing Bar) -> Bool { bottom > other.top }
  @inline(__always)
  func bodyGapsDown(from other: borrowing Bar) -> Bool { top < other.bottom }
  /// The shadows do not touch either.
  @inline(__always)
  func gapsUp(from other: borrowing Bar) -> Bool { low > other.high }
  @inline(__always)
  func gapsDown(from other: borrowing Bar) -> Bool { high < other.low }
  @inline(__always)
  func isSameColor(as other: borrowing Bar) -> Bool { isWhite == other.isWhite }
  /// Inside the body of `other`, touching neither end.
  @inline(__always)
  func bodyIsInside(_ other: borrowing Bar) -> Bool { top < other.top && bottom > other.bottom }

  @inline(__always)
  private func threshold(_ setting: CandleSetting) -> Double {
    if setting.period == 0 { return setting.factor * body }
    let total = totals[CandleTotal.slot(setting, ago)]
    assert(!total.isNaN, "the pattern does not list \(setting) of bar \(ago) among its averages")
    let average = setting.factor * (total / Double(setting.period))
    return setting.measure == .shadows ? average / 2 : average
  }
}
