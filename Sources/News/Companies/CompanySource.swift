public import PluginKit
internal import Trading

/// A server that tells of companies.
public enum CompanySource: String, Sendable, CaseIterable {
  /// The lists of nasdaqtrader.com: what Nasdaq lists, and what the other exchanges of the United States do.
  case nasdaq
  /// The tickers of the SEC, with exchanges.
  case sec
  /// Profiles and statements from Financial Modeling Prep, or who answers like it.
  case fmp

  /// How the server wants to be asked.
  public var web: WebManners {
    switch self {
    case .nasdaq: WebManners(baseURL: "https://www.nasdaqtrader.com", rate: ["1/s"])
    case .sec: WebManners(baseURL: "https://www.sec.gov", rate: ["5/s"])
    case .fmp: WebManners(baseURL: "https://financialmodelingprep.com/stable", rate: ["4/s", "250/d"])
    }
  }

  /// Settings besides those of every server.
  public var settings: [PluginSetting] {
    switch self {
    case .nasdaq, .sec: []
    case .fmp:
      [
        PluginSetting("key", .text, required: true, secret: true, meaning: "the key, as ${env:NAME} or ${file:PATH}"),
        PluginSetting("period", .text, meaning: "quarter or annual statements; quarter"),
      ]
    }
  }

  /// Whether it is asked for one company at a time.
  public var wantsSymbols: Bool { self == .fmp }

  /// What it is asked for.
  public struct Question: Sendable {
    /// `AAPL income-statement`.
    public var subject: String
    /// Of statements that do not say it.
    public var symbol: String?
    public var request: WebRequest
  }

  /// The documents to ask for; those of companies, where it is asked for one at a time.
  public func questions(of symbols: [String], base: String, key: String, period: String) -> [Question] {
    func question(_ subject: String, _ symbol: String?, _ path: String, secrets: [String] = []) -> Question {
      Question(subject: subject, symbol: symbol, request: WebRequest(base + path, secrets: secrets))
    }
    switch self {
    case .nasdaq:
      return ["nasdaqlisted.txt", "otherlisted.txt"].map { question($0, nil, "/dynamic/symdir/\($0)") }
    case .sec: return [question("company_tickers_exchange.json", nil, "/files/company_tickers_exchange.json")]
    case .fmp:
      return symbols.flatMap { symbol in
        let asked = "symbol=\(CompanySource.encoded(symbol))"
        let secret = CompanySource.encoded(key)
        let statements = ["income-statement", "balance-sheet-statement", "cash-flow-statement"]
        return [question("\(symbol) profile", symbol, "/profile?\(asked)&apikey=\(secret)", secrets: [key, secret])]
          + statements.map { name in
            question(
              "\(symbol) \(name)", symbol, "/\(name)?\(asked)&period=\(period)&apikey=\(secret)",
              secrets: [key, secret])
          }
      }
    }
  }

  /// The records of an answer; throws where the server did not give any.
  public func records(_ answer: WebResponse, _ subject: String) throws(RecordFault) -> [Record] {
    guard answer.status == 200 else { throw RecordFault(subject, ["the server answered \(answer.status)"]) }
    return try Record.read(answer.body, file: subject)
  }

  /// For a query (RFC 3986).
  private static func encoded(_ text: String) -> String {
    text.utf8.map { byte in
      let scalar = Character(Unicode.Scalar(byte))
      let isPlain = byte < 128 && (scalar.isLetter || scalar.isNumber || "-._~".contains(scalar))
      let digits = String(byte, radix: 16, uppercase: true)
      return isPlain ? String(scalar) : "%" + (digits.count == 1 ? "0" : "") + digits
    }.joined()
  }
}
