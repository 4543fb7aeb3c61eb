import MarketData
public import PluginKit
public import Trading

/// Candles from any server that answers with CSV: the config says which column is which.
public struct HTTPCSV: DataSource {
  public static let id = "http_csv"
  public static let summary = "Candles from a server that answers with CSV, described in the config."
  public static let web: WebManners? = WebManners(baseURL: "", rate: ["2/s", "60/m"])
  public static let settings =
    DeclaredVenue.settings + [
      PluginSetting("separator", .text, meaning: "comma (default), semicolon, tab or bar"),
      PluginSetting(
        "header", .flag, meaning: "whether the first line names the columns; if not, they are 1, 2 …; true"),
      PluginSetting("time", .text, meaning: "the column of the time; date"),
      PluginSetting("open", .text, meaning: "the column of the open; open"),
      PluginSetting("high", .text, meaning: "the column of the high; high"),
      PluginSetting("low", .text, meaning: "the column of the low; low"),
      PluginSetting("close", .text, meaning: "the column of the close; close"),
      PluginSetting("volume", .text, meaning: "the column of the volume; volume, where there is one"),
      PluginSetting("adjusted", .text, meaning: "the column of the close adjusted for splits and dividends"),
      Venue.symbolSetting,
    ]

  private static let separators: [String: Unicode.Scalar] = ["comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"]

  private let declared: DeclaredVenue
  private let separator: UInt8
  private let hasHeader: Bool
  private let named: [String: String]

  public init(settings: PluginSettings, host: SourceHost) throws(DataSourceError) {
    declared = try DeclaredVenue(of: HTTPCSV.self, settings, host)
    let word = settings.text("separator") ?? "comma"
    guard let separator = HTTPCSV.separators[word] else {
      throw .badSetting(name: "separator", "is comma, semicolon, tab or bar; found \"\(word)\"")
    }
    self.separator = UInt8(ascii: separator)
    hasHeader = settings.flag("header") ?? true
    var named: [String: String] = [:]
    for field in DeclaredVenue.fields { named[field] = settings.text(field) }
    self.named = named
  }

  public func reach(_ timeframe: Timeframe) throws(DataSourceError) -> SourceReach { try declared.reach(timeframe) }

  public func history(
    of instrument: Instrument, timeframe: Timeframe, from: Instant?, to: Instant?
  ) async throws(DataSourceError) -> PriceHistory {
    let answer = try await declared.ask(instrument, timeframe, from: from, to: to)
    guard answer.isGood else { throw answer.refusal(nil) }
    let body = answer.response.body
    if body.first(where: { $0 > 0x20 }).map({ $0 == UInt8(ascii: "<") }) ?? true {
      throw answer.misfit("the answer is no CSV")
    }
    let sheet: CSVTable
    do throws(CSVTable.Fault) {
      sheet = try CSVTable(body, separator: separator, hasHeader: hasHeader)
    } catch {
      throw answer.misfit(error.sentence)
    }
    let columns = try columns(of: sheet, answer)
    func value(_ field: String, _ row: Int) -> JSON? {
      columns[field].flatMap { sheet.text($0, row: row) }.map { .text($0) }
    }
    var table = RowTable()
    for row in 0..<sheet.count {
      let stamp = value("time", row)
      guard let time = declared.stamps.time(stamp, isDaily: declared.isDaily(timeframe)) else {
        throw answer.unusable("the time of row \(row) is \(stamp?.found ?? "empty"), where a time is wanted")
      }
      try table.add(
        time, open: value("open", row), high: value("high", row), low: value("low", row), close: value("close", row),
        volume: value("volume", row), adjusted: value("adjusted", row), row: row, of: answer)
    }
    return try table.history(of: answer, timeframe, from: from, to: to, currency: declared.currency)
  }

  /// The places of the columns by what they mean.
  private func columns(of sheet: CSVTable, _ answer: VenueAnswer) throws(DataSourceError) -> [String: Int] {
    var columns: [String: Int] = [:]
    for field in DeclaredVenue.fields {
      let name = named[field] ?? (field == "time" ? "date" : field)
      if let place = sheet.column(name) {
        columns[field] = place
      } else if named[field] != nil || !["volume", "adjusted"].contains(field) {
        throw answer.misfit("there is no column \"\(name)\"; the first line is \(sheet.header.joined(separator: ", "))")
      }
    }
    return columns
  }
}
