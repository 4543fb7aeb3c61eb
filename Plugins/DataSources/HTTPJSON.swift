import MarketData
public import PluginKit
public import Trading

/// Candles from any server that answers with JSON: the config says where in it they stand.
///
/// With `rows`, its items are the bars (the entries of an object too, whose names are `$name`), and the paths of the
/// values begin at a row; without, the paths begin at the document and lead to lists of equal length.
public struct HTTPJSON: DataSource {
  public static let id = "http_json"
  public static let summary = "Candles from a server that answers with JSON, described in the config."
  public static let web: WebManners? = WebManners(baseURL: "", rate: ["2/s", "60/m"])
  public static let settings =
    DeclaredVenue.settings + [
      PluginSetting("rows", .text, meaning: "the path to the bars: result.list, or . for the document itself"),
      PluginSetting("error", .text, meaning: "the path to a text that stands there where the server refuses"),
      PluginSetting("time", .text, required: true, meaning: "the path to a bar's time: 0, t, or $name"),
      PluginSetting("open", .text, required: true, meaning: "the path to the open"),
      PluginSetting("high", .text, required: true, meaning: "the path to the high"),
      PluginSetting("low", .text, required: true, meaning: "the path to the low"),
      PluginSetting("close", .text, required: true, meaning: "the path to the close"),
      PluginSetting("volume", .text, meaning: "the path to the volume; without it, 0"),
      PluginSetting("adjusted", .text, meaning: "the path to the close adjusted for splits and dividends"),
      Venue.symbolSetting,
    ]

  private let declared: DeclaredVenue
  private let rows: JSONPath?
  private let refusal: JSONPath?
  private let paths: [String: JSONPath]
  /// Whether a bar's time is the name of its entry.
  private let isTimedByName: Bool

  public init(settings: PluginSettings, host: SourceHost) throws(DataSourceError) {
    declared = try DeclaredVenue(of: HTTPJSON.self, settings, host)
    func path(_ name: String) throws(DataSourceError) -> JSONPath? {
      guard let text = settings.text(name) else { return nil }
      if let path = JSONPath(text) { return path }
      throw .badSetting(name: name, "is a path such as result.0.close or \"1. open\"; found \"\(text)\"")
    }
    rows = try path("rows")
    refusal = try path("error")
    isTimedByName = settings.text("time") == "$name"
    if isTimedByName, rows == nil {
      throw .badSetting(name: "time", "is $name, the name of a row's entry, and there is no \"rows\"")
    }
    var paths: [String: JSONPath] = [:]
    for field in DeclaredVenue.fields { paths[field] = try path(field) }
    self.paths = paths
  }

  public func reach(_ timeframe: Timeframe) throws(DataSourceError) -> SourceReach { try declared.reach(timeframe) }

  public func history(
    of instrument: Instrument, timeframe: Timeframe, from: Instant?, to: Instant?
  ) async throws(DataSourceError) -> PriceHistory {
    let answer = try await declared.ask(instrument, timeframe, from: from, to: to)
    let json = try answer.json()
    if let words = refusal?.find(in: json)?.text, !words.isEmpty {
      guard answer.isGood else { throw answer.refusal(words) }
      throw Venue.isAboutLimits(words)
        ? answer.unavailable("the server says: \(words)") : answer.unusable("the server says: \(words)")
    }
    guard answer.isGood else { throw answer.refusal(nil) }
    let bars: [[String: JSON]]
    if let rows { bars = try self.bars(at: rows, of: json, answer) } else { bars = try columns(of: json, answer) }
    var table = RowTable()
    for (place, bar) in bars.enumerated() {
      guard let time = declared.stamps.time(bar["time"], isDaily: declared.isDaily(timeframe)) else {
        throw answer.unusable(
          "the time of row \(place) is \(bar["time"]?.found ?? "not there"), where a time is wanted")
      }
      try table.add(
        time, open: bar["open"], high: bar["high"], low: bar["low"], close: bar["close"], volume: bar["volume"],
        adjusted: bar["adjusted"], row: place, of: answer)
    }
    if table.isEmpty, !bars.isEmpty {
      throw answer.unusable("none of \(bars.count) rows has an open, high, low and close where the config says")
    }
    return try table.history(of: answer, timeframe, from: from, to: to, currency: declared.currency)
  }

  /// The values of each row by what they mean.
  private func bars(at path: JSONPath, of json: JSON, _ answer: VenueAnswer) throws(DataSourceError) -> [[String: JSON]]
  {
    guard let found = path.find(in: json), found != .null else {
      throw answer.misfit("there is nothing at \"\(path.text)\", where the rows are wanted")
    }
    let rows = found.items?.map { (name: "", value: $0) } ?? found.members?.map { (name: $0.name, value: $0.value) }
    guard let rows else { throw answer.misfit("\"\(path.text)\" is \(found.found), where rows are wanted") }
    return rows.map { row in
      var values = paths.compactMapValues { $0.find(in: row.value) }
      if isTimedByName { values["time"] = .text(row.name) }
      return values
    }
  }

  private func columns(of json: JSON, _ answer: VenueAnswer) throws(DataSourceError) -> [[String: JSON]] {
    var columns: [String: [JSON]] = [:]
    for (field, path) in paths {
      guard let found = path.find(in: json)?.items else {
        let what = path.find(in: json)?.found ?? "nothing"
        throw answer.misfit("there is \(what) at \"\(path.text)\", where the list of \(field) is wanted")
      }
      columns[field] = found
    }
    let count = columns["time"]?.count ?? 0
    if let odd = columns.first(where: { $0.value.count != count }) {
      throw answer.unusable("the list of \(odd.key) has \(odd.value.count) values and that of time \(count)")
    }
    return (0..<count).map { place in columns.mapValues { $0[place] } }
  }
}
