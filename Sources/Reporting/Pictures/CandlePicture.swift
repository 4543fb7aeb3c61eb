internal import Foundation
public import Trading

/// The last candles of a symbol with volume, lines of indicators and signals, as a picture that is still readable when a
/// messenger shows it small.
///
/// A rise is hollow and a fall is filled, so that they are told apart without colours; a buy is a triangle below the
/// bar, a sell one above it, an exit a hollow one.
public struct CandlePicture: Sendable {
  /// A line over the bars: a value a bar of the series, NaN where there is none.
  public struct Line: Sendable {
    public let name: String
    public let values: [Double]

    public init(name: String, values: [Double]) {
      self.name = name
      self.values = values
    }
  }

  public var title, subtitle: String
  /// What stands under the chart about volume, in the reader's language.
  public var volumeName: String
  let candles: CandleSeries
  let range: Range<Int>
  let lines: [Line]
  let signals: [Signal]

  /// - Parameters:
  ///   - bars: The latest so many are drawn.
  ///   - lines: Their values stand for the bars of `candles`.
  /// - Returns: Nil where no bar that would be drawn has a price.
  public init?(
    _ candles: CandleSeries, bars: Int = 90, lines: [Line] = [], signals: [Signal] = [], title: String,
    subtitle: String = "", volumeName: String = "Volume"
  ) {
    let range = max(0, candles.count - max(1, bars))..<candles.count
    guard range.contains(where: { candles.value(.close, at: $0).isFinite }),
      lines.allSatisfy({ $0.values.count == candles.count })
    else { return nil }
    self.candles = candles
    self.range = range
    self.lines = lines
    self.title = title
    self.subtitle = subtitle
    self.volumeName = volumeName
    let first = candles.times[range.lowerBound]
    self.signals = signals.filter { $0.time >= first }
  }

  private static let size = (width: 960.0, height: 600.0)
  private static let (left, right, top, foot) = (16.0, 868.0, 92.0, 430.0)
  private static let volume = (top: 462.0, foot: 548.0)
  private static let text = 20.0

  var drawing: Drawing {
    var drawing = Drawing(width: Self.size.width, height: Self.size.height)
    drawing.shapes.append(
      .text(title, .init(x: Self.left, y: 34), size: 26, .start, .title, isBold: true))
    if !subtitle.isEmpty {
      drawing.shapes.append(.text(subtitle, .init(x: Self.left, y: 62), size: Self.text, .start, .label, isBold: false))
    }
    names(&drawing)
    guard let scale else { return drawing }
    axes(scale, &drawing)
    volumes(&drawing)
    for bar in range { candle(bar, scale, &drawing) }
    for (number, line) in lines.enumerated() { path(line, number, scale, &drawing) }
    for signal in signals { mark(signal, scale, &drawing) }
    return drawing
  }

  private var scale: ValueScale? {
    let prices = range.flatMap { bar in
      [candles.value(.low, at: bar), candles.value(.high, at: bar), candles.value(.close, at: bar)]
        + lines.map { $0.values[bar] }
    }
    guard let bare = ValueScale(values: prices, logarithmic: false) else { return nil }
    // Room for the markers above and below the bars.
    let margin = (bare.high - bare.low) * 0.07
    return ValueScale(values: [bare.low - margin, bare.high + margin], logarithmic: false)
  }

  private func y(_ value: Double, _ scale: ValueScale) -> Double {
    Self.foot - min(max(scale.share(value), 0), 1) * (Self.foot - Self.top)
  }

  private var step: Double { (Self.right - Self.left) / Double(range.count) }

  private func x(_ bar: Int) -> Double { Self.left + (Double(bar - range.lowerBound) + 0.5) * step }

  /// The indicators' names in the colours of their lines, at the right of the head.
  private func names(_ drawing: inout Drawing) {
    var end = Self.size.width - 16
    for (number, line) in lines.enumerated().reversed() {
      drawing.shapes.append(
        .text(line.name, .init(x: end, y: 62), size: Self.text, .end, .line(number), isBold: true))
      end -= Double(line.name.unicodeScalars.count) * 12 + 20
    }
  }

