import ArgumentParser
import Calendars
import Pipelines
import Trading

/// By which calendars the files of `--data` close. Files without one close after their timeframe.
struct ExchangeOption: ParsableArguments {
  @Option(
    name: .customLong("exchange"),
    help: ArgumentHelp(
      "The exchange of the price files, or of one symbol's: closes and sessions by its calendar.",
      valueName: "MIC or SYMBOL=MIC"))
  var exchanges: [String] = []

  /// The files with their exchanges.
  func files(_ data: [String]) throws(Failure) -> [DataFile] {
    var files = data.map { DataFile($0) }
    for text in exchanges {
      if files.isEmpty {
        throw Failure(.usage, "--exchange \(text): it is for --data; the configuration says it under collect:")
      }
      let parts = DataFile(text)
      guard let symbol = parts.symbol else {
        for index in files.indices where files[index].exchange == nil { files[index].exchange = text }
        continue
      }
      guard let index = files.firstIndex(where: { $0.symbol == symbol }) else {
        throw Failure(.usage, "--exchange \(text): no --data names a file of \(symbol)")
      }
      files[index].exchange = parts.path
    }
    return files
  }
}

extension DataFile {
  /// The prices, by the calendar of the file's exchange where it has one.
  func read(
    _ prices: PricesOption.Kind, _ calendar: (String) -> ExchangeCalendar?
  ) throws(Failure) -> CandleSeries {
    let series = try read(prices)
    guard let exchange else { return series }
    guard let calendar = calendar(exchange) else {
      throw Failure(
        .usage,
        "--exchange \(exchange): there is no such calendar; "
          + suggestion(for: exchange, among: ExchangeCalendar.names, called: "calendars"))
    }
    return series.keeping(calendar)
  }
}
