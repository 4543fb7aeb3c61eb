import Engine
import PluginKit
import Storage
import Trading

/// What `collect:` brings into the store, symbol by symbol.
struct FetchPlan {
  var tasks: [Collector.Task] = []
  /// Items that need no fetching: their prices are read from files whenever they are wanted.
  var passedOver: [String] = []
  var failures: [String] = []

  /// All that is collected, of the ten years before today.
  init(_ workspace: Workspace, _ store: SQLiteStore) throws(Failure) {
    try self.init(workspace, store, symbols: [], source: nil, from: FetchPlan.tenYearsAgo)
  }

  static var tenYearsAgo: Instant {
    Instant(seconds: Int64(Terminal.now.day) * 86_400).advanced(by: -3_653 * 86_400_000)
  }

  /// - Parameter symbols: Only these; all where none is named.
  init(
    _ workspace: Workspace, _ store: SQLiteStore, symbols: [String], source name: String?, from start: Instant
  ) throws(Failure) {
    guard let configuration = workspace.configuration else {
      throw Failure(.usage, "there is no config.yaml that says what is to be fetched")
    }
    let connections = Connections(configuration, counting: store)
    var sources: [String: any DataSource] = [:]
    var found: Set<String> = []
    for item in configuration.collect where name == nil || item.source == name {
      let chosen = configuration.expand(item.symbols).filter { symbols.isEmpty || symbols.contains($0) }
      found.formUnion(chosen)
      guard !chosen.isEmpty, let declared = configuration.sources.first(where: { $0.name == item.source }) else {
        continue
      }
      guard declared.type.web != nil else {
        passedOver.append("\(declared.name) reads files, which need no fetching: \(chosen.joined(separator: ", "))")
        continue
      }
      do throws(Failure) {
        let source: any DataSource
        if let known = sources[declared.name] { source = known } else { source = try connections.source(declared) }
        sources[declared.name] = source
        let calendar = item.exchange.flatMap { workspace.calendar($0) }
        for symbol in chosen {
          let key = CandleKey(source: declared.name, symbol: symbol, timeframe: item.timeframe)
          let backfill = Backfill(
            key, from: source, into: store, calendar: calendar, quality: try workspace.stage(for: key, in: store),
            now: { Terminal.now })
          tasks.append(Collector.Task(backfill, from: start))
        }
      } catch {
        failures.append(error.message)
      }
    }
    for symbol in symbols where !found.contains(symbol) {
      failures.append("\(symbol): no item under collect: brings it\(name.map { " from \($0)" } ?? "")")
    }
  }
}
