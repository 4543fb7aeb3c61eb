public import PluginKit

/// The sources that a config may name, in alphabetical order of their ids.
public let dataSources: [any DataSource.Type] = [
  AlphaVantage.self,
  Binance.self,
  Coinbase.self,
  CSVFiles.self,
  HTTPCSV.self,
  HTTPJSON.self,
  Kraken.self,
  Stooq.self,
  Yahoo.self,
]
