import Foundation

#if canImport(FoundationXML)
import FoundationXML
#endif
import Testing
import Trading

@testable import Reporting

@Suite struct PictureTests {
  /// A hundred days that rise and fall by turns, the last one named by its close.
  private func candles(volume: Double = 1_000) -> CandleSeries {
    let start = Instant(year: 2026, month: 1, day: 5) ?? Instant(milliseconds: 0)
    let candles = (0..<100).map { bar in
      let middle = 100 + 10 * sin(Double(bar) / 8)
      let (open, close) = bar.isMultiple(of: 2) ? (middle - 1, middle + 1) : (middle + 1, middle - 1)
      return Candle(
        time: start.advanced(by: Int64(bar) * 86_400_000), open: open, high: middle + 2, low: middle - 2, close: close,
        volume: volume)
    }
    return CandleSeries(instrument: Instrument(symbol: "TEST"), timeframe: .day, candles: candles)
  }

  private func signal(_ bar: Int, _ direction: Direction) -> Signal {
    Signal(time: candles().times[bar], bar: bar, direction: direction, confidence: 70, price: 100, reason: "")
  }

  private func rectangles(_ drawing: Drawing) -> [(height: Double, ink: Drawing.Ink, isFilled: Bool)] {
    drawing.shapes.compactMap {
      if case .rectangle(_, _, _, let height, let ink, let isFilled) = $0 { (height, ink, isFilled) } else { nil }
    }
  }

  @Test func `a rise is hollow and a fall is filled`() throws {
    let picture = try #require(CandlePicture(candles(volume: 0), bars: 10, title: "x"))
    let bodies = rectangles(picture.drawing)
    #expect(bodies.map(\.isFilled) == [false, true, false, true, false, true, false, true, false, true])
    #expect(bodies.map(\.ink) == (0..<10).map { $0.isMultiple(of: 2) ? .rise : .fall })
  }

  @Test func `bars whose prices or volume are missing are left out`() throws {
    let holes = candles().times.enumerated().map { bar, time in
      let isHole = bar == 95
      let price = isHole ? Double.nan : 100
      return Candle(time: time, open: price, high: price, low: price, close: price, volume: isHole ? .nan : 5)
    }
    let series = CandleSeries(instrument: Instrument(symbol: "TEST"), timeframe: .day, candles: holes)
    let picture = try #require(CandlePicture(series, bars: 10, title: "x"))
    #expect(rectangles(picture.drawing).count == 18)
    let none = CandleSeries(instrument: Instrument(symbol: "TEST"), timeframe: .day, times: [], block: [])
    #expect(CandlePicture(none, title: "x") == nil)
  }

  @Test func `signals stand where their bars do, and exits are hollow`() throws {
    let signals = [signal(5, .buy), signal(60, .buy), signal(70, .exitLong), signal(80, .sell)]
    let picture = try #require(CandlePicture(candles(), bars: 50, signals: signals, title: "x"))
    let marks = picture.drawing.shapes.compactMap { shape -> ([Drawing.Point], Bool)? in
      if case .polygon(let points, _, let isFilled) = shape { (points, isFilled) } else { nil }
    }
    // That of bar 5 is before the fifty bars drawn.
    #expect(marks.map(\.1) == [true, false, true])
    // Bars 60, 70 and 80 of 50 to 99, over the width from 16 to 868.
    let step = (868.0 - 16) / 50
    for (mark, bar) in zip(marks, [10.5, 20.5, 30.5]) { #expect(abs(mark.0[0].x - (16 + bar * step)) < 1e-9) }
    // A buy points up from below, the others point down from above.
    #expect(marks[0].0[1].y > marks[0].0[0].y && marks[1].0[1].y < marks[1].0[0].y)
  }

  @Test func `a line is broken where its values are missing`() throws {
    var values = (0..<100).map { 100 + Double($0) / 100 }
    for bar in 0..<55 { values[bar] = .nan }
    values[70] = .nan
    let picture = try #require(
      CandlePicture(candles(), bars: 50, lines: [.init(name: "SMA", values: values)], title: "x"))
    let strokes = picture.drawing.shapes.compactMap { shape -> Int? in
      if case .line(let points, .line(0), _) = shape { points.count } else { nil }
    }
    #expect(strokes == [15, 29])
  }

  @Test func `markup in names cannot leave the picture`() throws {
    let picture = try #require(
      CandlePicture(candles(), title: "<script>alert(1)</script>", subtitle: "\"><img src=x>"))
    let svg = picture.svg()
    #expect(!svg.contains("<script") && !svg.contains("<img") && svg.contains("&lt;script&gt;"))
    _ = try XMLDocument(xmlString: svg)
  }

  #if Cairo
  @Test func `a picture for messengers is a PNG of its size, with Korean letters painted`() throws {
    func bytes(_ title: String) throws -> [UInt8] {
      try #require(CandlePicture(candles(), title: title)).png(locale: "ko")
    }
    let png = try bytes("나스닥 종합지수")
    #expect(png.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
    // Width and height stand in the first chunk, most significant byte first: 960 and 600.
    #expect(Array(png[16..<24]) == [0, 0, 3, 0xC0, 0, 0, 2, 0x58])
    #expect(png != (try bytes("")))
    if let folder = ProcessInfo.processInfo.environment["PICTURES"] {
      try Data(png).write(to: URL(filePath: "\(folder)/test.png"))
    }
  }
  #endif
}
