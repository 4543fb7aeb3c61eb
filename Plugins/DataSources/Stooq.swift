import MarketData
public import PluginKit
public import Trading

/// Daily candles from Stooq, as CSV. Symbols are Stooq's: `aapl.us`, `^spx`, `eurusd`; pairs of currencies have no
/// volume. Errors come with status 200.
public struct Stooq: DataSource {
  public static let id = "stooq"
  public static let summary = "Daily candles from stooq.com; so many requests a day are free."
  public static let web: WebManners? = WebManners(baseURL: "https://stooq.com", rate: ["1/s", "20/m"])
  public static let settings = [Venue.symbolSetting]

  private let venue: Venue

  public init(settings: PluginSettings, host: SourceHost) throws(DataSourceError) {
    venue = Venue(of: Stooq.self, settings, host)
  }

  public func reach(_ timeframe: Timeframe) throws(DataSourceError) -> SourceReach {
    _ = try venue.word(for: timeframe, among: [("1d", "d")])
    return SourceReach(settle: 6 * 3_600_000)
  }

  public func history(
    of instrument: Instrument, timeframe: Timeframe, from: Instant?, to: Instant?
  ) async throws(DataSourceError) -> PriceHistory {
    let word = try venue.word(for: timeframe, among: [("1d", "d")])
    // A range of holidays alone and an unknown symbol get the same answer. With a month before the range, live symbols
    // are never without data.
    let first = from?.advanced(by: -31 * 86_400_000)
    let last = to?.advanced(by: -1)
    let answer = try await venue.ask(
      instrument, "/q/d/l/",
      [
        ("s", venue.symbol(of: instrument).lowercased()), ("i", word), ("d1", first.map(date)), ("d2", last.map(date)),
      ])
    guard answer.isGood else { throw answer.refusal(nil) }
    let start = answer.text.prefix(200).lowercased()
    if start.hasPrefix("no data") {
      let range = first.map { " since \($0.dateText)" } ?? ""
      throw answer.notFound("the server says \"No data\": it has no such symbol, or nothing of it\(range)")
    }
    if start.hasPrefix("exceeded") {
      throw answer.unavailable("the server says that the requests of this day are used up: \(start.prefix(60))")
    }
    guard start.hasPrefix("date,") || start.hasPrefix("\u{FEFF}date,") else {
      throw answer.misfit("the answer is no CSV that begins with Date")
    }
    let file: PriceFile
    do throws(PriceFileError) {
      file = try PriceFile.parse(answer.response.body, name: "the answer", instrument: instrument, timeframe: timeframe)
    } catch {
      throw answer.unusable(error.description)
    }
    var table = RowTable()
    for bar in 0..<file.series.count where !file.series.isMissing(bar) {
      let candle = file.series[bar]
      table.add(
        candle.time, open: candle.open, high: candle.high, low: candle.low, close: candle.close, volume: candle.volume)
    }
    return try table.history(of: answer, timeframe, from: from, to: to)
  }

  private func date(_ time: Instant) -> String { time.dateText.filter { $0 != "-" } }
}
