import MarketData
import PluginKit
import Testing
import Trading

@testable import DataSources

/// Venues that the config describes. What they make of a recorded answer is what the source made for it makes.
@Suite struct DeclaredVenueTests {
  @Test func `rows of texts, as Binance's`() async throws {
    let declared = try Recorded("binance-daily.json")
    let history = try await declared.history(
      HTTPJSON.self, "BTCUSDT", from: "2024-03-10", to: "2024-03-13",
      settings: [
        "url": "https://v.example/klines?s={symbol}&i={timeframe}&a={from}&b={to}", "range": "milliseconds",
        "timeframes": .mapping(["1d": "1d"]), "rows": ".", "time": "0", "open": "1", "high": "2", "low": "3",
        "close": "4", "volume": "5", "currency": "USDT",
      ])
    let own = try await Recorded("binance-daily.json").history(Binance.self, "BTCUSDT")
    #expect(history.series.times == own.series.times)
    #expect(history.series.block == own.series.block)
    #expect(history.currency == "USDT")
    #expect(declared.asked == ["https://v.example/klines?s=BTCUSDT&i=1d&a=1710028800000&b=1710288000000"])
  }

  @Test func `the only pair of an object, as Kraken's, and an error where one stands`() async throws {
    let settings: PluginSettings = [
      "url": "https://v.example/{symbol}", "timeframes": .mapping(["1d": "1440"]), "rows": "result.pair",
      "error": "error.0", "time": "0", "open": "1", "high": "2", "low": "3", "close": "4", "volume": "6",
    ]
    let text = String(decoding: try Recorded.bytes("kraken-daily.json"), as: UTF8.self)
    let pair = text.replacing("XXBTZUSD", with: "pair")
    let history = try await Recorded(text: pair).history(HTTPJSON.self, "XBTUSD", settings: settings)
    #expect(history.closes == [68362.4, 72111.1, 71500])
    var star = settings
    star.values["rows"] = "result.*"
    let only = #"{"error":[],"result":{"X":[[1710028800,"1","2","0.5","1.5","1","7",1]]}}"#
    #expect(try await Recorded(text: only).history(HTTPJSON.self, "X", settings: star).series[0].volume == 7)
    let error = await Recorded(text: #"{"error":["EGeneral:Too many requests"]}"#).error(
      HTTPJSON.self, "X", settings: settings)
    #expect(error == .unavailable("http_json: X: the server says: EGeneral:Too many requests"))
  }

  @Test func `rows by date with points in their names, as Alpha Vantage's`() async throws {
    let recorded = try Recorded("alpha-vantage-daily.json")
    let history = try await recorded.history(
      HTTPJSON.self, "IBM",
      settings: [
        "url": "https://v.example/query?symbol={symbol}&apikey={key}", "key": "SECRET123",
        "timeframes": .mapping(["1d": "d"]), "rows": "Time Series (Daily)", "time": "$name", "open": "\"1. open\"",
        "high": "\"2. high\"", "low": "\"3. low\"", "close": "\"4. close\"", "volume": "\"5. volume\"",
      ])
    let own = try await Recorded("alpha-vantage-daily.json").history(
      AlphaVantage.self, "IBM", settings: ["key": "SECRET123"])
    #expect(history.series.times == own.series.times)
    #expect(history.series.block == own.series.block)
    #expect(recorded.requests.first?.secrets == ["SECRET123"])
  }

  @Test func `columns, as Yahoo's, with dates by the zone's clocks`() async throws {
    let history = try await Recorded("yahoo-sydney.json").history(
      HTTPJSON.self, "BHP.AX",
      settings: [
        "url": "https://v.example/{symbol}", "timeframes": .mapping(["1d": "1d"]), "time": "chart.result.0.timestamp",
        "open": "chart.result.0.indicators.quote.0.open", "high": "chart.result.0.indicators.quote.0.high",
        "low": "chart.result.0.indicators.quote.0.low", "close": "chart.result.0.indicators.quote.0.close",
        "volume": "chart.result.0.indicators.quote.0.volume",
        "adjusted": "chart.result.0.indicators.adjclose.0.adjclose", "timezone": "Australia/Sydney",
      ])
    let own = try await Recorded("yahoo-sydney.json").history(Yahoo.self, "BHP.AX")
    #expect(history.series.times == own.series.times)
    #expect(history.series.block == own.series.block)
    #expect(history.adjustedClose == own.adjustedClose)
  }

