internal import Backtesting
internal import Trading

/// What the money became, beside what it would have become by holding, and how far it stood below its last peak.
struct EquityChart: Sendable {
  let result: BacktestResult
  let times: TimeScale
  let scale: ValueScale

  /// Nil where there is no equity to draw.
  init?(_ result: BacktestResult, times: TimeScale) {
    let held = result.buyHoldEquity ?? []
    guard let scale = ValueScale(values: result.equity + held) else { return nil }
    self.result = result
    self.times = times
    self.scale = scale
  }

  var scaleName: String { scale.isLogarithmic ? "logarithmic scale" : "linear scale" }

  func svg(title: String) -> String {
    let frame = ChartFrame.equity
    var text = "<svg class=\"chart\" viewBox=\"\(frame.viewBox)\" role=\"img\">"
    text += "<title>\(Markup.escaped(title))</title>"
    text += ChartGrid.values(scale, in: frame, label: ChartGrid.amount(scale)) + ChartGrid.times(times, in: frame)
    if let held = result.buyHoldEquity { text += "<path class=\"line held\" d=\"\(line(held, in: frame))\"/>" }
    return text + "<path class=\"line equity\" d=\"\(line(result.equity, in: frame))\"/></svg>"
  }

  /// The drawdown as a strip; nil where the money never fell.
  func drawdownSVG(title: String) -> String? {
    var peak = -Double.infinity
    let drawdowns = result.equity.map { value -> Double in
      guard value.isFinite else { return 0 }
      peak = max(peak, value)
      return peak > 0 ? value / peak - 1 : 0
    }
    guard let worst = drawdowns.min(), worst < 0, let scale = ValueScale(values: [worst, 0]) else { return nil }
    let frame = ChartFrame.drawdown
    let points = zip(result.times, drawdowns).map { (x: times.x($0), y: scale.y($1, in: frame)) }
    var text = "<svg class=\"chart\" viewBox=\"\(frame.viewBox)\" role=\"img\"><title>\(Markup.escaped(title))</title>"
    text += ChartGrid.values(scale, in: frame, count: 2) {
      Figures.page.percent($0, digits: 0) ?? Figures.undefined
    }
    let area = ChartPath.area(points, base: frame.top)
    return text + "<path class=\"fall\" d=\"\(area)\"/></svg>"
  }

  private func line(_ values: [Double], in frame: ChartFrame) -> String {
    ChartPath.line(
      zip(result.times, values).lazy.map { time, value -> (x: Double, y: Double)? in
        value.isFinite ? (times.x(time), scale.y(value, in: frame)) : nil
      })
  }
}
