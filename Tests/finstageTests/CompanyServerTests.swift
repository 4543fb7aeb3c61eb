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
