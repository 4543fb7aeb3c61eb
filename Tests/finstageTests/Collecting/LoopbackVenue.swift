import Foundation
import Storage
import Synchronization
import TestSupport
import Trading

/// A server on loopback with a bar for every hour, except some, from which the program fetches as from any venue.
///
/// What a bar holds follows from its symbol and its time, so that whoever reads knows what must be there.
final class LoopbackVenue: Sendable {
  struct Request: Sendable {
    var symbol: String
    var range: Range<Instant>
  }

  private struct State {
    var requests: [Request] = []
    /// Instead of bars, by symbol, behind so many requests of it.
    var faults: [String: (answer: FaultAnswer, behind: Int)] = [:]
  }

  private final class Log: Sendable {
    let state = Mutex(State())
  }

  static let hour: Int64 = 3_600_000
  private let log: Log
  let server: FaultServer

  init() throws {
    let log = Log()
    self.log = log
    server = try FaultServer { request, _ in
      let query = request.query
      guard let symbol = query["s"], let from = query["from"].flatMap({ Int64($0) }),
        let to = query["to"].flatMap({ Int64($0) })
      else { return .status(400) }
      let range = Instant(milliseconds: from)..<Instant(milliseconds: max(from, to))
      let fault = log.state.withLock { state in
        let before = state.requests.count { $0.symbol == symbol }
        state.requests.append(Request(symbol: symbol, range: range))
        return state.faults[symbol].flatMap { before >= $0.behind ? $0.answer : nil }
      }
      return fault ?? .json(LoopbackVenue.answer(symbol, range))
    }
  }

  func stop() { server.stop() }

  /// All that came, in order.
  var requests: [Request] { log.state.withLock { $0.requests } }

  func forgetRequests() { log.state.withLock { $0.requests = [] } }

  /// What is answered for a symbol from now on, behind so many requests of it; nil for bars.
  func answer(_ symbol: String, with fault: FaultAnswer?, behind requests: Int = 0) {
    log.state.withLock { $0.faults[symbol] = fault.map { ($0, requests) } }
  }

  /// A configuration that collects hours of these symbols from here.
  func configuration(_ symbols: [String], bars: Int = 50, settings: String = "") -> String {
    """
    storage: { sqlite: data/f.db }
    sources:
      venue:
        type: http_json
        url: "\(server.url)/bars?s={symbol}&from={from}&to={to}"
        range: milliseconds
        timeframes: { 1h: h }
        time_format: milliseconds
        rows: bars
        time: t
        open: o
        high: h
        low: l
        close: c
        volume: v
        bars: \(bars)
        rate: 1000000/s
        concurrency: 4
        retries: 0
        allow_private: true
        \(settings)
    collect:
      - { source: venue, symbols: [\(symbols.joined(separator: ", "))], timeframe: 1h, exchange: "24/7" }

    """
  }

  static func key(_ symbol: String) -> CandleKey {
    CandleKey(source: "venue", symbol: symbol, timeframe: Timeframe(1, .hour))
  }

  /// A date so many days ago, as `--from` takes it.
  static func date(daysAgo days: Int64) -> String {
    Instant(seconds: Int64(Date().timeIntervalSince1970) - days * 86_400).dateText
  }

  /// The bars that open in a stretch.
  static func bars(_ symbol: String, _ range: Range<Instant>) -> [Candle] {
    let first = (range.lowerBound.milliseconds + hour - 1) / hour
    let end = (range.upperBound.milliseconds + hour - 1) / hour
    return (first..<max(first, end)).compactMap { bar(symbol, hour: $0) }
  }

  /// Nil where the venue has none.
  static func bar(_ symbol: String, hour: Int64) -> Candle? {
    guard hour % 137 > 1 else { return nil }
    let mixed = symbol.utf8.reduce(UInt64(bitPattern: hour)) { ($0 ^ UInt64($1)) &* 0x9E37_79B9_7F4A_7C15 }
    let price = 100 + Double(mixed >> 58) / 64
    return Candle(
      time: Instant(milliseconds: hour * LoopbackVenue.hour), open: price, high: price + 2, low: price - 1,
      close: price + 0.5, volume: Double(mixed >> 44 & 0xFFF))
  }

  private static func answer(_ symbol: String, _ range: Range<Instant>) -> String {
    let rows = bars(symbol, range).map { bar in
      """
      {"t": \(bar.time.milliseconds), "o": \(bar.open), "h": \(bar.high), "l": \(bar.low), "c": \(bar.close), \
      "v": \(bar.volume)}
      """
    }
    return "{\"bars\": [\(rows.joined(separator: ","))]}"
  }
}
