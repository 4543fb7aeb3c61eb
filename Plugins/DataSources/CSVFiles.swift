import MarketData
public import PluginKit
public import Trading

/// Candles from CSV files, a file an instrument.
///
/// A file belongs to a symbol by its stem: `SYMBOL` or `SYMBOL-TIMEFRAME`, where the symbol may also be written with
/// `-` for characters other than ASCII letters and digits, without those at its ends: `^IXIC` is `IXIC-1d.csv`,
/// `3988.HK` is `3988-HK-1d.csv`. Files are looked for and read each time, so a folder may grow.
public struct CSVFiles: DataSource {
  public static let id = "csv"
  public static let summary =
    "Candles from CSV files on this machine, with adjusted closes, dividends and splits where a file has them."
  public static let settings = [
    PluginSetting(
      "path", .text, required: true,
      meaning: "a file, a folder or a pattern such as Samples/*.csv, relative to the config's folder")
  ]

  private let path: String
  private let files: FilePattern

  public init(settings: PluginSettings, host: SourceHost) throws(DataSourceError) {
    guard let path = settings.text("path"), !path.isEmpty else {
      throw .badSetting(name: "path", "is missing; a file, a folder or a pattern such as Samples/*.csv is wanted")
    }
    self.path = path
    self.files = FilePattern(path, in: host.baseDirectory)
  }

  public func reach(_ timeframe: Timeframe) -> SourceReach { SourceReach() }

  public func history(
    of instrument: Instrument, timeframe: Timeframe, from: Instant?, to: Instant?
  ) async throws(DataSourceError) -> PriceHistory {
    let file = try file(of: instrument, timeframe: timeframe)
    let history: PriceHistory
    do throws(PriceFileError) {
      history = try PriceFile.readHistory(path: file, instrument: instrument, timeframe: timeframe).history
    } catch {
      throw .unusable("\(error)")
    }
    // Coarser spacing may be holes; finer spacing cannot be bars of this length.
    if let spacing = Timeframe.inferred(from: history.series.times),
      spacing.milliseconds * 10 < timeframe.milliseconds * 9
    {
      throw .unusable("\(file): its bars are \(spacing) apart, where \(timeframe) is asked for")
    }
    return history.opening(from: from, to: to)
  }

  /// The one file whose stem fits.
  private func file(of instrument: Instrument, timeframe: Timeframe) throws(DataSourceError) -> String {
    let all = files.matches()
    let stems = CSVFiles.stems(of: instrument.symbol, timeframe: timeframe)
    let fitting = all.filter { stems.contains(CSVFiles.stem(of: $0)) }
    if let file = fitting.first, fitting.count == 1 { return file }
    if fitting.isEmpty {
      let found = all.isEmpty ? "there are no CSV files there" : "found \(CSVFiles.list(all))"
      let wanted = stems.map { "\($0).csv" }.joined(separator: " or ")
      throw .notFound(instrument, "there is no \(timeframe) file in \(path) (\(wanted)); \(found)")
    }
    throw .notFound(instrument, "\(fitting.count) files in \(path) fit: \(CSVFiles.list(fitting)); one is admitted")
  }

  /// The stems that belong to a symbol, the plainest first.
  static func stems(of symbol: String, timeframe: Timeframe) -> [String] {
    let written = dashed(symbol)
    let names = written.isEmpty || written == symbol ? [symbol] : [written, symbol]
    return names.flatMap { ["\($0)-\(timeframe)", $0] }
  }

  /// The symbol with `-` for characters other than ASCII letters and digits, trimmed of those at its ends.
  private static func dashed(_ symbol: String) -> String {
    var text = symbol.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }[...]
    while text.first == "-" { text.removeFirst() }
    while text.last == "-" { text.removeLast() }
    return String(text)
  }

  private static func name(of file: String) -> String {
    file.split(separator: "/").last.map(String.init) ?? file
  }

  private static func stem(of file: String) -> String {
    let name = name(of: file)
    return name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
  }

  private static func list(_ files: [String]) -> String {
    let names = files.prefix(20).map(name).joined(separator: ", ")
    return files.count > 20 ? "\(names) and \(files.count - 20) more" : names
  }
}