  private func axes(_ scale: ValueScale, _ drawing: inout Drawing) {
    let label = ChartGrid.amount(scale)
    for tick in scale.ticks(about: 4) {
      let y = y(tick, scale)
      drawing.shapes.append(.line([.init(x: Self.left, y: y), .init(x: Self.right, y: y)], .grid, width: 1))
      drawing.shapes.append(
        .text(label(tick), .init(x: Self.right + 8, y: y + 7), size: Self.text, .start, .label, isBold: false))
    }
    guard let times = TimeScale(times: Array(candles.times[range])) else { return }
    let span = ChartFrame.right - ChartFrame.left
    var last = -Double.infinity
    for tick in times.ticks {
      let x = Self.left + (tick.x - ChartFrame.left) / span * (Self.right - Self.left - step) + step / 2
      drawing.shapes.append(
        .line([.init(x: x, y: Self.foot), .init(x: x, y: Self.foot + 6)], .label, width: 1))
      // Labels that would touch each other are left out.
      guard x - last > 90, x > 50, x < Self.right - 20 else { continue }
      drawing.shapes.append(
        .text(tick.label, .init(x: x, y: Self.size.height - 16), size: Self.text, .middle, .label, isBold: false))
      last = x
    }
  }

  private func volumes(_ drawing: inout Drawing) {
    let values = range.map { candles.value(.volume, at: $0) }
    guard let greatest = values.filter(\.isFinite).max(), greatest > 0 else { return }
    drawing.shapes.append(
      .text(
        volumeName, .init(x: Self.right + 8, y: Self.volume.foot), size: Self.text, .start, .label, isBold: false))
    for (bar, value) in zip(range, values) where value.isFinite && value > 0 {
      let height = value / greatest * (Self.volume.foot - Self.volume.top)
      drawing.shapes.append(
        .rectangle(
          x: x(bar) - body / 2, y: Self.volume.foot - height, width: body, height: height, ink(of: bar),
          isFilled: !rises(bar)))
    }
  }

  private var body: Double { max(1, step * 0.62) }

  private func rises(_ bar: Int) -> Bool { candles.value(.close, at: bar) >= candles.value(.open, at: bar) }

  private func ink(of bar: Int) -> Drawing.Ink { rises(bar) ? .rise : .fall }

  private func candle(_ bar: Int, _ scale: ValueScale, _ drawing: inout Drawing) {
    let (open, close) = (candles.value(.open, at: bar), candles.value(.close, at: bar))
    let (high, low) = (candles.value(.high, at: bar), candles.value(.low, at: bar))
    guard [open, high, low, close].allSatisfy(\.isFinite) else { return }
    let (x, ink) = (x(bar), ink(of: bar))
    let (top, foot) = (y(max(open, close), scale), y(min(open, close), scale))
    drawing.shapes.append(.line([.init(x: x, y: y(high, scale)), .init(x: x, y: top)], ink, width: 1.5))
    drawing.shapes.append(.line([.init(x: x, y: foot), .init(x: x, y: y(low, scale))], ink, width: 1.5))
    drawing.shapes.append(
      .rectangle(
        x: x - body / 2, y: top, width: body, height: max(1, foot - top), ink, isFilled: !rises(bar)))
  }

  /// One stroke for each run of values.
  private func path(_ line: Line, _ number: Int, _ scale: ValueScale, _ drawing: inout Drawing) {
    for run in range.split(whereSeparator: { !line.values[$0].isFinite }) where run.count > 1 {
      drawing.shapes.append(
        .line(run.map { .init(x: x($0), y: y(line.values[$0], scale)) }, .line(number), width: 2.5))
    }
  }

  private func mark(_ signal: Signal, _ scale: ValueScale, _ drawing: inout Drawing) {
    guard let bar = candles.times[range].firstIndex(of: signal.time) else { return }
    let isBelow = signal.direction == .buy || signal.direction == .exitShort
    let edge = candles.value(isBelow ? .low : .high, at: bar)
    guard edge.isFinite else { return }
    let (x, tip) = (x(bar), y(edge, scale) + (isBelow ? 6 : -6))
    let base = tip + (isBelow ? 18 : -18)
    let ink: Drawing.Ink =
      switch signal.direction {
      case .buy: .buy
      case .sell: .sell
      case .exitLong, .exitShort: .exit
      }
    drawing.shapes.append(
      .polygon(
        [.init(x: x, y: tip), .init(x: x + 10, y: base), .init(x: x - 10, y: base)], ink,
        isFilled: signal.direction.sign != 0))
  }
}
