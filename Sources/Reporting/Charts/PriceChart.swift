internal import Backtesting
internal import Trading

/// The closing prices of one symbol, drawn once a page; each strategy's chart reuses the drawing and adds its signals.
struct PriceChart: Sendable {
  /// More markers than this hide the price, and each other, and make the page heavy.
  static let markerLimit = 400
  /// From here on they are drawn smaller.
  private static let dense = 80

  let id: String
  let times: TimeScale
  let scale: ValueScale
  private let candles: CandleSeries
  private let range: Range<Int>

  /// The candles from the first to the last time; nil where there is no price among them.
  init?(id: String, candles: CandleSeries, from first: Instant, through last: Instant) {
    let start = candles.times.firstIndex { $0 >= first } ?? candles.count
    let end = candles.times.lastIndex { $0 <= last }.map { $0 + 1 } ?? 0
    guard start < end, let times = TimeScale(times: Array(candles.times[start..<end])),
      let scale = ValueScale(values: (start..<end).lazy.map { candles.value(.close, at: $0) })
    else { return nil }
    self.id = id
    self.times = times
    self.scale = scale
    self.candles = candles
    range = start..<end
  }

  var scaleName: String { scale.isLogarithmic ? "logarithmic scale" : "linear scale" }

  /// Goes into the page's `<defs>`.
  var definition: String {
    let frame = ChartFrame.price
    let points = range.lazy.map { bar -> (x: Double, y: Double)? in
      let close = candles.value(.close, at: bar)
      return close.isFinite ? (times.x(bar: bar - range.lowerBound), scale.y(close, in: frame)) : nil
    }
    return "<g id=\"\(id)\">" + ChartGrid.values(scale, in: frame, label: ChartGrid.amount(scale))
      + ChartGrid.times(times, in: frame) + "<path class=\"line price\" d=\"\(ChartPath.line(points))\"/></g>"
  }

  /// The chart with one marker for each signal, the latest `markerLimit` of them.
  func svg(title: String, signals: [Signal], timeframe: Timeframe) -> String {
    let frame = ChartFrame.price
    let size = signals.count >= PriceChart.dense ? "chart dense" : "chart"
    var text = "<svg class=\"\(size)\" viewBox=\"\(frame.viewBox)\" role=\"img\">"
    text += "<title>\(Markup.escaped(title))</title><use href=\"#\(id)\"/>"
    for signal in signals.suffix(PriceChart.markerLimit) {
      // Triangles point at the price from outside: calls up from below it, calls down from above.
      let below = signal.direction == .buy || signal.direction == .exitShort
      let price = signal.price.isFinite ? signal.price : scale.low
      let y = min(max(scale.y(price, in: frame), frame.top), frame.bottom) + (below ? 4 : -4)
      let time = LatestSignals.Entry.text(of: signal.time, at: timeframe)
      let amount = Figures.page.price(signal.price) ?? Figures.undefined
      text += "<use href=\"#mark-\(signal.direction.rawValue)\" x=\"\(ChartNumber.text(times.x(signal.time)))\""
      text += " y=\"\(ChartNumber.text(y))\"><title>\(time) \(signal.direction.words) \(amount)</title></use>"
    }
    return text + "</svg>"
  }

  /// How many signals are too many to draw.
  static func notDrawn(_ signals: [Signal]) -> Int { max(0, signals.count - markerLimit) }

  /// The four markers: filled for a call, hollow for an exit; up below the price, down above it.
  static let markers: String = {
    let up = "M0 0l4.5 8.5h-9z"
    let down = "M0 0l4.5-8.5h-9z"
    return [
      ("buy", "up", up), ("sell", "down", down), ("exit_short", "up hollow", up), ("exit_long", "down hollow", down),
    ].map { "<path id=\"mark-\($0.0)\" class=\"mark \($0.1)\" d=\"\($0.2)\"/>" }.joined()
  }()
}