  @Test func `semicolons, days first and a clock nine hours ahead`() async throws {
    let text =
      "Tag;Eröffnung;Hoch;Tief;Schluss\n02.01.2024 09:00;1;3;0.5;2\n03.01.2024 09:00;;;;\n04.01.2024 09:00;2;4;1;3\n"
    let recorded = Recorded(text: text)
    let settings: PluginSettings = [
      "url": "https://v.example/{symbol}.csv?von={from}&bis={to}", "range": "compact_date", "separator": "semicolon",
      "timeframes": .mapping(["1d": "d", "1h": "h"]), "time": "tag", "open": "eröffnung", "high": "hoch", "low": "tief",
      "close": "schluss", "time_format": "DD.MM.YYYY HH:mm", "timezone": "Asia/Seoul",
      "headers": .mapping(["Authorization": "Bearer {key}"]), "key": "SECRET123",
    ]
    let hours = try await recorded.history(
      HTTPCSV.self, "005930", "1h", from: "2024-01-01", to: "2024-02-01", settings: settings)
    #expect(hours.series.times.map(\.description) == ["2024-01-02T00:00:00Z", "2024-01-04T00:00:00Z"])
    #expect(recorded.asked == ["https://v.example/005930.csv?von=20240101&bis=20240131"])
    #expect(recorded.requests.first?.headers.map(\.value) == ["Bearer SECRET123"])
    let days = try await recorded.history(HTTPCSV.self, "005930", settings: settings)
    #expect(days.dates == ["2024-01-02", "2024-01-04"])
    #expect(days.closes == [2, 3])
  }

  @Test func `columns without names go by their places`() async throws {
    let history = try await Recorded(text: "1710028800,\"10\",9,8,9.5,100\r\n\r\n1710115200,11,12,10,11.5,200\r\n")
      .history(
        HTTPCSV.self, "X",
        settings: [
          "url": "https://v.example/", "timeframes": .mapping(["1d": "d"]), "header": "false", "time": "1", "open": "2",
          "high": "3", "low": "4", "close": "5", "volume": "6", "time_format": "seconds",
        ])
    #expect(history.series.column(.open) == [10, 11])
    #expect(history.series.column(.volume) == [100, 200])
  }

  private let plain: PluginSettings = [
    "url": "https://v.example/", "timeframes": .mapping(["1d": "d"]), "rows": "data", "time": "t", "open": "o",
    "high": "h", "low": "l", "close": "c",
  ]

