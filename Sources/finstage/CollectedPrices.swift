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

  /// What the items under `collect:` bring of these symbols; where none is named, of all that need no server.
  func collected(_ symbols: [String]) throws(Failure) -> [(symbol: String, timeframe: Timeframe)] {
    guard let configuration else {
      throw Failure(.usage, "there is no config.yaml that says where prices come from: name a file, --data FILE.csv")
    }
    let all = configuration.collect.flatMap { item in
      configuration.expand(item.symbols).map { (symbol: $0, timeframe: item.timeframe) }
    }
    for symbol in symbols where !all.contains(where: { $0.symbol == symbol }) {
      throw Failure(.unusable, "\(symbol): no item under collect: in the configuration brings it")
    }
    let local = Set(configuration.sources.filter { $0.type.web == nil }.map(\.name))
    // Of several items that bring the same, the first counts.
    var seen: Set<String> = []
    return all.filter { symbol, timeframe in
      let isWanted =
        symbols.isEmpty
        ? configuration.item(for: symbol, timeframe).map { local.contains($0.source) } ?? false
        : symbols.contains(symbol)
      return isWanted && seen.insert("\(symbol) \(timeframe)").inserted
    }
  }

  /// The prices of a symbol from the source that the configuration names for it.
  func candles(of symbol: String, _ timeframe: Timeframe) async throws(Failure) -> CandleSeries {
    try await history(of: symbol, timeframe).series
  }

  /// The same with what the source says besides.
  func history(of symbol: String, _ timeframe: Timeframe) async throws(Failure) -> PriceHistory {
    guard let configuration else {
      throw Failure(.usage, "there is no config.yaml that says where prices come from: name a file, --data FILE.csv")
    }
    guard let item = configuration.item(for: symbol, timeframe),
      let source = configuration.sources.first(where: { $0.name == item.source })
    else {
      throw Failure(.unusable, "\(symbol): no item under collect: in the configuration brings it at \(timeframe)")
    }
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
    let store = try store(for: .reading)
    var history = try await storing { () async throws(StoreError) in try await store.history(key) }
    guard history.series.count > 0 else {
      throw Failure(
        .unusable, "\(symbol): nothing of it was fetched from \(item.source) yet; run finstage fetch \(symbol)")
    }
    if let calendar = item.exchange.flatMap({ calendar($0) }) { history.series = history.series.keeping(calendar) }
    return history
  }

  /// The calendar of a name, with the changes of the configuration.
  func calendar(_ name: String) -> ExchangeCalendar? {
    configuration?.calendars[name] ?? ExchangeCalendar(name)
  }
}

extension Configuration {
  func item(for symbol: String, _ timeframe: Timeframe) -> Collection? {
    collect.first { $0.timeframe == timeframe && expand($0.symbols).contains(symbol) }
  }
}
