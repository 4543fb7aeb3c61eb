import MarketData
import Trading

/// A price file named on the command line: `FILE`, which stands for whatever symbol, or `SYMBOL=FILE`.
struct DataFile {
  var symbol: String?
  var path: String
  /// The name of a calendar.
  var exchange: String?

  init(_ argument: String) {
    // A symbol may hold "=" itself (ES=F): the last one parts it from the file.
    if let equals = argument.lastIndex(of: "=") {
      symbol = String(argument[..<equals])
      path = String(argument[argument.index(after: equals)...])
    } else {
      path = argument
    }
  }

  /// The prices; the file's own spacing is their timeframe.
  func read(_ prices: PricesOption.Kind) throws(Failure) -> CandleSeries {
    let instrument = Instrument(symbol: symbol ?? Workspace.stem(path))
    do throws(PriceFileError) {
      let file =
        switch prices {
        case .adjusted: try PriceFile.readPaying(path: path, instrument: instrument)
        case .plain: try PriceFile.read(path: path, instrument: instrument)
        }
      for notice in file.notices { Terminal.say(notice) }
      return file.series
    } catch {
      if case .notThere = error { throw Failure(.usage, "\(error)") }
      throw Failure(.unusable, "\(error)")
    }
  }

  /// The prices as they stand, with everything that is wrong in them.
  func readRows() throws(Failure) -> PriceRows {
    do throws(PriceFileError) {
      let file = try HistoryFile.read(path: path, instrument: Instrument(symbol: symbol ?? Workspace.stem(path)))
      for notice in file.notices { Terminal.say(notice) }
      return file.rows
    } catch {
      if case .notThere = error { throw Failure(.usage, "\(error)") }
      throw Failure(.unusable, "\(error)")
    }
  }
}
