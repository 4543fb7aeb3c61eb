import PluginKit
import Testing
import Trading

@testable import DataSources

@Suite struct YahooTests {
  @Test
  func `days stand at midnight UTC of their date, across the change of clocks, without nulls and the forming bar`()
    async throws
  {
    let history = try await Recorded("yahoo-daily.json").history(Yahoo.self, "AAPL")
    #expect(history.dates == ["2024-03-07", "2024-03-08", "2024-03-11", "2024-03-12", "2024-03-14"])
    #expect(history.series.times.allSatisfy { $0.milliseconds % 86_400_000 == 0 })
    #expect(history.closes == [169.0, 170.73, 172.75, 173.23, 173.0])
    #expect(
      history.series[0]
        == Candle(
          time: try #require(Instant("2024-03-07")), open: 169.15, high: 170.73, low: 168.49, close: 169,
          volume: 71_765_100))
    #expect(history.series[4].volume == 0)
    #expect(history.adjustedClose == [168.7, 170.43, 172.69, 173.23, 173.0])
    #expect(history.currency == "USD")
  }

  @Test func `dividends, splits and gains stand at the date of their session`() async throws {
    let history = try await Recorded("yahoo-daily.json").history(Yahoo.self, "AAPL")
    #expect(
      history.actions == [
        CorporateAction(time: try #require(Instant("2024-03-11")), kind: .dividend(0.24)),
        CorporateAction(time: try #require(Instant("2024-03-12")), kind: .split(4)),
        CorporateAction(time: try #require(Instant("2024-03-14")), kind: .capitalGain(0.5)),
      ])
  }

  @Test func `a session that opens on the evening before in UTC has its own date`() async throws {
    let history = try await Recorded("yahoo-sydney.json").history(Yahoo.self, "BHP.AX")
    #expect(history.dates == ["2024-01-02", "2024-01-03", "2024-01-04"])
  }

  @Test func `in a zone that no calendar knows, today's offset serves`() async throws {
    let text = String(decoding: try Recorded.bytes("yahoo-sydney.json"), as: UTF8.self)
    let unknown = text.replacing("Australia/Sydney", with: "Australia/Nowhere")
    #expect(try await Recorded(text: unknown).history(Yahoo.self, "BHP.AX").dates.first == "2024-01-02")
  }

  @Test func `after the close the last day is whole`() async throws {
    let history = try await Recorded("yahoo-closed.json").history(Yahoo.self, "AAPL")
    #expect(history.dates == ["2024-03-14", "2024-03-15"])
    #expect(history.closes == [173.0, 172.62])
  }

  @Test func `hours keep their stamps, and the row of the last trade is left out`() async throws {
    let history = try await Recorded("yahoo-hourly.json").history(Yahoo.self, "AAPL", "1h")
    #expect(
      history.series.times.map(\.description) == [
        "2024-03-15T13:30:00Z", "2024-03-15T14:30:00Z", "2024-03-15T15:30:00Z",
      ])
    #expect(history.adjustedClose == nil)
  }

  @Test func `no timestamp means no bars`() async throws {
    #expect(try await Recorded("yahoo-empty.json").history(Yahoo.self, "AAPL").series.count == 0)
  }

  @Test func `the range asked for is what comes, though a day more is asked on both sides`() async throws {
    let recorded = try Recorded("yahoo-daily.json")
    let history = try await recorded.history(Yahoo.self, "^IXIC", from: "2024-03-08", to: "2024-03-12")
    #expect(history.dates == ["2024-03-08", "2024-03-11"])
    #expect(history.actions.count == 1)
    #expect(
      recorded.asked == [
        "https://query1.finance.yahoo.com/v8/finance/chart/%5EIXIC?period1=1709769600&period2=1710288000&interval=1d"
          + "&includePrePost=false&events=div%2Csplits%2CcapitalGains"
      ])
  }

  @Test func `a minute's reach is a week of the last month, a day's has no end`() throws {
    let source = try Yahoo(
      settings: [:], host: SourceHost(baseDirectory: "", web: Recorded([]), now: { Instant(seconds: 0) }))
    #expect(try source.reach(Timeframe(1, .minute)).span == 7 * 86_400_000)
    #expect(try source.reach(Timeframe(1, .minute)).depth == 29 * 86_400_000)
    #expect(try source.reach(Timeframe(60, .minute)) == source.reach(Timeframe(1, .hour)))
    #expect(try source.reach(.day).span == nil)
    let error = #expect(throws: DataSourceError.self) { try source.reach(Timeframe(7, .minute)) }
    #expect(
      error?.description == "yahoo: there are no candles of 7m; it has 1m, 2m, 5m, 15m, 30m, 90m, 1h, 1d")
  }

  @Test func `an unknown symbol is not found`() async throws {
    let error = try await Recorded("yahoo-unknown.json", status: 404).error(Yahoo.self, "NOPE")
    #expect(
      error?.description
        == "NOPE: yahoo: the server has no such symbol: No data found, symbol may be delisted")
  }

  @Test func `a range that is not kept is refused with the server's words`() async throws {
    let error = try await Recorded("yahoo-range.json", status: 422).error(Yahoo.self, "AAPL", "1m")
    #expect(error?.description.hasPrefix("yahoo: AAPL: the server answers 422 (cannot be answered): 1m data") == true)
    #expect(error?.isTransient == false)
  }

  @Test(arguments: [
    ("\"volume\":[71765100,", "\"volume\":[", "\"volume\" has 6 values and \"timestamp\" 7"),
    ("\"dataGranularity\":\"1d\"", "\"dataGranularity\":\"1mo\"", "has bars of 1mo, where 1d was asked for"),
    ("[169.15,", "[\"abc\",", "open of row 0 (2024-03-07T00:00:00Z) is \"abc\", where a number is wanted"),
    ("[1709821800,", "[\"soon\",", "timestamp 0 is \"soon\", where seconds are wanted"),
    ("[1709821800,", "[1e300,", "timestamp 0 is"), ("\"amount\":0.24,", "", "the event \"1710163800\" cannot be read"),
    ("\"denominator\":1", "\"denominator\":0", "the event \"1710250200\" cannot be read"),
    ("\"open\":", "\"first\":", "the answer has no \"open\", where a list of 7 is wanted"),
    ("\"chart\"", "\"graph\"", "the answer has no \"chart\""),
  ])
  func `an answer that does not hold together is said to be so`(_ found: String, _ put: String, _ words: String)
    async throws
  {
    let text = String(decoding: try Recorded.bytes("yahoo-daily.json"), as: UTF8.self)
    let error = await Recorded(text: text.replacing(found, with: put)).error(Yahoo.self, "AAPL")
    #expect(error?.description.hasPrefix("yahoo: AAPL: ") == true, "\(error?.description ?? "")")
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
  }
}
