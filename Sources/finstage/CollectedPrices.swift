import DataSources
import Pipelines
import PluginKit
import Trading

extension Workspace {
  /// Whether an item under `collect:` brings a symbol at a timeframe.
  func collects(_ symbol: String, _ timeframe: Timeframe) -> Bool {
    configuration?.item(for: symbol, timeframe) != nil
  }

  /// The prices of a symbol from the source that the configuration names for it.
  func candles(of symbol: String, _ timeframe: Timeframe) async throws(Failure) -> CandleSeries {
    guard let configuration else {
      throw Failure(.usage, "there is no config.yaml that says where prices come from: name a file, --data FILE.csv")
    }
    guard let item = configuration.item(for: symbol, timeframe),
      let source = configuration.sources.first(where: { $0.name == item.source })
    else {
      throw Failure(.unusable, "\(symbol): no item under collect: in the configuration brings it at \(timeframe)")
    }
    do throws(DataSourceError) {
      let host = SourceHost(baseDirectory: configuration.folder, web: Unconnected(), now: { Terminal.now })
      let source = try source.type.init(settings: source.settings, host: host)
      return try await source.history(of: Instrument(symbol: symbol), timeframe: timeframe, from: nil, to: nil).series
    } catch {
      throw Failure(.unusable, "\(error)")
    }
  }
}

extension Configuration {
  func item(for symbol: String, _ timeframe: Timeframe) -> Collection? {
    collect.first { $0.timeframe == timeframe && expand($0.symbols).contains(symbol) }
  }
}
