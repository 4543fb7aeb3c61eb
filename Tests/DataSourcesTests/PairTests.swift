import PluginKit
import Testing
import Trading

@testable import DataSources

/// Venues of pairs: Binance, Coinbase, Kraken.
@Suite struct PairTests {
  @Test func `Binance's numbers are texts and its last bar is open`() async throws {
    let recorded = try Recorded("binance-daily.json")
    let history = try await recorded.history(
      Binance.self, "BTCUSDT", from: "2024-03-10", to: "2024-03-13", now: "2024-03-12T15:00:00Z")
    #expect(history.dates == ["2024-03-10", "2024-03-11"])
    #expect(
      history.series[1]
        == Candle(
          time: try #require(Instant("2024-03-11")), open: 68313.28, high: 72800, low: 67024.96, close: 72078.1,
          volume: 65716.65672))
    #expect(
      recorded.asked == [
        "https://api.binance.com/api/v3/klines?symbol=BTCUSDT&interval=1d&startTime=1710028800000"
          + "&endTime=1710287999999&limit=1000"
      ])
  }

  @Test func `a month has a word of its own at Binance`() async throws {
    let recorded = Recorded(text: "[]")
    #expect(try await recorded.history(Binance.self, "BTCUSDT", "1mo").series.count == 0)
    #expect(recorded.asked.first?.contains("interval=1M&") == true)
  }

  @Test(arguments: [
    (400, #"{"code":-1121,"msg":"Invalid symbol."}"#, "BTC: binance: the server has no such symbol", false),
    (
      400, #"{"code":-1100,"msg":"Illegal characters"}"#, "binance: BTC: the server answers 400 (bad request): Ill",
      false
    ),
    (
      429, #"{"code":-1003,"msg":"Too many requests"}"#, "binance: BTC: the server answers 429 (too many requests)",
      true
    ),
    (
      418, #"{"code":-1003,"msg":"Way too many requests; IP banned"}"#, "binance: BTC: the server answers 418 (banned",
      true
    ),
    (
      451, #"{"code":0,"msg":"Service unavailable from a restricted location"}"#,
      "binance: BTC: the server answers 451 (not served in this country): Service", false
    ),
    (503, "<html>", "binance: BTC: the server answers 503 (the server's own fault)", true),
    (200, "{}", "binance: BTC: the answer is an empty object, where a list is wanted", false),
    (200, "[[1710028800000,\"1\"]]", "binance: BTC: row 0 is a list of 2, where a time, prices", false),
  ])
  func `Binance's faults are said`(_ status: Int, _ body: String, _ words: String, _ isTransient: Bool) async {
    let error = await Recorded(text: body, status: status, headers: ["retry-after": "120"]).error(Binance.self, "BTC")
    #expect(error?.description.hasPrefix(words) == true, "\(error?.description ?? "")")
    #expect(error?.isTransient == isTransient)
    if case .unavailable(_, let seconds) = error { #expect(seconds == 120) }
  }

  @Test func `Coinbase's rows are turned: low, high, open, close and the newest first`() async throws {
    let recorded = try Recorded("coinbase-daily.json")
    let history = try await recorded.history(Coinbase.self, "BTC-USD", from: "2024-03-10", to: "2024-03-13")
    #expect(history.dates == ["2024-03-10", "2024-03-11", "2024-03-12"])
    #expect(
      history.series[0]
        == Candle(
          time: try #require(Instant("2024-03-10")), open: 68979.72, high: 70063, low: 68094.76, close: 68347.35,
          volume: 7938.15))
    #expect(
      recorded.asked == [
        "https://api.exchange.coinbase.com/products/BTC-USD/candles?granularity=86400&start=2024-03-10T00%3A00%3A00Z"
          + "&end=2024-03-12T23%3A59%3A59Z"
      ])
  }

  @Test func `a range that is open on one side has 300 bars at Coinbase`() async throws {
    let recorded = Recorded(text: "[]")
    _ = try await recorded.history(Coinbase.self, "BTC-USD", "1h", from: "2024-03-01")
    #expect(recorded.asked.first?.hasSuffix("start=2024-03-01T00%3A00%3A00Z&end=2024-03-13T11%3A59%3A59Z") == true)
  }

  @Test(arguments: [
    (404, #"{"message":"NotFound"}"#, "X-Y: coinbase: the server has no such product: NotFound", false),
    (
      400, #"{"message":"granularity too small for the requested time range"}"#,
      "coinbase: X-Y: the server answers 400 (bad request): granularity", false
    ),
    (429, #"{"message":"Public rate limit exceeded"}"#, "coinbase: X-Y: the server answers 429", true),
    (200, "[[1710201600,1,2]]", "coinbase: X-Y: row 0 is a list of 3, where [time, low", false),
  ])
  func `Coinbase's faults are said`(_ status: Int, _ body: String, _ words: String, _ isTransient: Bool) async {
    let error = await Recorded(text: body, status: status).error(Coinbase.self, "X-Y")
    #expect(error?.description.hasPrefix(words) == true, "\(error?.description ?? "")")
    #expect(error?.isTransient == isTransient)
  }

  @Test func `Kraken's last row is left out, whatever the pair is called`() async throws {
    let recorded = try Recorded("kraken-daily.json")
    let history = try await recorded.history(Kraken.self, "XBTUSD", from: "2024-03-10")
    #expect(history.dates == ["2024-03-10", "2024-03-11"])
    #expect(
      history.series[1]
        == Candle(
          time: try #require(Instant("2024-03-11")), open: 68362.5, high: 72900, low: 67100.1, close: 72111.1,
          volume: 5090.10230001))
    #expect(
      recorded.asked == ["https://api.kraken.com/0/public/OHLC?pair=XBTUSD&interval=1440&since=1710028799"])
  }

  @Test(arguments: [
    (#"{"error":["EGeneral:Too many requests"]}"#, "kraken: XBT: the server says: EGeneral:Too many requests", true),
    (#"{"error":["EQuery:Unknown asset pair"]}"#, "XBT: kraken: the server has no such pair: EQuery", false),
    (#"{"error":["EGeneral:Invalid arguments"]}"#, "kraken: XBT: the server says: EGeneral:Invalid", false),
    (#"{"error":["EService:Unavailable"]}"#, "kraken: XBT: the server says: EService", true),
    (#"{"error":[],"result":{"last":1}}"#, "kraken: XBT: the answer has an object of last, where the rows", false),
    (#"{"error":[],"result":{"A":[],"B":[],"last":1}}"#, "kraken: XBT: the answer has an object of A, B, last", false),
  ])
  func `Kraken's errors come with status 200 and are said`(_ body: String, _ words: String, _ isTransient: Bool) async {
    let error = await Recorded(text: body).error(Kraken.self, "XBT")
    #expect(error?.description.hasPrefix(words) == true, "\(error?.description ?? "")")
    #expect(error?.isTransient == isTransient)
  }

  @Test func `two rows of one time that differ are an error, two that are the same are one`() async throws {
    let row = #"[1710028800,1,3,2,2.5,10]"#
    #expect(try await Recorded(text: "[\(row),\(row)]").history(Coinbase.self, "A-B").series.count == 1)
    let error = await Recorded(text: "[\(row),[1710028800,1,3,2,2.6,10]]").error(Coinbase.self, "A-B")
    #expect(
      error?.description == "coinbase: A-B: two rows of 2024-03-10T00:00:00Z differ; a time stands once")
  }
}