  @Test(arguments: [
    (#"{"items":[]}"#, "there is nothing at \"data\", where the rows are wanted; found \"{"),
    (#"{"data":3}"#, "\"data\" is 3.0, where rows are wanted"),
    (#"{"data":[{"o":1}]}"#, "the time of row 0 is not there, where a time is wanted"),
    (#"{"data":[{"t":"soon"}]}"#, "the time of row 0 is \"soon\", where a time is wanted"),
    (#"{"data":[{"t":1e300}]}"#, "the time of row 0 is 1e+300, where a time is wanted"),
    (#"{"data":[{"t":1710028800,"open":1}]}"#, "none of 1 rows has an open, high, low and close where the config says"),
    (
      #"{"data":[{"t":1710028800,"o":true}]}"#, "open of row 0 (2024-03-10T00:00:00Z) is true, where a number is wanted"
    ),
    ("<html>", "the answer is a page for people (HTML) where data is wanted"), ("", "the answer is empty"),
  ])
  func `what does not fit the description is said`(_ body: String, _ words: String) async {
    let error = await Recorded(text: body).error(HTTPJSON.self, "X", settings: plain)
    #expect(error?.description.hasPrefix("http_json: X: \(words)") == true, "\(error?.description ?? "")")
  }

  @Test(arguments: [
    ("date,open\n2024-01-02,1\n", "there is no column \"high\"; the first line is date, open"),
    ("date,open,high,low,close\n2024-01-02,1,2\n", "line 2 has 3 fields, where line 1 has 5"),
    (String(repeating: "date,", count: 1_000) + "open\n", "line 1 has more than 1000 fields"),
    ("date" + String(repeating: "e", count: 16_400) + ",open\n", "line 1 has more than 16384 bytes"),
    ("date,open,high,low,close\nsoon,1,2,1,2\n", "the time of row 0 is \"soon\", where a time is wanted"),
    ("date,open,high,low,close\n2024-01-02,1,2,1,much\n", "close of row 0 (2024-01-02T00:00:00Z) is \"much\""),
    ("date,open,high,low,close\n\"2024-01-02,1,2,1,2\n", "line 2 has a quote that nothing closes"),
    ("<html>", "the answer is a page for people (HTML)"), (" ", "the answer is empty"),
  ])
  func `a table that does not fit is said`(_ body: String, _ words: String) async {
    let error = await Recorded(text: body).error(
      HTTPCSV.self, "X", settings: ["url": "https://v.example/", "timeframes": .mapping(["1d": "d"])])
    #expect(error?.description.hasPrefix("http_csv: X: \(words)") == true, "\(error?.description ?? "")")
  }

  @Test(arguments: [
    ("url", SettingValue.text("ftp://v.example"), "url: is an address that begins with https:// or http://"),
    ("url", "https://v.example/{ticker}", "url: has {ticker}, where {symbol}, {timeframe}, {from}, {to}, {key}"),
    ("url", "https://v.example/{symbol", "url: has a { that nothing closes"),
    ("url", "https://v.example/{key}", "key: is missing, and {key} stands in the url or in a header"),
    ("headers", .mapping(["X-Key": "{key}"]), "key: is missing"),
    ("headers", .mapping(["X": "a\r\nHost: b"]), "headers: has a line end"),
    ("timeframes", .mapping(["daily": "d"]), "timeframes: has \"daily\", which is no timeframe"),
    ("timeframes", .mapping([:]), "timeframes: is empty"), ("range", "days", "range: is one of seconds, milliseconds"),
    ("time_format", "%Y", "time_format: is iso, "),
    ("timezone", "Mars/Olympus", "timezone: is the zone of an exchange"),
    ("open", "a..b", "open: is a path such as"), ("close", "\"a", "close: is a path such as"),
    ("time", "$name", ""), ("bars", "0", "bars: is a number from 1 to 1000000; found 0"),
  ])
  func `a description that cannot be used is refused before anything is asked`(
    _ name: String, _ value: SettingValue, _ words: String
  ) {
    var settings = plain
    settings.values[name] = value
    let host = SourceHost(baseDirectory: "", web: Recorded([]), now: { Instant(seconds: 0) })
    var said = ""
    do { _ = try HTTPJSON(settings: settings, host: host) } catch { said = "\(error)" }
    #expect(said.hasPrefix(words) && said.isEmpty == words.isEmpty, "\(said)")
  }

  @Test func `the name of an entry is no time without rows`() {
    var settings = plain
    settings.values["time"] = "$name"
    settings.values["rows"] = nil
    let host = SourceHost(baseDirectory: "", web: Recorded([]), now: { Instant(seconds: 0) })
    #expect(
      throws: DataSourceError.badSetting(name: "time", "is $name, the name of a row's entry, and there is no \"rows\"")
    ) {
      try HTTPJSON(settings: settings, host: host)
    }
  }

  @Test func `the reach is what the config says, for timeframes that it names`() throws {
    var settings = plain
    settings.values["bars"] = "500"
    settings.values["span"] = "7d"
    settings.values["depth"] = "30d"
    settings.values["settle"] = "20m"
    let host = SourceHost(baseDirectory: "", web: Recorded([]), now: { Instant(seconds: 0) })
    let source = try HTTPJSON(settings: settings, host: host)
    #expect(
      try source.reach(.day)
        == SourceReach(bars: 500, span: 604_800_000, depth: 2_592_000_000, settle: 1_200_000))
    #expect(throws: DataSourceError.unusable("http_json: there are no candles of 1h; it has 1d")) {
      try source.reach(Timeframe(1, .hour))
    }
  }
}
