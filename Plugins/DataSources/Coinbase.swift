import MarketData
public import PluginKit
public import Trading

/// Candles of pairs from Coinbase Exchange (`BTC-USD`): `[time, low, high, open, close, volume]`, the newest first, 300
/// at most. An interval without trades has no row.
public struct Coinbase: DataSource {
  public static let id = "coinbase"
  public static let summary = "Candles of spot pairs from Coinbase Exchange."
  public static let web: WebManners? = WebManners(baseURL: "https://api.exchange.coinbase.com", rate: ["5/s", "200/m"])
  public static let settings = [Venue.symbolSetting]

  private static let most: Int64 = 300
  private static let words = [
    ("1m", "60"), ("5m", "300"), ("15m", "900"), ("1h", "3600"), ("6h", "21600"), ("1d", "86400"),
  ].map { (timeframe: $0.0, word: $0.1) }

  private let venue: Venue

  public init(settings: PluginSettings, host: SourceHost) throws(DataSourceError) {
    venue = Venue(of: Coinbase.self, settings, host)
  }

  public func reach(_ timeframe: Timeframe) throws(DataSourceError) -> SourceReach {
    _ = try venue.word(for: timeframe, among: Coinbase.words)
    return SourceReach(bars: Int(Coinbase.most), settle: 60_000)
  }

  public func history(
    of instrument: Instrument, timeframe: Timeframe, from: Instant?, to: Instant?
  ) async throws(DataSourceError) -> PriceHistory {
    let word = try venue.word(for: timeframe, among: Coinbase.words)
    // Both ends count, so that a range of 300 bars ends a second before the 301st.
    let reach = Coinbase.most * timeframe.milliseconds
    let start = from ?? to?.advanced(by: -reach)
    let end = (to ?? from?.advanced(by: reach))?.advanced(by: -1_000)
    let answer = try await venue.ask(
      instrument, "/products/\(Venue.encoded(venue.symbol(of: instrument)))/candles",
      [("granularity", word), ("start", start.map { "\($0)" }), ("end", end.map { "\($0)" })])
    let json = try answer.json()
    if let words = json["message"]?.text {
      if words.lowercased().hasPrefix("notfound") { throw answer.notFound("the server has no such product: \(words)") }
      throw answer.isGood ? answer.unusable("the server says: \(words)") : answer.refusal(words)
    }
    guard answer.isGood else { throw answer.refusal(nil) }
    guard let rows = json.items else { throw answer.misfit("the answer is \(json.found), where a list is wanted") }
    var table = RowTable()
    for (place, row) in rows.enumerated() {
      guard let time = Instant(epoch: row[0]?.number), row.items?.count ?? 0 >= 6 else {
        throw answer.unusable("row \(place) is \(row.found), where [time, low, high, open, close, volume] is wanted")
      }
      try table.add(
        time, open: row[3], high: row[2], low: row[1], close: row[4], volume: row[5], row: place, of: answer)
    }
    return try table.history(of: answer, timeframe, from: from, to: to)
  }
}
