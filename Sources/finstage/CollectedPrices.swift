import Pipelines
import Trading

extension Workspace {
  /// Whether an item under `collect:` brings a symbol at a timeframe.
  func collects(_ symbol: String, _ timeframe: Timeframe) -> Bool {
    configuration?.item(for: symbol, timeframe) != nil
  }

  /// The prices of a symbol from the source that the configuration names for it.
  func candles(of symbol: String, _ timeframe: Timeframe) async throws(Failure) -> CandleSeries {
    var prices = Prices(configuration, [])
    return try await prices.market(MarketFiles(symbol: symbol, timeframe: timeframe, others: [:], label: nil)).deciding
  }
}

extension Configuration {
  func item(for symbol: String, _ timeframe: Timeframe) -> Collection? {
    collect.first { $0.timeframe == timeframe && expand($0.symbols).contains(symbol) }
  }
}
