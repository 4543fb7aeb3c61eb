import Foundation
import TestSupport
import Testing

/// Companies from a server that answers like Financial Modeling Prep.
@Suite struct CompanyServerTests {
  private static let profile = """
    [{"symbol": "AAPL", "companyName": "Apple Inc.", "sector": "Technology", "industry": "Consumer Electronics",
      "exchange": "NASDAQ", "currency": "USD", "isEtf": false}]
    """
  private static let income = """
    [{"date": "2024-09-28", "symbol": "AAPL", "filingDate": "2024-11-01", "acceptedDate": "2024-11-01 06:01:36",
      "period": "Q4", "revenue": 94930000000, "epsDiluted": 0.97}]
    """
  private static let cash = """
    [{"date": "2024-09-28", "symbol": "AAPL", "filingDate": "2024-11-01", "acceptedDate": "2024-11-01 06:01:36",
      "period": "Q4", "operatingCashFlow": 26811000000, "netCashProvidedByOperatingActivities": 26811000000}]
    """

  private static func configuration(_ url: String, key: String) -> String {
    """
    storage: { sqlite: f.db }
    companies:
      fmp: { type: fmp, base_url: "\(url)/stable/", key: "\(key)", rate: 100/s, retries: 0, allow_private: true }
    """
  }

  @Test func `profiles and statements are asked for with the key, and what fails is named without it`() throws {
    let server = try FaultServer([
      "/stable/profile": [.text(Self.profile)], "/stable/income-statement": [.text(Self.income)],
      "/stable/balance-sheet-statement": [.status(402)], "/stable/cash-flow-statement": [.text(Self.cash)],
    ])
    defer { server.stop() }
    try CommandTests.inFolder(["config.yaml": Self.configuration(server.url, key: "${env:PATH}")]) { folder in
      let answer = try CommandTests.run(["companies", "import", "--source", "fmp", "AAPL"], in: folder)
      #expect(answer.code == 4, "\(answer)")
      #expect(answer.output.contains("AAPL profile: 1 new") && answer.output.contains("AAPL: 2 figures new"))
      #expect(answer.output.contains("AAPL: 1 figures new"), "\(answer.output)")
      #expect(answer.messages.contains("AAPL balance-sheet-statement: the server answered 402"), "\(answer.messages)")
      #expect(!answer.messages.contains("/usr/bin") && !answer.output.contains("/usr/bin"))
      #expect(server.requests.allSatisfy { $0.query["apikey"] == "/usr/bin:/bin" && $0.query["symbol"] == "AAPL" })
      let page = try CommandTests.run(["companies", "AAPL"], in: folder)
      #expect(page.output.contains("source: fmp") && page.output.contains("exchange: XNAS"), "\(page.output)")
      #expect(page.output.contains("known 2024-11-01T10:01:36Z, from fmp"), "\(page.output)")
    }
  }

  @Test func `whole lists of Nasdaq and of the SEC are asked for as they ask for it, and fill one register`() throws {
    let server = try FaultServer([
      "/dynamic/symdir/nasdaqlisted.txt": [
        .text(
          """
          Symbol|Security Name|Market Category|Test Issue|Financial Status|Round Lot Size|ETF|NextShares
          AAPL|Apple Inc. - Common Stock|Q|N|N|100|N|N
          ZVZZT|NASDAQ TEST STOCK|G|Y|N|100|N|N
          File Creation Time: 1120202521:31|||||||
          """)
      ],
      "/dynamic/symdir/otherlisted.txt": [
        .text(
          """
          ACT Symbol|Security Name|Exchange|CQS Symbol|ETF|Round Lot Size|Test Issue|NASDAQ Symbol
          SPY|SPDR S&P 500|P|SPY|Y|100|N|SPY
          """)
      ],
      "/files/company_tickers_exchange.json": [
        .json(
          """
          {"fields":["cik","name","ticker","exchange"],"data":[[320193,"Apple Inc.","AAPL","Nasdaq"],[1,"X","XX",null]]}
          """)
      ],
    ])
    defer { server.stop() }
    let config = """
      storage: { sqlite: f.db }
      companies:
        nasdaq: { type: nasdaq, base_url: "\(server.url)", rate: 100/s, allow_private: true }
        sec: { type: sec, base_url: "\(server.url)", rate: 100/s, allow_private: true, user_agent: "me me@example.com" }
      """
    try CommandTests.inFolder(["config.yaml": config]) { folder in
      let nasdaq = try CommandTests.run(["companies", "import", "--source", "nasdaq"], in: folder)
      #expect(nasdaq.code == 0 && nasdaq.output.contains("nasdaqlisted.txt: 1 new"), "\(nasdaq)")
      #expect(nasdaq.output.contains("otherlisted.txt: 1 new"), "\(nasdaq)")
      let sec = try CommandTests.run(["companies", "import", "--source", "sec"], in: folder)
      #expect(sec.code == 0 && sec.output.contains("1 new, 1 changed, 0 unchanged"), "\(sec)")
      #expect(server.requests.last?.headers["user-agent"] == "me me@example.com")
      let list = try CommandTests.run(["companies", "--format", "json"], in: folder)
      let found = try #require(try JSONSerialization.jsonObject(with: Data(list.output.utf8)) as? [[String: Any]])
      #expect(found.map { $0["symbol"] as? String } == ["AAPL", "SPY", "XX"])
      #expect(found.map { $0["source"] as? String } == ["sec", "nasdaq", "sec"])
      #expect(found.first?["name"] as? String == "Apple Inc." && found.first?["exchange"] as? String == "XNAS")
      let symbols = try CommandTests.run(["companies", "import", "--source", "sec", "AAPL"], in: folder)
      #expect(symbols.code == 2 && symbols.messages.contains("name no symbols"), "\(symbols)")
    }
  }

  @Test func `a missing key, a server that is not declared, and missing symbols are told`() throws {
    try CommandTests.inFolder(["config.yaml": Self.configuration("http://127.0.0.1:9", key: "${env:NO_SUCH_KEY}")]) {
      folder in
      let key = try CommandTests.run(["companies", "import", "--source", "fmp", "AAPL"], in: folder)
      #expect(key.code == 3 && key.messages.contains("key is not set on this machine"), "\(key)")
      let other = try CommandTests.run(["companies", "import", "--source", "fpm", "AAPL"], in: folder)
      #expect(other.code == 3 && other.messages.contains("there are fmp"), "\(other)")
      let none = try CommandTests.run(["companies", "import", "--source", "fmp"], in: folder)
      #expect(none.code == 2 && none.messages.contains("name the companies"), "\(none)")
    }
  }
}
