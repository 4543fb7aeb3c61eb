import MarketData
public import PluginKit
public import Trading

/// Candles of spot pairs from Binance (`BTCUSDT`): `GET /api/v3/klines`, numbers as texts, a thousand rows at most.
public struct Binance: DataSource {
  public static let id = "binance"
  public static let summary = "Candles of spot pairs from Binance."
  // A request weighs 2 of 6,000 a minute.
  public static let web: WebManners? = WebManners(baseURL: "https://api.binance.com", rate: ["10/s", "600/m"])
  public static let settings = [Venue.symbolSetting]

  private static let most = 1_000
  private static let words = [
    ("1m", "1m"), ("3m", "3m"), ("5m", "5m"), ("15m", "15m"), ("30m", "30m"), ("1h", "1h"), ("2h", "2h"), ("4h", "4h"),
    ("6h", "6h"), ("8h", "8h"), ("12h", "12h"), ("1d", "1d"), ("3d", "3d"), ("1w", "1w"), ("1mo", "1M"),
  ].map { (timeframe: $0.0, word: $0.1) }

  private let venue: Venue

  public init(settings: PluginSettings, host: SourceHost) throws(DataSourceError) {
    venue = Venue(of: Binance.self, settings, host)
  }

  public func reach(_ timeframe: Timeframe) throws(DataSourceError) -> SourceReach {
    _ = try venue.word(for: timeframe, among: Binance.words)
    return SourceReach(bars: Binance.most, settle: 10_000)
  }

  public func history(
    of instrument: Instrument, timeframe: Timeframe, from: Instant?, to: Instant?
  ) async throws(DataSourceError) -> PriceHistory {
    let word = try venue.word(for: timeframe, among: Binance.words)
    let answer = try await venue.ask(
      instrument, "/api/v3/klines",
      [
        ("symbol", venue.symbol(of: instrument)), ("interval", word), ("startTime", from.map { "\($0.milliseconds)" }),
        ("endTime", to.map { "\($0.milliseconds - 1)" }), ("limit", "\(Binance.most)"),
      ])
    let json = try answer.json()
    if let words = json["msg"]?.text {
      if json["code"]?.number == -1121 { throw answer.notFound("the server has no such symbol: \(words)") }
      if answer.isGood { throw answer.unusable("the server says: \(words)") }
      throw answer.refusal(words)
    }
    guard answer.isGood else { throw answer.refusal(nil) }
    guard let rows = json.items else { throw answer.misfit("the answer is \(json.found), where a list is wanted") }
    let now = venue.now()
    var table = RowTable()
    for (place, row) in rows.enumerated() {
      guard let time = Instant(epoch: row[0]?.number, unitsPerSecond: 1_000),
        let closes = Instant(epoch: row[6]?.number, unitsPerSecond: 1_000)
      else { throw answer.unusable("row \(place) is \(row.found), where a time, prices and a time are wanted") }
      // The last one is still open.
      if closes >= now { continue }
      try table.add(
        time, open: row[1], high: row[2], low: row[3], close: row[4], volume: row[5], row: place, of: answer)
    }
    return try table.history(of: answer, timeframe, from: from, to: to)
  }
}
