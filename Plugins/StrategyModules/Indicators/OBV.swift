public import PluginKit
public import SeriesMath

/// On-balance volume: volume added on bars that close higher, taken away on bars that close lower.
///
///     obv = obv[1] + sign(close − close[1]) × volume, from the first bar's volume
///
/// Source: J. Granville, 1963; TA-Lib `OBV`.
public struct OBV: Indicator {
  public static let id = "obv"
  public static let summary = "On-balance volume: volume added on rising bars, taken away on falling ones."
  public static let inputs = ["close", "volume"]
  public static let measure = Measure.volume
  public static let examples = [
    Example([:], [10, 11, 11, 9], [100, 50, 70, 30], gives: [100, 150, 150, 120], note: "+50, unchanged, −30")
  ]

  @usableFromInline var total = 0.0

  public init() {}

  @inlinable public var warmUp: Int { 0 }
  @inlinable public var reach: Int { 1 }

  @inlinable
  public mutating func first(_ x: borrowing View) -> Double {
    total = x[1, 0]
    return total
  }

  @inlinable
  public mutating func next(_ x: borrowing View) -> Double {
    let volume = x[1, 0]
    total += x[0, 0] > x[0, 1] ? volume : x[0, 0] < x[0, 1] ? -volume : 0
    return total
  }

  /// In two passes: which way the volume goes is a branch that the processor cannot foresee, or a choice of eight at
  /// once.
  @inlinable
  public mutating func column(_ x: borrowing Stretch, _ out: inout MutableSpan<Double>, stride: Int) {
    let (now, before, volume) = (x.input(0), x.input(0, ago: 1), x.input(1))
    var totals = out.part(0..<x.count)
    for row in 0..<totals.count {
      let (close, last, size) = (now[row], before[row], volume[row])
      let signed = close < last ? -size : size
      totals[row] = close == last ? 0 : signed
    }
    for row in 0..<totals.count {
      total += totals[row]
      totals[row] = total
    }
  }
}
