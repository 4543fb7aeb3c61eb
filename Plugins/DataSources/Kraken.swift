import MarketData
public import PluginKit
public import Trading

/// Candles of pairs from Kraken (`XBTUSD`): the last 720 of a timeframe and none before. The last row of an answer is
/// never settled, and the pair is called otherwise in the answer than in the request.
public struct Kraken: DataSource {
  public static let id = "kraken"
  public static let summary = "The last 720 candles of spot pairs from Kraken."
  public static let web: WebManners? = WebManners(baseURL: "https://api.kraken.com", rate: ["1/s", "30/m"])
  public static let settings = [Venue.symbolSetting]

  private static let most: Int64 = 720
  // Its weeks begin on Thursday, as the first of the epoch did, and are left out.
  private static let words = [
    ("1m", "1"), ("5m", "5"), ("15m", "15"), ("30m", "30"), ("1h", "60"), ("4h", "240"), ("1d", "1440"),
  ].map { (timeframe: $0.0, word: $0.1) }

  private let venue: Venue

  public init(settings: PluginSettings, host: SourceHost) throws(DataSourceError) {
    venue = Venue(of: Kraken.self, settings, host)
  }

  public func reach(_ timeframe: Timeframe) throws(DataSourceError) -> SourceReach {
    _ = try venue.word(for: timeframe, among: Kraken.words)
    return SourceReach(
      bars: Int(Kraken.most), depth: (Kraken.most - 1) * timeframe.milliseconds, settle: 10_000)
  }

  public func history(
    of instrument: Instrument, timeframe: Timeframe, from: Instant?, to: Instant?
  ) async throws(DataSourceError) -> PriceHistory {
    let word = try venue.word(for: timeframe, among: Kraken.words)
    // Rows after the moment named come, not the one that opens at it.
    let answer = try await venue.ask(
      instrument, "/0/public/OHLC",
      [
        ("pair", venue.symbol(of: instrument)), ("interval", word), ("since", from.map { "\($0.seconds - 1)" }),
      ])
    let json = try answer.json()
    // Those that begin with W are warnings.
    let errors = (json["error"]?.items ?? []).compactMap(\.text).filter { !$0.hasPrefix("W") }
    if let first = errors.first { throw error(first, errors, answer) }
    guard answer.isGood else { throw answer.refusal(nil) }
    let pairs = (json["result"]?.members ?? []).filter { $0.name != "last" }
    guard let pair = pairs.first, pairs.count == 1, let rows = pair.value.items else {
      throw answer.misfit(
        "the answer has \(json["result"]?.found ?? "no result"), where the rows of one pair are wanted")
    }
    var table = RowTable()
    for (place, row) in rows.dropLast().enumerated() {
      guard let time = Instant(epoch: row[0]?.number), row.items?.count ?? 0 >= 7 else {
        throw answer.unusable("row \(place) is \(row.found), where a time, four prices, vwap and volume are wanted")
      }
      try table.add(
        time, open: row[1], high: row[2], low: row[3], close: row[4], volume: row[6], row: place, of: answer)
    }
    return try table.history(of: answer, timeframe, from: from, to: to)
  }

  /// `EQuery:Unknown asset pair`, `EGeneral:Too many requests`, `EAPI:Rate limit exceeded`, `EService:Unavailable` …
  private func error(_ first: String, _ all: [String], _ answer: VenueAnswer) -> DataSourceError {
    let words = all.joined(separator: ", ")
    if first.hasPrefix("EQuery:Unknown asset") { return answer.notFound("the server has no such pair: \(words)") }
    let isPassing = ["Too many requests", "Rate limit", "EService", "Throttled"].contains { first.contains($0) }
    return isPassing ? answer.unavailable("the server says: \(words)") : answer.unusable("the server says: \(words)")
  }
}
