import DataSources
import Pipelines
import PluginKit
import Trading

/// `config.yaml` as read.
struct Configuration {
  struct Source {
    var name: String
    var type: any DataSource.Type
    var settings: [String: String]
  }

  struct Collection {
    var source: String
    var symbols: [String]
    var timeframe: Timeframe
  }

  /// The folder that relative paths are relative to.
  var folder: String
  var strategies = "strategies"
  var watchlists: [String: [String]] = [:]
  var sources: [Source] = []
  var collect: [Collection] = []
  var channels: [String]?
  /// The trial ledger's file; `none` keeps none.
  var ledger: String?

  /// Symbols with `@name` replaced by the watchlist of that name; each stands once.
  func expand(_ symbols: [String]) -> [String] {
    var seen: Set<String> = []
    return symbols.flatMap { symbol -> [String] in
      symbol.hasPrefix("@") ? watchlists[String(symbol.dropFirst())] ?? [] : [symbol]
    }.filter { seen.insert($0).inserted }
  }

  func path(_ relative: String) -> String {
    relative.hasPrefix("/") || folder.isEmpty ? relative : "\(folder)/\(relative)"
  }
}
