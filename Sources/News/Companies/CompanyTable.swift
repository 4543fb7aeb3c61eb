public import Trading

/// Profiles of instruments, as files of registers have them: own tables, those that Nasdaq lists (`nasdaqlisted.txt`,
/// `otherlisted.txt`), the SEC's `company_tickers.json`, and FMP's profiles.
public enum CompanyTable {
  private static let symbolColumns = ["symbol", "ticker", "act_symbol"]
  private static let nameColumns = [
    "name", "name_en", "english_name", "company_name", "companyname", "security_name", "title",
  ]
  private static let koreanColumns = ["name_ko", "korean_name", "종목명", "회사명"]

  /// Whether the records have the columns of a register.
  public static func fits(_ records: [Record]) -> Bool {
    guard let first = records.first else { return false }
    return first.has(symbolColumns) && (first.has(nameColumns) || first.has(koreanColumns + ["sector", "category"]))
  }

  /// The profiles; rows of securities that serve for tests, and the last line of Nasdaq's files, are passed over.
  public static func read(_ records: [Record], file: String) throws(RecordFault) -> [InstrumentProfile] {
    var faults = RecordFaults(file: file)
    var profiles: [String: InstrumentProfile] = [:]
    for record in records {
      if isFoot(record) || record.text("test_issue") == "Y" { continue }
      guard let symbol = record.line(symbolColumns) else {
        faults.add(
          "\(record.place): has no symbol; columns: symbol, name, name_ko, sector, industry, category, exchange")
        continue
      }
      guard symbol.utf8.count <= 64, symbol.allSatisfy({ !$0.isWhitespace && !$0.isNewline }) else {
        faults.add("\(record.place): \"\(symbol.prefix(40))\" is no symbol")
        continue
      }
      let profile = profile(symbol, record)
      profiles[symbol] = profiles[symbol].map(profile.filled) ?? profile
    }
    try faults.end()
    return profiles.values.sorted { $0.instrument.symbol < $1.instrument.symbol }
  }

  private static func profile(_ symbol: String, _ record: Record) -> InstrumentProfile {
    var profile = InstrumentProfile(instrument: Instrument(symbol: symbol))
    profile.names["en"] = record.line(nameColumns)
    profile.names["ko"] = record.line(koreanColumns)
    profile.sector = record.line("sector")
    profile.industry = record.line("industry")
    profile.currency = record.line("currency")
    profile.category = category(record)
    if record.has(["market_category"]) {
      profile.exchange = "XNAS"
    } else if record.has(["act_symbol"]) {
      profile.exchange = record.line("exchange").map { nasdaqCodes[$0] ?? $0 }
    } else {
      profile.exchange = record.line("mic", "exchangeshortname", "exchange", "listing_exchange", "market")
        .map { exchanges[$0.lowercased()] ?? $0 }
    }
    return profile
  }

  private static func category(_ record: Record) -> String? {
    if let category = record.line("category", "type") { return category.lowercased() }
    if let isFund = record.text("etf", "isetf") { return ["Y", "true"].contains(isFund) ? "etf" : "stock" }
    return nil
  }

  /// `File Creation Time: …`
  private static func isFoot(_ record: Record) -> Bool {
    record.text(symbolColumns)?.hasPrefix("File Creation Time") == true
  }

  /// Of `otherlisted.txt`.
  private static let nasdaqCodes = ["A": "XASE", "N": "XNYS", "P": "ARCX", "Z": "BATS", "V": "IEXG"]

  /// Names that the SEC and FMP use.
  private static let exchanges = [
    "nasdaq": "XNAS", "nyse": "XNYS", "amex": "XASE", "nyse american": "XASE", "nyse arca": "ARCX", "cboe": "BATS",
    "otc": "OTCM", "kospi": "XKRX", "kosdaq": "XKRX", "krx": "XKRX", "kse": "XKRX",
  ]
}

extension Record {
  /// Whether it has one of these columns, though nothing may stand in it.
  fileprivate func has(_ names: [String]) -> Bool { names.contains { fields[$0] != nil } }
}
