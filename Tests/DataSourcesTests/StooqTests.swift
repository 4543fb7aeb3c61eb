import PluginKit
import Testing
import Trading

@testable import DataSources

@Suite struct StooqTests {
  @Test func `days come as they stand`() async throws {
    let recorded = try Recorded("stooq-daily.csv")
    let history = try await recorded.history(Stooq.self, "AAPL.US", from: "2024-03-08", to: "2024-03-12")
    #expect(history.dates == ["2024-03-08", "2024-03-11"])
    #expect(history.closes == [170.73, 172.75])
    // A month before the range, so that the answer is never empty for a live symbol.
    #expect(recorded.asked == ["https://stooq.com/q/d/l/?s=aapl.us&i=d&d1=20240206&d2=20240311"])
  }

  @Test func `currencies have no volume`() async throws {
    let history = try await Recorded("stooq-currency.csv").history(Stooq.self, "eurusd")
    #expect(history.closes == [1.09476, 1.09388])
    #expect(history.series[0].volume == 0)
  }

  @Test func `a symbol may be called otherwise there`() async throws {
    let recorded = try Recorded("stooq-daily.csv")
    _ = try await recorded.history(Stooq.self, "^IXIC", settings: ["symbols": .mapping(["^IXIC": "^ndq"])])
    #expect(recorded.asked == ["https://stooq.com/q/d/l/?s=%5Endq&i=d"])
  }

  @Test(arguments: [
    ("No data", "NOPE: stooq: the server says \"No data\"", false),
    ("Exceeded the daily hits limit", "stooq: NOPE: the server says that the requests of this day are used up", true),
    ("<!DOCTYPE html><html>", "stooq: NOPE: the answer is a page for people (HTML) where data is wanted", true),
    ("", "stooq: NOPE: the answer is empty", true), ("  \n", "stooq: NOPE: the answer is empty", true),
    ("Write to www@stooq.com", "stooq: NOPE: the answer is no CSV that begins with Date; found \"Write", false),
    ("Date,Open,High,Low,Close\n2024-03-07,1,2,1,x\n", "stooq: NOPE: the answer:2: close", false),
    ("Date,Open,High\n2024-03-07,1,2\n", "stooq: NOPE: the answer:1: the header lacks low", false),
  ])
  func `faults come with status 200 and are said`(_ body: String, _ words: String, _ isTransient: Bool) async {
    let error = await Recorded(text: body).error(Stooq.self, "NOPE")
    #expect(error?.description.hasPrefix(words) == true, "\(error?.description ?? "")")
    #expect(error?.isTransient == isTransient)
  }
}
