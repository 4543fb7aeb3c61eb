import Calendars
import DataSources
import Pipelines
import PluginKit
import Storage
import Trading

extension Workspace {
  /// Whether an item under `collect:` brings a symbol at a timeframe.
  func collects(_ symbol: String, _ timeframe: Timeframe) -> Bool {
    configuration?.item(for: symbol, timeframe) != nil
  }

  /// The prices of a symbol from the source that the configuration names for it, else those that were imported.
  func candles(of symbol: String, _ timeframe: Timeframe) async throws(Failure) -> CandleSeries {
    try await history(of: symbol, timeframe).series
  }

  /// The same with what the source says besides.
  func history(of symbol: String, _ timeframe: Timeframe) async throws(Failure) -> PriceHistory {
    guard let configuration, let item = configuration.item(for: symbol, timeframe),
      let source = configuration.sources.first(where: { $0.name == item.source })
    else { return try await imported(symbol, timeframe) }
    if source.type.web != nil { return try await stored(symbol, item) }
    do throws(DataSourceError) {
      let host = SourceHost(baseDirectory: configuration.folder, web: Unconnected(), now: { Terminal.now })
      let source = try source.type.init(settings: source.settings, host: host)
      var history = try await source.history(
        of: Instrument(symbol: symbol), timeframe: timeframe, from: nil, to: nil)
      if let calendar = item.exchange.flatMap({ calendar($0) }) { history.series = history.series.keeping(calendar) }
      return history
    } catch {
      throw Failure(.unusable, "\(error)")
    }
  }
}

extension Workspace {
  /// What was fetched of a symbol: a source with a server is asked by `finstage fetch` alone.
  private func stored(_ symbol: String, _ item: Configuration.Collection) async throws(Failure) -> PriceHistory {
    let key = CandleKey(source: item.source, symbol: symbol, timeframe: item.timeframe)
    do throws(StoreError) {
      let store = try reading()
      if let history = try await history(of: key, in: store) { return history }
      // Who has taken a file in need not fetch.
      let own = CandleKey(source: CandleKey.imported, symbol: symbol, timeframe: item.timeframe)
      if let history = try await history(of: own, in: store) { return history }
    } catch {
      guard case .missing = error else { throw Failure(error) }
    }
    throw lacking(symbol, item.timeframe)
  }

  /// What was taken in from files of a symbol that nothing under `collect:` brings, else what there is of it from
  /// whatever source.
  private func imported(_ symbol: String, _ timeframe: Timeframe) async throws(Failure) -> PriceHistory {
    do throws(StoreError) {
      let store = try reading()
      let own = CandleKey(source: CandleKey.imported, symbol: symbol, timeframe: timeframe)
      if let history = try await history(of: own, in: store) { return history }
      let others = try await store.keys().filter { $0.symbol == symbol && $0.timeframe == timeframe }
      if others.count == 1, let history = try await history(of: others[0], in: store) { return history }
      if others.count > 1 {
        throw StoreError.unsound(
          "there is more than one series, \(others.map { "\($0)" }.joined(separator: ", ")): "
            + "name the source of \(symbol) under collect: in the configuration")
      }
    } catch {
      guard case .missing = error else { throw Failure(error) }
    }
    throw lacking(symbol, timeframe)
  }

  /// The candles of a key with what its calendar says; nil where there are none.
  private func history(of key: CandleKey, in store: SQLiteStore) async throws(StoreError) -> PriceHistory? {
    var history = try await store.history(key)
    guard history.series.count > 0 else { return nil }
    if let check = try await store.check(of: key), check.errors > 0 {
      let what = check.errors == 1 ? "an error" : "\(check.errors) errors"
      Terminal.say("\(key): \(what) in its prices (\(check.checkedAt.dateText)); finstage data check \(key.symbol)")
    }
    if let calendar = exchange(of: key.symbol, key.timeframe, from: key.source).flatMap({ calendar($0) }) {
      history.series = history.series.keeping(calendar)
    }
    return history
  }

  /// Why there are no prices of a symbol, and how to come by them.
  func lacking(_ symbol: String, _ timeframe: Timeframe?) -> Failure {
    let length = timeframe.map { " \($0)" } ?? ""
    if let item = configuration?.collect.first(where: { item in
      (timeframe == nil || item.timeframe == timeframe) && configuration?.brings(symbol, item) == true
    }) {
      return Failure(
        .unusable, "\(symbol)\(length): nothing of it was fetched from \(item.source) yet; run finstage fetch \(symbol)"
      )
    }
    return Failure(
      .unusable,
      "\(symbol)\(length): it is neither collected nor imported. Name it under collect: in config.yaml and run "
        + "finstage fetch \(symbol), or take a file in: finstage import FILE --symbol \(symbol)"
        + (timeframe.map { " --timeframe \($0)" } ?? "") + ", or name a file, --data FILE.csv")
  }

  /// The calendar of a name, with the changes of the configuration.
  func calendar(_ name: String) -> ExchangeCalendar? {
    configuration?.calendars[name] ?? ExchangeCalendar(name)
  }
}

extension Configuration {
  func item(for symbol: String, _ timeframe: Timeframe) -> Collection? {
    item(for: symbol, timeframe, from: nil)
  }
}
