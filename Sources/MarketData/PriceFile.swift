public import Trading

/// A CSV file of prices, read whole.
///
/// The header names the columns, in any order and letter case: `timestamp` (or `date`, `datetime`, `time`), `open`,
/// `high`, `low`, `close`, and `volume`, which may be absent; other columns are passed over. Commas, semicolons or tabs
/// part the fields. Times are ISO 8601 or epoch seconds or milliseconds, in UTC where they name no zone.
public struct PriceFile: Sendable {
  public let series: CandleSeries
  /// What a reader of the file should know though nothing is wrong, a sentence each.
  public let notices: [String]
  /// Whether the header names columns that only `HistoryFile` reads.
  let namesActions: Bool

  /// The size that a file may have, in bytes.
  public static let sizeLimit = 1 << 30
  /// The length that a line may have, in bytes.
  public static let lineLimit = 1 << 16

  /// Reads the file at `path`. Without a timeframe the file's own spacing is taken, a day for a single row.
  public static func read(
    path: String, instrument: Instrument, timeframe: Timeframe? = nil
  ) throws(PriceFileError) -> PriceFile {
    let file = try OpenFile(path, limit: sizeLimit)
    return try read(file, piece: 1 << 19, instrument: instrument, timeframe: timeframe)
  }

  /// Reads the file a piece at a time: fresh memory for the whole text would cost more than parsing it.
  static func read(
    _ file: borrowing OpenFile, piece: Int, instrument: Instrument, timeframe: Timeframe?
  ) throws(PriceFileError) -> PriceFile {
    var window = LineWindow(piece: min(max(file.size, 1), max(piece, 4 * lineLimit)))
    try window.fill(from: file)
    var faults = FaultList()
    guard let header = PriceHeader.read(window.bytes.span.extracting(first: window.filled), faults: &faults) else {
      throw .faults(file: file.path, faults.faults, total: faults.total)
    }
    let lines = try LineCount.lines(of: file, lineEnd: header.lineEnd)
    var table = PriceTable(header: header, capacity: lines - header.rowsLine + 1)
    window.drop(header.rowsStart)
    while try window.fillWithLines(from: file, lineEnd: header.lineEnd) {
      table.read(window.bytes.span.extracting(first: window.whole))
      window.drop(window.whole)
    }
    let series = try table.series(instrument: instrument, timeframe: timeframe, name: file.path)
    return PriceFile(
      series: series, notices: header.notices(file: file.path), namesActions: !HistoryColumns(header).isEmpty)
  }

  /// Reads what a file holds; `name` stands for the file in errors.
  public static func parse(
    _ bytes: [UInt8], name: String, instrument: Instrument, timeframe: Timeframe? = nil
  ) throws(PriceFileError) -> PriceFile {
    var faults = FaultList()
    guard let header = PriceHeader.read(bytes.span, faults: &faults) else {
      throw .faults(file: name, faults.faults, total: faults.total)
    }
    let rows = bytes.span.extracting(min(header.rowsStart, bytes.count)..<bytes.count)
    var table = PriceTable(header: header, capacity: LineCount.lines(of: rows, lineEnd: header.lineEnd))
    table.read(rows)
    let series = try table.series(instrument: instrument, timeframe: timeframe, name: name)
    return PriceFile(series: series, notices: header.notices(file: name), namesActions: !HistoryColumns(header).isEmpty)
  }
}
