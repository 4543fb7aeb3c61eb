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
  ///
  /// - Parameter connections: Those of earlier plans, so that what a source was told holds on.
  init(
    _ workspace: Workspace, _ store: SQLiteStore, through connections: Connections? = nil,
    in surroundings: Surroundings = .machine
  ) throws(Failure) {
    try self.init(
      workspace, store, symbols: [], source: nil, from: FetchPlan.tenYears(before: surroundings.clock.now()),
      through: connections, in: surroundings)
  }

  static func tenYears(before now: Instant) -> Instant {
    Instant(seconds: Int64(now.day) * 86_400).advanced(by: -3_653 * 86_400_000)
  }

  /// - Parameter symbols: Only these; all where none is named.
  init(
    _ workspace: Workspace, _ store: SQLiteStore, symbols: [String], source name: String?, from start: Instant,
    through connections: Connections? = nil, in surroundings: Surroundings = .machine
  ) throws(Failure) {
    guard let configuration = workspace.configuration else {
      throw Failure(.usage, "there is no config.yaml that says what is to be fetched")
    }
    let connections = connections ?? Connections(configuration, counting: store, in: surroundings)
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
        let source = try connections.source(declared)
        let calendar = item.exchange.flatMap { workspace.calendar($0) }
        for symbol in chosen {
          let key = CandleKey(source: declared.name, symbol: symbol, timeframe: item.timeframe)
          let backfill = Backfill(
            key, from: source, into: store, calendar: calendar,
            quality: try workspace.stage(for: key, in: store, now: surroundings.now), now: surroundings.now)
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
