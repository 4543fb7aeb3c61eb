import MarketData
import Trading

/// Reads what a test runs over: `closes:` in series notation, `candles:`, or `data:`, a price file.
struct TestPrices {
  struct Series {
    var candles: CandleSeries
    /// The bars whose signals are compared.
    var counted: Range<Int>
  }

  let timeframe: Timeframe
  /// Where price files are looked for; nil where none can be.
  let folder: String?
  /// Values of the tests read so far, of sound and faulty ones; those of price files are not counted.
  private(set) var valuesRead = 0
  /// Files that several tests name are read once.
  private var files: [String: CandleSeries] = [:]

  /// The tests are kept in memory.
  static let valueLimit = 1_000_000

  init(timeframe: Timeframe, folder: String?) {
    self.timeframe = timeframe
    self.folder = folder
  }

  mutating func read(_ reader: inout MappingReader, _ diagnostics: Diagnostics) -> Series? {
    let (candles, data) = (reader.entry("candles"), reader.entry("data"))
    if let given = candles ?? data {
      let columns = ["closes", "opens", "highs", "lows", "volumes"].compactMap { reader.entry($0) }
      let limits = data == nil ? ["from", "to"].compactMap { reader.entry($0) } : []
      let both = candles == nil ? nil : data
      if let other = both ?? columns.first ?? limits.first {
        _ = [reader.take("from"), reader.take("to")]
        diagnostics.report(
          .conflictingKeys, at: other.key,
          limits.isEmpty ? "a test has closes:, candles: or data:, one of them" : "\"\(other.name)\" belongs to data:",
          hint: "leave out \"\(other.name)\" or \"\(given.name)\"")
        return nil
      }
    }
    if let candles {
      var list = CandleListReader(timeframe: timeframe, diagnostics: diagnostics)
      let series = list.read(candles.value)
      valuesRead += list.valuesRead
      return series.map { Series(candles: $0, counted: 0..<$0.count) }
    }
    if let data {
      let series = file(data.value, diagnostics)
      let (from, to) = (reader.take("from"), reader.take("to"))
      return series.flatMap { cut($0, from: from, to: to, at: data.value, diagnostics) }
    }
    return notation(&reader, diagnostics)
  }

  private mutating func notation(_ reader: inout MappingReader, _ diagnostics: Diagnostics) -> Series? {
    let closes = series(reader.require("closes", hint: "closes: '100x30 103'"), "closes", nil, diagnostics)
    let before = diagnostics.errors
    var columns: [String: [Double]] = [:]
    for key in ["opens", "highs", "lows", "volumes"] {
      columns[key] = series(reader.take(key), key, closes?.count, diagnostics)
    }
    guard let closes, diagnostics.errors == before else { return nil }
    let candles = StrategyTest.candles(
      closes: closes, opens: columns["opens"], highs: columns["highs"], lows: columns["lows"],
      volumes: columns["volumes"], timeframe: timeframe)
    return Series(candles: candles, counted: 0..<candles.count)
  }

  /// Candles from closes alone, with the labels of another series.
  mutating func closes(
    _ value: YAMLValue, _ what: String, like series: Series?, _ diagnostics: Diagnostics
  ) -> CandleSeries? {
    guard let values = self.series(value, what, series?.candles.count, diagnostics) else { return nil }
    let candles = StrategyTest.candles(closes: values, timeframe: timeframe)
    return CandleSeries(
      instrument: Instrument(symbol: what), timeframe: timeframe, times: candles.times, block: candles.block)
  }

  private mutating func series(_ value: YAMLValue?, _ what: String, _ count: Int?, _ diagnostics: Diagnostics)
    -> [Double]?
  {
    guard let value, let text = diagnostics.text(value, what) else { return nil }
    do throws(SeriesNotation.Fault) {
      let values = try SeriesNotation.values(of: text)
      valuesRead += values.count
      if let count, values.count != count {
        diagnostics.report(.badNotation, at: value, "\(what) has \(values.count) bars, closes has \(count)")
        return nil
      }
      return values
    } catch {
      diagnostics.report(.badNotation, at: value, part: error.range, "\(what): \(error.message)")
      return nil
    }
  }

  private mutating func file(_ value: YAMLValue, _ diagnostics: Diagnostics) -> CandleSeries? {
    guard let path = diagnostics.text(value, "data") else { return nil }
    guard let folder else {
      diagnostics.report(
        .unreadableFile, at: value, "\"\(path)\" cannot be looked for: the strategy was not read from a file",
        hint: "data: is relative to the strategy's file; closes: and candles: need none")
      return nil
    }
    let full = path.hasPrefix("/") || folder.isEmpty ? path : "\(folder)/\(path)"
    if let series = files[full] { return series }
    let name = path.split(separator: "/").last.map(String.init) ?? path
    let symbol = name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
    do throws(PriceFileError) {
      let series = try PriceFile.read(path: full, instrument: Instrument(symbol: symbol)).series
      files[full] = series
      return series
    } catch {
      report(error, at: value, diagnostics)
      return nil
    }
  }

  /// A fault of the file is one fault here: the file has a place of its own for the rest.
  private func report(_ error: PriceFileError, at value: YAMLValue, _ diagnostics: Diagnostics) {
    switch error {
    case .faults(let file, let faults, let total):
      let first = faults.first.map { ":\($0.line): \($0.message)" } ?? ""
      diagnostics.report(
        .badDataFile, at: value, "the price file cannot be used: \(file)\(first)",
        hint: total > 1 ? "and \(total - 1) more faults of that file" : nil)
    case .notThere(let file):
      diagnostics.report(
        .unreadableFile, at: value, "there is no file \(file)", hint: "data: is relative to the strategy's file")
    default: diagnostics.report(.unreadableFile, at: value, "\(error)")
    }
  }

  /// Values are computed from the first bar there is; what is compared lies in `from ... to`.
  private func cut(
    _ candles: CandleSeries, from: YAMLValue?, to: YAMLValue?, at place: YAMLValue, _ diagnostics: Diagnostics
  ) -> Series? {
    let first = time(from, "from", diagnostics)
    let last = time(to, "to", diagnostics).map { to?.text.map(BarLookup.isDate) == true ? $0.endOfDay : $0 }
    guard (from == nil) == (first == nil), (to == nil) == (last == nil) else { return nil }
    let start =
      first.flatMap { first in candles.times.firstIndex { $0 >= first } } ?? (first == nil ? 0 : candles.count)
    let end = last.flatMap { last in candles.times.firstIndex { $0 > last } } ?? candles.count
    guard start < end else {
      let span = [candles.times.first, candles.times.last].compactMap { $0?.description }.joined(separator: " to ")
      diagnostics.report(
        .outOfRange, at: from ?? to ?? place, "no bar lies between from: and to:",
        hint: span.isEmpty ? "the file has no bars" : "the file runs from \(span)")
      return nil
    }
    return Series(candles: candles, counted: start..<end)
  }

  private func time(_ value: YAMLValue?, _ what: String, _ diagnostics: Diagnostics) -> Instant? {
    guard let value, let text = diagnostics.text(value, what) else { return nil }
    if let time = Instant(text) { return time }
    diagnostics.report(.badTime, at: value, "\(what) \"\(text)\" is no time", hint: "write 2008-01-31")
    return nil
  }
}
