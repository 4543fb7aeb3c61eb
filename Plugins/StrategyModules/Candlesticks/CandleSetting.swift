import PluginKit

/// What "long", "short", "near" … mean: a measure of the bars before, averaged, times a factor. The values are TA-Lib's
/// (`TA_SetCandleSettings`), after G. Morris, Candlestick Charting Explained.
enum CandleSetting: Int {
  case bodyLong, bodyShort, bodyDoji, shadowShort, shadowVeryShort, near, far, equal
  /// Compared with the bar's own body, not with an average.
  case shadowLong, shadowVeryLong

  enum Measure: Int { case body, range, shadows }

  @inline(__always)
  var measure: Measure {
    switch self {
    case .bodyLong, .bodyShort, .shadowLong, .shadowVeryLong: .body
    case .bodyDoji, .shadowVeryShort, .near, .far, .equal: .range
    case .shadowShort: .shadows
    }
  }

  /// Bars averaged, all before the bar in question; 0 takes the bar itself.
  @inline(__always)
  var period: Int {
    switch self {
    case .shadowLong, .shadowVeryLong: 0
    case .near, .far, .equal: 5
    default: 10
    }
  }

  @inline(__always)
  var factor: Double {
    switch self {
    case .bodyDoji, .shadowVeryShort: 0.1
    case .near: 0.2
    case .far: 0.6
    case .equal: 0.05
    case .shadowVeryLong: 2
    default: 1
    }
  }
}

/// Which averages a pattern needs: settings, and for each the bars (counted back from the last) that it judges.
typealias CandleAverages = KeyValuePairs<CandleSetting, [Int]>

/// The rolling total behind one average of a pattern. The order of its additions is TA-Lib's, so that comparisons with
/// a price exactly on the threshold have the same answer.
struct CandleTotal: Sendable {
  /// The bar that is judged; the total is of the `period` bars before it.
  let ago: Int
  let period: Int
  let measure: CandleSetting.Measure
  let slot: Int

  init(_ setting: CandleSetting, _ ago: Int) {
    self.ago = ago
    period = setting.period
    measure = setting.measure
    slot = Self.slot(setting, ago)
  }

  /// Settings that differ only in their factors have one total.
  @inline(__always)
  static func slot(_ setting: CandleSetting, _ ago: Int) -> Int {
    switch setting.measure {
    case .body: ago
    case .range: (setting.period == 5 ? 10 : 5) + ago
    case .shadows: 15 + ago
    }
  }
}

/// The totals of a pattern by their slots; NaN where it has none.
typealias CandleTotals = InlineArray<20, Double>

/// The measures of the last sixteen bars, for totals that reach back fourteen at most.
struct CandleMeasures: Sendable {
  private var values = InlineArray<64, Double>(repeating: 0)
  private var place = 0

  subscript(_ measure: CandleSetting.Measure, _ ago: Int) -> Double {
    @inline(__always) get { values[(measure.rawValue &* 16 &+ ((place &- ago) & 15)) & 63] }
  }

  mutating func replace(_ measure: CandleSetting.Measure, _ ago: Int, by value: Double) {
    values[(measure.rawValue &* 16 &+ ((place &- ago) & 15)) & 63] = value
  }

  @inline(__always)
  mutating func add(_ x: borrowing View) {
    let bar = Bar(copy x, Span(), 0)
    place = (place &+ 1) & 15
    values[place] = bar.body
    values[16 &+ place] = bar.high - bar.low
    values[32 &+ place] = bar.upperShadow + bar.lowerShadow
  }
}
