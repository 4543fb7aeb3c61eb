import DataSources
import Pipelines
import PluginKit
import Storage
import Trading

/// `config.yaml` as read.
struct Configuration {
  struct Source {
    var name: String
    var type: any DataSource.Type
    var settings: SourceSettings
  }

  struct Collection {
    var source: String
    var symbols: [String]
    var timeframe: Timeframe
  }

  /// The folder that relative paths are relative to.
  var folder: String
  var strategies = "strategies"
  var watchlists: [String: [Universe.Member]] = [:]
  var sources: [Source] = []
  var collect: [Collection] = []
  var channels: [String]?
  var storage = Storage()
  var retention: [RetentionRule] = []
  /// The trial ledger's file; `none` keeps none.
  var ledger: String?

  /// Symbols with `@name` replaced by the watchlist of that name; each stands once.
  func expand(_ symbols: [String]) -> [String] {
    var seen: Set<String> = []
    return members(symbols).map(\.symbol).filter { seen.insert($0).inserted }
  }

  /// The same with the dates of membership that the watchlists name.
  func universe(_ symbols: [String]) -> Universe { Universe(members(symbols)) }

  private func members(_ symbols: [String]) -> [Universe.Member] {
    symbols.flatMap { symbol in
      symbol.hasPrefix("@") ? watchlists[String(symbol.dropFirst())] ?? [] : [Universe.Member(symbol: symbol)]
    }
  }

  func path(_ relative: String) -> String {
    relative.hasPrefix("/") || folder.isEmpty ? relative : "\(folder)/\(relative)"
  }
}
