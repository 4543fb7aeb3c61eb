/// What "long", "short", "near" … mean: a measure of the bars before, averaged, times a factor. The values are TA-Lib's
/// (`TA_SetCandleSettings`), after G. Morris, Candlestick Charting Explained.
enum CandleSetting: Int {
  case bodyLong, bodyShort, bodyDoji, shadowShort, shadowVeryShort, near, far, equal
  /// Compared with the bar's own body, not with an average.
  case shadowLong, shadowVeryLong

  enum Measure { case body, range, shadows }

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
  let measure: CandleSetting.Measure
  let period: Int
  /// The bar that is judged; the total is of the `period` bars before it.
  let ago: Int
  let slot: Int

  init(_ setting: CandleSetting, _ ago: Int) {
    measure = setting.measure
    period = setting.period
    self.ago = ago
    slot = Self.slot(setting, ago)
  }

  /// The furthest bar that it reads.
  var reach: Int { ago + period }

  static let slots = 40

  @inline(__always)
  static func slot(_ setting: CandleSetting, _ ago: Int) -> Int { setting.rawValue * 5 + ago }
}
