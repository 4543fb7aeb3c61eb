import CAllocations
import Foundation
import Pipelines
import PluginKit
import StrategyModules
import Trading

/// RSI 14, SMA 20, MACD and Bollinger bands a bar at a time, as a live host takes them, beside TA-Lib's streams.
enum Live {
  private static let warmUp = 200

  static func compare(_ library: TALib, _ candles: CandleSeries) throws {
    var graph = Graph()
    _ = graph.add(.indicator("rsi", .close, with: ["period": 14]), bundled)
    _ = graph.add(.indicator("sma", .close, with: ["period": 20]), bundled)
    _ = graph.add(.call("macd", [.close], [:], output: 0), bundled)
    _ = graph.add(.call("bollinger", [.close], [:], output: 0), bundled)
    let finished = graph
    let market = Market(candles)
    let streams = try Streams(library)
    let closes = Array(candles.column(.close))
    var asked = 0
    var (ours, theirs) = (Double.infinity, Double.infinity)
    for _ in 0...BesideTALib.rounds {
      let run = GraphRun(finished, block: 1)
      while run.count < warmUp { try run.advance(market, rows: 1) }
      let before = allocations()
      var start = busy()
      while run.count < candles.count { try run.advance(market, rows: 1) }
      ours = min(ours, busy() - start)
      asked = Int(allocations() - before)
      try streams.open(closes, rows: Int32(warmUp))
      start = busy()
      streams.follow(closes, from: warmUp)
      theirs = min(theirs, busy() - start)
    }
    func perBar(_ seconds: Double) -> String {
      String(format: "%8.2f", seconds / Double(candles.count - warmUp) * 1e9)
    }
    print("live          ", perBar(ours), perBar(theirs), String(format: "%6.3f", ours / theirs))
    print("live, allocations in \(candles.count - warmUp) bars: \(asked)")
  }
}

/// TA-Lib's streams of the same four.
final class Streams {
  private typealias Handle = UnsafeMutableRawPointer
  private typealias Place = UnsafeMutablePointer<Double>
  private typealias Open =
    @convention(c) (
      UnsafeMutablePointer<Handle?>, UnsafePointer<Double>, Int32, Int32, Place
    ) -> Int32
  private typealias OpenMACD =
    @convention(c) (
      UnsafeMutablePointer<Handle?>, UnsafePointer<Double>, Int32, Int32, Int32, Int32, Place, Place, Place
    ) -> Int32
  private typealias OpenBands =
    @convention(c) (
      UnsafeMutablePointer<Handle?>, UnsafePointer<Double>, Int32, Int32, Double, Double, Int32, Place, Place, Place
    ) -> Int32
  private typealias One = @convention(c) (Handle?, Double, Place) -> Int32
  private typealias ThreeOutputs = @convention(c) (Handle?, Double, Place, Place, Place) -> Int32

  private let openRSI, openSMA: Open
  private let openMACD: OpenMACD
  private let openBands: OpenBands
  private let rsi, sma: One
  private let macd, bands: ThreeOutputs
  private var handles: (Handle?, Handle?, Handle?, Handle?) = (nil, nil, nil, nil)
  private let out = Place.allocate(capacity: 3)

  init(_ library: TALib) throws {
    openRSI = try library.function("TA_RSI_Open", Open.self)
    openSMA = try library.function("TA_SMA_Open", Open.self)
    openMACD = try library.function("TA_MACD_Open", OpenMACD.self)
    openBands = try library.function("TA_BBANDS_Open", OpenBands.self)
    rsi = try library.function("TA_RSI_Update", One.self)
    sma = try library.function("TA_SMA_Update", One.self)
    macd = try library.function("TA_MACD_Update", ThreeOutputs.self)
    bands = try library.function("TA_BBANDS_Update", ThreeOutputs.self)
  }

  func open(_ x: [Double], rows: Int32) throws {
    let codes = [
      openRSI(&handles.0, x, rows, 14, out), openSMA(&handles.1, x, rows, 20, out),
      openMACD(&handles.2, x, rows, 12, 26, 9, out, out + 1, out + 2),
      openBands(&handles.3, x, rows, 20, 2, 2, 0, out, out + 1, out + 2),
    ]
    precondition(codes.allSatisfy { $0 == 0 }, "TA-Lib's streams answered \(codes)")
  }

  func follow(_ x: [Double], from first: Int) {
    for row in first..<x.count {
      _ = rsi(handles.0, x[row], out)
      _ = sma(handles.1, x[row], out)
      _ = macd(handles.2, x[row], out, out + 1, out + 2)
      _ = bands(handles.3, x[row], out, out + 1, out + 2)
    }
  }
}
