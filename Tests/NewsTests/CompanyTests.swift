import Testing
import Trading

@testable import News

@Suite struct CompanyTests {
  private static func records(_ text: String) throws -> [Record] { try Record.read(Array(text.utf8), file: "f") }

  /// The shapes of nasdaqtrader.com's symbol directory.
  @Test func `lists of Nasdaq are read, their test issues and last line passed over`() throws {
    let listed = """
      Symbol|Security Name|Market Category|Test Issue|Financial Status|Round Lot Size|ETF|NextShares
      AAPL|Apple Inc. - Common Stock|Q|N|N|100|N|N
      QQQ|Invesco QQQ Trust, Series 1|G|N|N|100|Y|N
      ZVZZT|NASDAQ TEST STOCK|G|Y|N|100|N|N
      File Creation Time: 1120202521:31|||||||
      """
    let profiles = try CompanyTable.read(Self.records(listed), file: "f")
    #expect(profiles.map(\.instrument.symbol) == ["AAPL", "QQQ"])
    #expect(profiles.map(\.exchange) == ["XNAS", "XNAS"] && profiles.map(\.category) == ["stock", "etf"])
    #expect(profiles[0].names == ["en": "Apple Inc. - Common Stock"])
    let other = """
      ACT Symbol|Security Name|Exchange|CQS Symbol|ETF|Round Lot Size|Test Issue|NASDAQ Symbol
      BRK.B|Berkshire Hathaway Inc.|N|BRK.B|N|100|N|BRK.B
      SPY|SPDR S&P 500|P|SPY|Y|100|N|SPY
      """
    #expect(try CompanyTable.read(Self.records(other), file: "f").map(\.exchange) == ["XNYS", "ARCX"])
  }

  @Test func `the tickers of the SEC are read in both of their forms`() throws {
    let plain = "{\"0\":{\"cik_str\":320193,\"ticker\":\"AAPL\",\"title\":\"Apple Inc.\"}}"
    let exchanges = """
      {"fields":["cik","name","ticker","exchange"],"data":[[320193,"Apple Inc.","AAPL","Nasdaq"],[1,"X","XX",null]]}
      """
    #expect(try CompanyTable.read(Self.records(plain), file: "f").first?.names["en"] == "Apple Inc.")
    let profiles = try CompanyTable.read(Self.records(exchanges), file: "f")
    #expect(profiles.map(\.exchange) == ["XNAS", nil])
  }

  @Test func `an own table has names in two languages`() throws {
    let text = "symbol,name,name_ko,sector,category,exchange\n005930,Samsung Electronics,삼성전자,Technology,Stock,KOSPI\n"
    let profile = try #require(try CompanyTable.read(Self.records(text), file: "f").first)
    #expect(profile.names == ["en": "Samsung Electronics", "ko": "삼성전자"])
    #expect(profile.sector == "Technology" && profile.category == "stock" && profile.exchange == "XKRX")
    #expect(profile.instrument.symbol == "005930")
  }

  /// FMP's income statement, shortened. Its times are those of EDGAR, in New York: 06:01 in winter is 11:01 UTC. A date
  /// alone is known when the day has ended there: 04:00 UTC in summer, 05:00 in winter.
  @Test func `statements are known when their filing was accepted, or at the end of that day in New York`() throws {
    let text = """
      [{"date": "2024-09-28", "symbol": "AAPL", "reportedCurrency": "USD", "fillingDate": "2024-11-01",
        "acceptedDate": "2024-11-01 06:01:36", "period": "FY", "revenue": 391035000000, "netIncome": 93736000000,
        "eps": 6.11, "epsdiluted": null},
       {"date": "2024-06-29", "symbol": "AAPL", "fillingDate": "2024-08-02", "period": "Q3", "revenue": 85777000000},
       {"date": "2023-12-30", "symbol": "AAPL", "filed": "2024-02-02", "period": "Q1", "revenue": 119575000000}]
      """
    let statement = try #require(try FiledStatement.read(Self.records(text), file: "f").first)
    #expect(statement.symbol == "AAPL" && statement.figures.count == 5)
    let revenue = statement.figures.filter { $0.field == .revenue }
    // 2024-11-01 is still summer time: the clocks changed on the 3rd.
    #expect(
      revenue.map { "\($0.knownAt)" } == ["2024-11-01T10:01:36Z", "2024-08-03T04:00:00Z", "2024-02-03T05:00:00Z"])
    #expect(revenue.map(\.period) == [.year, .quarter, .quarter])
    #expect(revenue[0].value == 391_035_000_000)
    #expect(Instant(seconds: Int64(revenue[0].endDay) * 86_400).dateText == "2024-09-28")
    #expect(!statement.figures.contains { $0.field == .epsDiluted })
  }

  @Test func `what is wrong with statements is told with its line`() throws {
    let text = """
      symbol,end,period,filed,revenue
      A,2023-12-31,Q4,,1
      A,2023-12-31,Q5,2024-02-01,1
      A,soon,Q4,2024-02-01,1
      A,2023-12-31,Q4,2023-11-01,1
      A,2023-12-31,Q4,2024-02-01,much
      ,2023-12-31,Q4,2024-02-01,1
      """
    do throws(RecordFault) {
      _ = try FiledStatement.read(Record.read(Array(text.utf8), file: "s.csv"), file: "s.csv")
      Issue.record("no fault")
    } catch {
      #expect(
        error.messages == [
          "line 2: does not say when it was filed, so nobody knows from when on it was known; "
            + "write 2024-02-01 under filed, or a time under accepted",
          "line 3: period is Q1 to Q4, quarter, FY or year; found \"Q5\"",
          "line 4: has no end of its period; write 2023-12-31 under end",
          "line 5: was filed on 2023-11-01, before its period ended on 2023-12-31",
          "line 6: revenue is a number; found \"much\"",
          "line 7: has no symbol; columns: symbol, date, period, end, filed, accepted, statement",
        ])
    }
  }

  @Test func `one figure a line is read too, and a misspelt field finds its neighbours`() throws {
    let sound = "symbol,end,period,filed,field,value\nA,2023-12-31,FY,2024-02-01,total_assets,7\n"
    #expect(try FiledStatement.read(Self.records(sound), file: "f").first?.figures.first?.field == .totalAssets)
    let faulty = sound.replacing("total_assets", with: "total_asset")
    let fault = #expect(throws: RecordFault.self) {
      try FiledStatement.read(Self.records(faulty), file: "f")
    }
    #expect(fault?.messages.first?.contains("total_assets") == true)
  }
}
