public import PluginKit
public import SeriesMath

/// Bollinger bands: a moving average and a band of `width` standard deviations on either side.
///
///     middle = sma(x, n); upper, lower = middle ± width × stddev(x, n)
///
/// Source: J. Bollinger, Bollinger on Bollinger Bands, 2001; TA-Lib `BBANDS`.
public struct Bollinger: Indicator {
  public static let id = "bollinger"
  public static let summary = "A moving average and a band of `width` standard deviations on either side."
  public static let inputs = ["x"]
  public static let outputs = ["upper", "middle", "lower"]
  public static let measure = Measure.likeInput
  public static let parameters: [Parameter<Bollinger>] = [
    .integer("period", \.period, 2...100_000, "bars in the window"),
    .number("width", \.width, 0...100, "standard deviations from the middle to a band"),
  ]
  public static let examples = [
    Example(
      ["period": 4, "width": 2], [2, 4, 4, 6, 4, 4, 6, 6],
      gives: [
        nil, nil, nil, 4 + 2 * 2.0.squareRoot(), 4.5 + 3.0.squareRoot(), 4.5 + 3.0.squareRoot(),
        5 + 2, 5 + 2,
      ],
      [nil, nil, nil, 4, 4.5, 4.5, 5, 5],
      [nil, nil, nil, 4 - 2 * 2.0.squareRoot(), 4.5 - 3.0.squareRoot(), 4.5 - 3.0.squareRoot(), 5 - 2, 5 - 2],
      note: "mean square distances 2, 3/4, 3/4, 1, 1")
  ]

  public var period = 20
  public var width = 2.0
  @usableFromInline var sum = 0.0
  @usableFromInline var middle = GroupedSum()
  @usableFromInline var window = WindowVariance(period: 1)

  public init() {}

  @inlinable public var warmUp: Int { period - 1 }
  @inlinable public var reach: Int { period }

  @inlinable
  public mutating func start() { window = WindowVariance(period: period) }

  @inlinable
  public mutating func warm(_ x: borrowing View) {
    sum += x[0]
    window.warm(x[0])
  }

  @inlinable
  public mutating func first(_ x: borrowing View) -> Three {
    middle = GroupedSum(sum + x[0])
    return row((sum + x[0]) / Double(period), window.next(x))
  }

  @inlinable
  @inline(__always)
  public mutating func next(_ x: borrowing View) -> Three {
    row(middle.add(x[0] - x[period]) / Double(period), window.next(x))
  }

  @inlinable
  func row(_ mean: Double, _ variance: Double) -> Three {
    let band = width * variance.squareRoot()
    return Three(mean + band, mean, mean - band)
  }

  @inlinable
  public mutating func column(_ x: borrowing Stretch, _ out: inout MutableSpan<Double>, stride: Int) {
    let count = x.count
    let (entering, leaving) = (x.input(), x.input(ago: period))
    var space = InlineArray<512, Double>(repeating: 0)
    var whole = space.mutableSpan
    var bands = whole.part(0..<count)
    window.column(x, into: &bands)
    bands.takeSquareRoots(times: width)
    var middle = middle
    let n = Double(period)
    var row = 0
    while row < count {
      if middle.beginsGroup, row + 8 <= count {
        let mean = middle.group(entering.eight(at: row) - leaving.eight(at: row)) / n
        let band = bands.span.eight(at: row)
        out.set(mean + band, at: row)
        out.set(mean, at: stride + row)
        out.set(mean - band, at: 2 * stride + row)
        row += 8
      } else {
        let mean = middle.add(entering[row] - leaving[row]) / n
        (out[row], out[stride + row], out[2 * stride + row]) = (mean + bands[row], mean, mean - bands[row])
        row += 1
      }
    }
    self.middle = middle
  }
}
