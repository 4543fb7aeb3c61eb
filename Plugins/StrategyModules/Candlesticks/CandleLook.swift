import PluginKit
import SeriesMath

/// What a bar must show at least for a pattern to be possible; numbers are bars ago. A pattern lists some of these, so
/// that `match` is asked about few bars only. A look may let through too much, never too little.
enum CandleLook: Sendable {
  case white(Int), black(Int)
  case alike(Int, Int), opposite(Int, Int)
  case long(Int), notShort(Int), short(Int), doji(Int)
  case flatOnTop(Int), flatBelow(Int), flatOnOneSide(Int)
  case shortUpperShadow(Int), shortLowerShadow(Int)
  case longUpperShadow(Int), longLowerShadow(Int)
  /// The body of the first holds that of the second, ends included.
  case holds(Int, Int)
  /// The bodies do not touch.
  case apart(Int, Int)
  /// The first closes above the second, or below it.
  case closesAbove(Int, Int), closesBelow(Int, Int)
}

typealias EightMarks = SIMDMask<SIMD8<Int64>>

/// Eight bars in a row in the words of `Bar`.
struct EightBars {
  let open, high, low, close: Eight

  @inline(__always)
  init(_ x: borrowing Stretch, at row: Int, ago: Int) {
    open = x.input(0, ago: ago).eight(at: row)
    high = x.input(1, ago: ago).eight(at: row)
    low = x.input(2, ago: ago).eight(at: row)
    close = x.input(3, ago: ago).eight(at: row)
  }

  var isWhite: EightMarks { @inline(__always) get { close .>= open } }
  var body: Eight { @inline(__always) get { (close - open).sizes } }
  var top: Eight { @inline(__always) get { greater(open, close) } }
  var bottom: Eight { @inline(__always) get { lesser(open, close) } }
  var upperShadow: Eight { @inline(__always) get { high - top } }
  var lowerShadow: Eight { @inline(__always) get { bottom - low } }
}

extension CandleLook {
  /// Which of the eight bars from `row` on show it. `total` gives the totals of a setting for a bar so long ago.
  @inline(__always)
  func marks(_ x: borrowing Stretch, at row: Int, total: (CandleSetting, Int) -> Eight) -> EightMarks {
    switch self {
    case .white(let ago): return EightBars(x, at: row, ago: ago).isWhite
    case .black(let ago):
      let bars = EightBars(x, at: row, ago: ago)
      return bars.close .< bars.open
    case .alike(let ago, let other):
      return .!(EightBars(x, at: row, ago: ago).isWhite .^ EightBars(x, at: row, ago: other).isWhite)
    case .opposite(let ago, let other):
      return EightBars(x, at: row, ago: ago).isWhite .^ EightBars(x, at: row, ago: other).isWhite
    case .long(let ago):
      return Self.reaches(EightBars(x, at: row, ago: ago).body, .bodyLong, total(.bodyLong, ago))
    case .notShort(let ago):
      return Self.reaches(EightBars(x, at: row, ago: ago).body, .bodyShort, total(.bodyShort, ago))
    case .short(let ago):
      return Self.isWithin(EightBars(x, at: row, ago: ago).body, .bodyShort, total(.bodyShort, ago))
    case .doji(let ago):
      return Self.isWithin(EightBars(x, at: row, ago: ago).body, .bodyDoji, total(.bodyDoji, ago))
    case .flatOnTop(let ago):
      let shadow = EightBars(x, at: row, ago: ago).upperShadow
      return Self.isWithin(shadow, .shadowVeryShort, total(.shadowVeryShort, ago))
    case .flatBelow(let ago):
      let shadow = EightBars(x, at: row, ago: ago).lowerShadow
      return Self.isWithin(shadow, .shadowVeryShort, total(.shadowVeryShort, ago))
    case .flatOnOneSide(let ago):
      let bars = EightBars(x, at: row, ago: ago)
      let shadow = lesser(bars.upperShadow, bars.lowerShadow)
      return Self.isWithin(shadow, .shadowVeryShort, total(.shadowVeryShort, ago))
    case .shortUpperShadow(let ago):
      return Self.isWithin(EightBars(x, at: row, ago: ago).upperShadow, .shadowShort, total(.shadowShort, ago))
    case .shortLowerShadow(let ago):
      return Self.isWithin(EightBars(x, at: row, ago: ago).lowerShadow, .shadowShort, total(.shadowShort, ago))
    case .longUpperShadow(let ago):
      let bars = EightBars(x, at: row, ago: ago)
      return bars.upperShadow .> bars.body
    case .longLowerShadow(let ago):
      let bars = EightBars(x, at: row, ago: ago)
      return bars.lowerShadow .> bars.body
    case .holds(let ago, let other):
      let (outer, inner) = (EightBars(x, at: row, ago: ago), EightBars(x, at: row, ago: other))
      return (inner.top .<= outer.top) .& (inner.bottom .>= outer.bottom)
    case .apart(let ago, let other):
      let (bars, others) = (EightBars(x, at: row, ago: ago), EightBars(x, at: row, ago: other))
      return (bars.bottom .> others.top) .| (bars.top .< others.bottom)
    case .closesAbove(let ago, let other):
      return EightBars(x, at: row, ago: ago).close .> EightBars(x, at: row, ago: other).close
    case .closesBelow(let ago, let other):
      return EightBars(x, at: row, ago: ago).close .< EightBars(x, at: row, ago: other).close
    }
  }

  /// Whether a size comes up to the average, or within a rounding of it. A product is cheaper than the division of the
  /// rule; the allowance is far above what the two can differ by.
  @inline(__always)
  private static func reaches(_ size: Eight, _ setting: CandleSetting, _ total: Eight) -> EightMarks {
    let scaled = size * setting.scale
    let most: Eight = scaled + allowance(scaled)
    return .!(most .< total)
  }

  @inline(__always)
  private static func isWithin(_ size: Eight, _ setting: CandleSetting, _ total: Eight) -> EightMarks {
    let scaled = size * setting.scale
    let least: Eight = scaled - allowance(scaled)
    return .!(least .> total)
  }

  @inline(__always)
  private static func allowance(_ scaled: Eight) -> Eight {
    let share: Double = 1e-12
    let smallest: Double = 1e-300
    return scaled.sizes * share + smallest
  }
}

extension CandleSetting {
  /// A size times this is compared with the total, where the rule compares the size with the factor times the average.
  @inline(__always)
  fileprivate var scale: Double { (measure == .shadows ? 2 : 1) * Double(period) / factor }
}
