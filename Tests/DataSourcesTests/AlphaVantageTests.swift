import PluginKit
import Testing
import Trading

@testable import DataSources

@Suite struct AlphaVantageTests {
  private let settings: PluginSettings = ["key": "SECRET123"]

  @Test func `days come oldest first, and the key is a secret of the request`() async throws {
    let recorded = try Recorded("alpha-vantage-daily.json")
    let history = try await recorded.history(AlphaVantage.self, "IBM", from: "2024-03-08", settings: settings)
    #expect(history.dates == ["2024-03-08", "2024-03-11"])
    #expect(history.closes == [195.95, 191.73])
    #expect(history.adjustedClose == nil)
    #expect(
      recorded.asked == [
        "https://www.alphavantage.co/query?function=TIME_SERIES_DAILY&symbol=IBM&outputsize=compact&apikey=SECRET123"
      ])
    #expect(recorded.requests.first?.secrets == ["SECRET123"])
  }

  /// By hand: one share of 2024-06-07 became ten, so its prices are a tenth and its volume ten times as much.
  @Test func `what came before a split is divided by it`() async throws {
    let recorded = try Recorded("alpha-vantage-adjusted.json")
    let history = try await recorded.history(
      AlphaVantage.self, "NVDA", settings: ["key": "SECRET123", "adjusted": "true"])
    #expect(history.dates == ["2024-06-07", "2024-06-10", "2024-06-11"])
    #expect(history.closes == [120.888, 121.79, 120.91])
    #expect(history.series[0].open == 1197.70 / 10)
    #expect(history.series[0].volume == 3_000)
    #expect(history.adjustedClose == [120.84, 121.75, 120.88])
    #expect(
      history.actions == [
        CorporateAction(time: try #require(Instant("2024-06-07")), kind: .dividend(0.04)),
        CorporateAction(time: try #require(Instant("2024-06-10")), kind: .split(10)),
        CorporateAction(time: try #require(Instant("2024-06-11")), kind: .dividend(0.01)),
      ])
    #expect(recorded.asked.first?.contains("TIME_SERIES_DAILY_ADJUSTED&symbol=NVDA&outputsize=full") == true)
  }

  @Test(arguments: [
    (
      #"{"Information":"We have detected your API key as SECRET123 and our standard API rate limit is 25 requests per day."}"#,
      "alpha_vantage: IBM: the server says that too much was asked: We have detected your API key as [secret]", true
    ),
    (
      #"{"Note":"Our standard API call frequency is 5 calls per minute"}"#, "alpha_vantage: IBM: the server says that",
      true
    ),
    (
      #"{"Information":"This is a premium endpoint."}"#, "alpha_vantage: IBM: the server says: This is a premium", false
    ),
    (
      #"{"Error Message":"Invalid API call."}"#, "IBM: alpha_vantage: the server knows no such symbol or request", false
    ),
    ("{}", "alpha_vantage: IBM: the answer is an empty object, where \"Time Series (Daily)\" is wanted", false),
    (
      #"{"Time Series (Daily)":{"SECRET123":{}}}"#, "alpha_vantage: IBM: \"[secret]\" stands where a date is wanted",
      false
    ),
  ])
  func `limits and faults come with status 200 and are said, without the key`(
    _ body: String, _ words: String, _ isTransient: Bool
  ) async {
    let error = await Recorded(text: body).error(AlphaVantage.self, "IBM", settings: settings)
    #expect(error?.description.hasPrefix(words) == true, "\(error?.description ?? "")")
    #expect(error?.description.contains("SECRET123") == false)
    #expect(error?.isTransient == isTransient)
  }

  @Test func `a key that the machine does not have is an error when it is needed, and nothing is asked`() async {
    let recorded = Recorded(text: "{}")
    let error = await recorded.error(AlphaVantage.self, "IBM", settings: ["key": "${env:ALPHA_VANTAGE_KEY}"])
    #expect(error?.description == "key: is not set on this machine: ${env:ALPHA_VANTAGE_KEY}")
    #expect(recorded.asked.isEmpty)
  }
}
