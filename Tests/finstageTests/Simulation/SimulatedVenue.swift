import Foundation
import Synchronization
import TestSupport
import Trading

/// A server on loopback that has the bars of some symbols as far as they are closed by a clock, and fails as it is told.
final class SimulatedVenue: Sendable {
  struct Asked: Sendable {
    let symbol: String
    let range: Range<Instant>
  }

  private struct State {
    var bars: [String: [Candle]] = [:]
    var asked: [String: Int] = [:]
  }

  let server: FaultServer
  private let box: Box

  private final class Box: Sendable {
    let state = Mutex(State())
  }

  /// - Parameters:
  ///   - length: Of a bar, in milliseconds.
  ///   - time: What the venue goes by; the host's clock, unless said.
  ///   - fault: What is answered instead of bars; asked with each request and how many of its symbol were before it.
  init(
    _ clock: SimulatedClock, bar length: Int64, time: (@Sendable () -> Instant)? = nil,
    fault: @escaping @Sendable (Asked, Int) -> FaultAnswer? = { _, _ in nil }
  ) throws {
    let box = Box()
    self.box = box
    server = try FaultServer(remembers: 0) { request, _ in
      let query = request.query
      guard let symbol = query["s"], let from = query["from"].flatMap({ Int64($0) }),
        let to = query["to"].flatMap({ Int64($0) })
      else { return .status(400) }
      let range = Instant(milliseconds: from)..<Instant(milliseconds: max(from, to))
      let before = box.state.withLock { state in
        defer { state.asked[symbol, default: 0] += 1 }
        return state.asked[symbol] ?? 0
      }
      if let fault = fault(Asked(symbol: symbol, range: range), before) { return fault }
      let now = time?() ?? clock.now()
      let bars = box.state.withLock { state in
        (state.bars[symbol] ?? []).filter { range.contains($0.time) && $0.time.advanced(by: length) <= now }
      }
      return .json("{\"bars\": [\(bars.map(SimulatedVenue.row).joined(separator: ","))]}")
    }
  }

  func stop() { server.stop() }

  /// Requests that have come.
  var asked: Int { box.state.withLock { $0.asked.values.reduce(0, +) } }

  /// What the venue has of a symbol from now on, in their order.
  func set(_ symbol: String, _ bars: [Candle]) { box.state.withLock { $0.bars[symbol] = bars } }

  func bars(_ symbol: String) -> [Candle] { box.state.withLock { $0.bars[symbol] ?? [] } }

  /// A source that asks here, and what is collected from it.
  func configuration(_ symbols: [String], _ timeframe: String, exchange: String? = nil, settings: String = "") -> String
  {
    """
    sources:
      venue:
        type: http_json
        url: "\(server.url)/bars?s={symbol}&from={from}&to={to}"
        range: milliseconds
        timeframes: { \(timeframe): t }
        time_format: milliseconds
        rows: bars
        time: t
        open: o
        high: h
        low: l
        close: c
        volume: v
        rate: 1000000/s
        allow_private: true
        \(settings)
    collect:
      - { source: venue, symbols: [\(symbols.map { "\"\($0)\"" }.joined(separator: ", "))], timeframe: \(timeframe)\
    \(exchange.map { ", exchange: \"\($0)\"" } ?? "") }
    """
  }

  private static func row(_ bar: Candle) -> String {
    """
    {"t": \(bar.time.milliseconds), "o": \(bar.open), "h": \(bar.high), "l": \(bar.low), "c": \(bar.close), \
    "v": \(bar.volume)}
    """
  }
}
