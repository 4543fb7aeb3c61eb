import MarketData
import Calendars
public import PluginKit
public import Trading

/// Candles, dividends and splits from Yahoo Finance: the chart API that its own pages ask (v8). It is unofficial: nobody
/// promises that it stays as it is, or that it may be asked.
///
/// Prices are split-adjusted; the adjusted close also takes dividends out.
public struct Yahoo: DataSource {
  public static let id = "yahoo"
  public static let summary = "Candles, dividends and splits from Yahoo Finance's chart API, which is unofficial."
  public static let web: WebManners? = WebManners(
    baseURL: "https://query1.finance.yahoo.com", rate: ["2/s", "60/m"])
  public static let settings = [Venue.symbolSetting]

  /// By timeframe: Yahoo's word, the days of one request and the days that are kept.
  private static let intervals: [(timeframe: String, word: String, span: Int64?, depth: Int64?)] = [
    ("1m", "1m", 7, 29), ("2m", "2m", 59, 59), ("5m", "5m", 59, 59), ("15m", "15m", 59, 59), ("30m", "30m", 59, 59),
    ("90m", "90m", 59, 59), ("1h", "60m", 729, 729), ("1d", "1d", nil, nil),
  ]
  private static let day: Int64 = 86_400_000

  private let venue: Venue

  public init(settings: PluginSettings, host: SourceHost) throws(DataSourceError) {
    venue = Venue(of: Yahoo.self, settings, host)
  }

  public func reach(_ timeframe: Timeframe) throws(DataSourceError) -> SourceReach {
    let word = try word(for: timeframe)
    guard let interval = Yahoo.intervals.first(where: { $0.word == word }), let span = interval.span else {
      return SourceReach(settle: 3_600_000)
    }
    // Prices come up to 20 minutes late.
    return SourceReach(span: span * Yahoo.day, depth: interval.depth.map { $0 * Yahoo.day }, settle: 1_200_000)
  }

  public func history(
    of instrument: Instrument, timeframe: Timeframe, from: Instant?, to: Instant?
  ) async throws(DataSourceError) -> PriceHistory {
    let word = try word(for: timeframe)
    let span = try reach(timeframe).span
    // A day's stamp is its opening, which may lie a day off midnight UTC of its date.
    let margin = span == nil ? Yahoo.day : 0
    let end = (to ?? venue.now()).advanced(by: margin)
    let start = from?.advanced(by: -margin) ?? span.map { end.advanced(by: -$0) } ?? Instant(seconds: -2_208_988_800)
    let answer = try await venue.ask(
      instrument, "/v8/finance/chart/\(Venue.encoded(venue.symbol(of: instrument)))",
      [
        ("period1", "\(start.seconds)"), ("period2", "\(end.seconds)"), ("interval", word), ("includePrePost", "false"),
        ("events", "div,splits,capitalGains"),
      ])
    let result = try result(of: answer)
    let meta = result["meta"] ?? .null
    if let given = meta["dataGranularity"]?.text, given != word {
      throw answer.unusable("the answer has bars of \(given), where \(word) was asked for")
    }
    let clock = ExchangeClock(meta)
    let currency = meta["currency"]?.text
    guard let stamps = result["timestamp"]?.items else {
      return try RowTable().history(of: answer, timeframe, from: from, to: to, currency: currency)
    }
    let quote = result["indicators"]?["quote"]?[0] ?? .null
    let columns = try ["open", "high", "low", "close", "volume"].map { name throws(DataSourceError) in
      try column(quote[name], name, count: stamps.count, answer)
    }
    let closes = result["indicators"]?["adjclose"]?[0]?["adjclose"]
    let adjusted = try closes.map { json throws(DataSourceError) in
      try column(json, "adjclose", count: stamps.count, answer)
    }
    let isDaily = span == nil
    var table = RowTable()
    var lastDay: Instant?
    for (place, stamp) in stamps.enumerated() {
      guard let opened = Instant(epoch: stamp.number) else {
        throw answer.unusable("timestamp \(place) is \(stamp.found), where seconds are wanted")
      }
      let isLast = place == stamps.count - 1
      let time = isDaily ? clock.date(of: opened) : opened
      if isLast, clock.isForming(opened, timeframe, isDaily: isDaily) || (isDaily && time == lastDay) { break }
      lastDay = time
      try table.add(
        time, open: columns[0][place], high: columns[1][place], low: columns[2][place], close: columns[3][place],
        volume: columns[4][place], adjusted: adjusted?[place], row: place, of: answer)
    }
    let actions = try YahooEvents(answer: answer) { isDaily ? clock.date(of: $0) : $0 }.actions(result["events"])
    return try table.history(of: answer, timeframe, from: from, to: to, actions: actions, currency: currency)
  }

  private func word(for timeframe: Timeframe) throws(DataSourceError) -> String {
    try venue.word(for: timeframe, among: Yahoo.intervals.map { ($0.timeframe, $0.word) })
  }

  /// The first of `chart.result`.
  private func result(of answer: VenueAnswer) throws(DataSourceError) -> JSON {
    let json = try answer.json()
    guard let chart = json["chart"] else {
      let said = json["finance"]?["error"]?["description"]?.text
      throw answer.isGood ? answer.misfit("the answer has no \"chart\"") : answer.refusal(said)
    }
    if let error = chart["error"], error != .null {
      let words = error["description"]?.text ?? error.found
      if error["code"]?.text == "Not Found" { throw answer.notFound("the server has no such symbol: \(words)") }
      throw answer.isGood ? answer.unusable("the server says: \(words)") : answer.refusal(words)
    }
    guard answer.isGood else { throw answer.refusal(nil) }
    guard let result = chart["result"]?[0] else { throw answer.misfit("the answer has an empty \"result\"") }
    return result
  }

  private func column(
    _ json: JSON?, _ name: String, count: Int, _ answer: VenueAnswer
  ) throws(DataSourceError) -> [JSON] {
    guard let items = json?.items else {
      throw answer.unusable("the answer has \(json?.found ?? "no") \"\(name)\", where a list of \(count) is wanted")
    }
    guard items.count == count else {
      throw answer.unusable("\"\(name)\" has \(items.count) values and \"timestamp\" \(count)")
    }
    return items
  }
}
