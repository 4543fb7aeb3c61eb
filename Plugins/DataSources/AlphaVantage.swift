import MarketData
public import PluginKit
public import Trading

/// Daily candles of stocks from Alpha Vantage, with a key. Prices are as they were traded; with `adjusted: true` (for
/// paying customers) they are split-adjusted here, and dividends and splits come with them.
///
/// Limits, unknown symbols and faults of the request all come with status 200.
public struct AlphaVantage: DataSource {
  public static let id = "alpha_vantage"
  public static let summary = "Daily candles of stocks from Alpha Vantage; a key is needed, 25 requests a day are free."
  public static let web: WebManners? = WebManners(baseURL: "https://www.alphavantage.co", rate: ["1/s", "25/d"])
  public static let settings = [
    PluginSetting("key", .text, required: true, secret: true, meaning: "the key, as ${env:NAME} or ${file:PATH}"),
    PluginSetting(
      "adjusted", .flag, meaning: "whether to ask for adjusted closes, dividends and splits, which are paid for; false"),
    Venue.symbolSetting,
  ]

  private let venue: Venue
  private let key: String
  private let isAdjusted: Bool

  public init(settings: PluginSettings, host: SourceHost) throws(DataSourceError) {
    venue = Venue(of: AlphaVantage.self, settings, host)
    key = settings.text("key") ?? ""
    isAdjusted = settings.flag("adjusted") ?? false
  }

  public func reach(_ timeframe: Timeframe) throws(DataSourceError) -> SourceReach {
    _ = try venue.word(for: timeframe, among: [("1d", "")])
    return SourceReach(settle: 6 * 3_600_000)
  }

  public func history(
    of instrument: Instrument, timeframe: Timeframe, from: Instant?, to: Instant?
  ) async throws(DataSourceError) -> PriceHistory {
    _ = try venue.word(for: timeframe, among: [("1d", "")])
    let key = try Venue.resolved(key, "key")
    // The short answer has the last hundred sessions.
    let isRecent = from.map { $0 > venue.now().advanced(by: -120 * 86_400_000) } ?? false
    let answer = try await venue.ask(
      instrument, "/query",
      [
        ("function", isAdjusted ? "TIME_SERIES_DAILY_ADJUSTED" : "TIME_SERIES_DAILY"),
        ("symbol", venue.symbol(of: instrument)), ("outputsize", isRecent ? "compact" : "full"), ("apikey", key),
      ], secrets: [key])
    let json = try answer.json()
    for name in ["Error Message", "Note", "Information"] {
      if let words = json[name]?.text { throw error(name, words, answer) }
    }
    guard answer.isGood else { throw answer.refusal(nil) }
    guard let series = json["Time Series (Daily)"]?.members else {
      throw answer.misfit("the answer is \(json.found), where \"Time Series (Daily)\" is wanted")
    }
    var sessions: [(date: Instant, row: JSON)] = []
    for member in series {
      guard let date = Instant(member.name), member.name.count == 10 else {
        throw answer.unusable("\"\(member.name)\" stands where a date is wanted")
      }
      sessions.append((date, member.value))
    }
    // From the newest back: what came before a split is divided by it.
    sessions.sort { $0.date > $1.date }
    var table = RowTable()
    var actions: [CorporateAction] = []
    var factor = 1.0
    for (place, (date, row)) in sessions.enumerated() {
      let volume = row[isAdjusted ? "6. volume" : "5. volume"]
      try table.add(
        date, open: row["1. open"], high: row["2. high"], low: row["3. low"], close: row["4. close"], volume: volume,
        adjusted: row["5. adjusted close"], row: place, of: answer, factor: factor)
      guard isAdjusted else { continue }
      if let dividend = row["7. dividend amount"]?.number, dividend > 0 {
        actions.append(CorporateAction(time: date, kind: .dividend(dividend / factor)))
      }
      if let split = row["8. split coefficient"]?.number, split > 0, split != 1 {
        actions.append(CorporateAction(time: date, kind: .split(split)))
        factor *= split
      }
    }
    return try table.history(of: answer, timeframe, from: from, to: to, actions: actions)
  }

  private func error(_ name: String, _ words: String, _ answer: VenueAnswer) -> DataSourceError {
    if name == "Error Message" { return answer.notFound("the server knows no such symbol or request: \(words)") }
    return Venue.isAboutLimits(words)
      ? answer.unavailable("the server says that too much was asked: \(words)")
      : answer.unusable("the server says: \(words)")
  }
}
