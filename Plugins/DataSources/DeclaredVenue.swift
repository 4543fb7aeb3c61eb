import PluginKit
import Trading

/// A venue that the config describes: its URL, its words for timeframes, how it writes times, where its values stand.
struct DeclaredVenue: Sendable {
  /// Values by what they mean.
  static let fields = ["time", "open", "high", "low", "close", "volume", "adjusted"]

  static let settings = [
    PluginSetting(
      "url", .text, required: true, meaning: "the address asked, with {symbol}, {timeframe}, {from}, {to} and {key}"),
    PluginSetting(
      "timeframes", .mapping, required: true, meaning: "the venue's words by timeframe: { 1d: day, 1h: \"60\" }"),
    PluginSetting("key", .text, secret: true, meaning: "what stands for {key}, as ${env:NAME} or ${file:PATH}"),
    PluginSetting("headers", .mapping, meaning: "headers of the request by name; {key} in them is the key"),
    PluginSetting(
      "range", .text,
      meaning: "how {from} and {to} are written: seconds (default), milliseconds, iso, date, compact_date"),
    PluginSetting(
      "time_format", .text,
      meaning: "iso (default; also epoch numbers), seconds … nanoseconds, or a pattern such as DD.MM.YYYY HH:mm"),
    PluginSetting("timezone", .text, meaning: "the zone of times that name none, such as Asia/Seoul; UTC"),
    PluginSetting("currency", .text, meaning: "the currency of the prices: KRW"),
    PluginSetting("bars", .number, meaning: "the most bars of one answer"),
    PluginSetting("span", .duration, meaning: "the longest range of one request: 7d"),
    PluginSetting("depth", .duration, meaning: "how far back the venue has bars: 60d"),
    PluginSetting("settle", .duration, meaning: "how long after its close a bar may still change: 20m"),
  ]

  let venue: Venue
  let stamps: StampFormat
  let currency: String?
  private let template: URLTemplate
  private let words: [(timeframe: String, word: String)]
  private let reach: SourceReach
  private let key: String?
  private let headers: [String: String]

  init<Source: DataSource>(of source: Source.Type, _ settings: PluginSettings, _ host: SourceHost)
    throws(DataSourceError)
  {
    venue = Venue(of: source, settings, host)
    template = try URLTemplate(settings.text("url") ?? "", moments: settings.text("range"))
    stamps = try StampFormat(settings.text("time_format"), timezone: settings.text("timezone"))
    words = (settings.mapping("timeframes") ?? [:]).sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    guard !words.isEmpty else { throw .badSetting(name: "timeframes", "is empty; { 1d: day } is wanted") }
    for (timeframe, _) in words where Timeframe(timeframe) == nil {
      throw .badSetting(
        name: "timeframes", "has \"\(timeframe)\", which is no timeframe such as 1m, 15m, 1h, 1d, 1w, 1mo")
    }
    key = settings.text("key")
    headers = settings.mapping("headers") ?? [:]
    if template.has("key") || headers.values.contains(where: { $0.contains("{key}") }), key == nil {
      throw .badSetting(name: "key", "is missing, and {key} stands in the url or in a header")
    }
    for (name, value) in headers where (name + value).unicodeScalars.contains(where: { $0.value < 32 }) {
      throw .badSetting(name: "headers", "has a line end in \"\(name.prefix(40))\"")
    }
    currency = settings.text("currency")
    let bars = settings.number("bars")
    guard bars.map({ $0 >= 1 && $0 <= 1e6 }) ?? true else {
      throw .badSetting(name: "bars", "is a number from 1 to 1000000; found \(settings.text("bars") ?? "")")
    }
    reach = SourceReach(
      bars: bars.map { Int($0) }, span: settings.duration("span"), depth: settings.duration("depth"),
      settle: settings.duration("settle") ?? 0)
  }

  func reach(_ timeframe: Timeframe) throws(DataSourceError) -> SourceReach {
    _ = try venue.word(for: timeframe, among: words)
    return reach
  }

  func ask(
    _ instrument: Instrument, _ timeframe: Timeframe, from: Instant?, to: Instant?
  ) async throws(DataSourceError) -> VenueAnswer {
    let word = try venue.word(for: timeframe, among: words)
    let key = try self.key.map { key throws(DataSourceError) in try Venue.resolved(key, "key") }
    let now = venue.now()
    let end = to ?? now
    let spans = [reach.span, reach.bars.map { Int64($0) * timeframe.milliseconds }].compactMap { $0 }
    let earliest = reach.depth.map { now.advanced(by: -$0) } ?? Instant(seconds: 0)
    let start = from ?? spans.min().map { max(earliest, end.advanced(by: -$0)) } ?? earliest
    let url = template.filled(
      symbol: venue.symbol(of: instrument), timeframe: word, from: start, to: end, key: key ?? "")
    let filled = headers.sorted { $0.key < $1.key }.map {
      (name: $0.key, value: $0.value.replacing("{key}", with: key ?? ""))
    }
    return try await venue.ask(instrument, url, headers: filled, secrets: key.map { [$0] } ?? [])
  }

  /// Whether labels are dates.
  func isDaily(_ timeframe: Timeframe) -> Bool { timeframe.unit != .minute && timeframe.unit != .hour }
}
