public import Trading

/// A CSV file of prices with what Yahoo's form adds to them: `Adj Close`, `Dividends`, `Stock Splits`, `Capital
/// Gains` and `Currency`, each where the header names it.
///
/// Prices that no series admits are taken in as they stand, for the quality checks to report: rows out of order,
/// times that repeat, prices that are not above 0, highs below lows. A file from the newest to the oldest is turned
/// round. Daily rows stamped at midnight of a zone belong to that date.
public struct HistoryFile: Sendable {
  public let rows: PriceRows
  /// What a reader of the file should know though nothing is wrong, a sentence each.
  public let notices: [String]

  /// Reads the file at `path`. Without a timeframe the file's own spacing is taken, a day for a single row. Throws
  /// where something in it is no number, no time or no row.
  public static func read(
    path: String, instrument: Instrument, timeframe: Timeframe? = nil
  ) throws(PriceFileError) -> HistoryFile {
    let file = try OpenFile(path, limit: PriceFile.sizeLimit)
    var window = LineWindow(piece: min(max(file.size, 1), 1 << 19))
    try window.fill(from: file)
    var faults = FaultList()
    guard let header = PriceHeader.read(window.bytes.span.extracting(first: window.filled), faults: &faults) else {
      throw .faults(file: path, faults.faults, total: faults.total)
    }
    var table = HistoryTable(header: header)
    window.drop(header.rowsStart)
    while try window.fillWithLines(from: file, lineEnd: header.lineEnd) {
      table.read(window.bytes.span.extracting(first: window.whole))
      window.drop(window.whole)
    }
    return try HistoryFile(table, header, path, instrument, timeframe)
  }

  /// Reads what a file holds; `name` stands for the file in errors.
  public static func parse(
    _ bytes: [UInt8], name: String, instrument: Instrument, timeframe: Timeframe? = nil
  ) throws(PriceFileError) -> HistoryFile {
    var faults = FaultList()
    guard let header = PriceHeader.read(bytes.span, faults: &faults) else {
      throw .faults(file: name, faults.faults, total: faults.total)
    }
    var table = HistoryTable(header: header)
    table.read(bytes.span.extracting(min(header.rowsStart, bytes.count)..<bytes.count))
    return try HistoryFile(table, header, name, instrument, timeframe)
  }

  private init(
    _ table: HistoryTable, _ header: PriceHeader, _ name: String, _ instrument: Instrument, _ timeframe: Timeframe?
  ) throws(PriceFileError) {
    var table = table
    if table.count == 0, table.faults.total == 0 {
      table.faults.add(.headerOnly, line: max(1, header.rowsLine - 1)) { "the file holds a header and no rows" }
    }
    guard table.faults.total == 0 else {
      throw .faults(file: name, table.faults.faults, total: table.faults.total)
    }
    let turned = table.runsBackwards
    rows = table.rows(instrument: instrument, timeframe: timeframe, turned: turned)
    notices =
      header.notices(file: name)
      + (turned ? ["\(name): the rows run from the newest to the oldest; they are read from the end"] : [])
  }
}

extension PriceFile {
  /// The same as `read`, with the same faults, and with what the header names besides prices.
  public static func readHistory(
    path: String, instrument: Instrument, timeframe: Timeframe? = nil
  ) throws(PriceFileError) -> (history: PriceHistory, notices: [String]) {
    let plain = try read(path: path, instrument: instrument, timeframe: timeframe)
    let first = plain.series.times.first?.milliseconds ?? 0
    let isDated = first % 86_400_000 == 0 || plain.series.timeframe.milliseconds < Timeframe.day.milliseconds
    if isDated, !plain.namesActions { return (PriceHistory(series: plain.series), plain.notices) }
    let full = try HistoryFile.read(path: path, instrument: instrument, timeframe: timeframe)
    return (full.rows.history, plain.notices)
  }
}
