import Engine
import MarketData
import PluginKit
import Storage
import Trading

/// What `data check` looks through.
enum CheckTarget {
  /// A file that is named.
  case file(DataFile)
  /// What a source without a server reads whenever it is wanted.
  case local(symbol: String, timeframe: Timeframe)
  /// What was fetched or imported.
  case stored(CandleKey)

  var isStored: Bool { if case .stored = self { true } else { false } }
}

extension Workspace {
  /// What there is of these symbols, of all where none is named: what local sources read, and what the store holds.
  /// `lacking` names those of which there is nothing.
  func checkTargets(
    _ symbols: [String], _ timeframe: Timeframe?
  ) async throws(Failure) -> (targets: [CheckTarget], lacking: [Failure]) {
    let stored = try await storedSeries()
    guard configuration != nil || stored != nil else {
      throw Failure(
        .usage,
        "there is no config.yaml that says where prices come from, and no database: name a file, --data FILE.csv")
    }
    func isWanted(_ symbol: String, _ length: Timeframe) -> Bool {
      (symbols.isEmpty || symbols.contains(symbol)) && (timeframe == nil || timeframe == length)
    }
    var targets: [CheckTarget] = []
    var found: Set<String> = []
    for (symbol, length) in locals() where isWanted(symbol, length) {
      targets.append(.local(symbol: symbol, timeframe: length))
      found.insert(symbol)
    }
    for key in stored ?? [] where isWanted(key.symbol, key.timeframe) {
      targets.append(.stored(key))
      found.insert(key.symbol)
    }
    return (targets, symbols.filter { !found.contains($0) }.map { lacking($0, timeframe) })
  }

  /// What there are candles of in the store; nil where there is no database.
  func storedSeries() async throws(Failure) -> [CandleKey]? {
    do throws(StoreError) {
      return try await reading().keys()
    } catch {
      if case .missing = error { return nil }
      throw Failure(error)
    }
  }

  /// The timeframes at which a symbol is collected or stored.
  func lengths(of symbol: String) async throws(Failure) -> Set<Timeframe> {
    let stored = try await storedSeries() ?? []
    let collected = configuration?.collect.filter { configuration?.brings(symbol, $0) == true } ?? []
    return Set(stored.filter { $0.symbol == symbol }.map(\.timeframe) + collected.map(\.timeframe))
  }

  /// What items under `collect:` bring from sources that have no server, each once.
  private func locals() -> [(symbol: String, timeframe: Timeframe)] {
    guard let configuration else { return [] }
    let names = Set(configuration.sources.filter { $0.type.web == nil }.map(\.name))
    var seen: Set<String> = []
    return configuration.collect.flatMap { item in
      configuration.expand(item.symbols).map { (symbol: $0, timeframe: item.timeframe) }
    }.filter { symbol, timeframe in
      configuration.item(for: symbol, timeframe).map { names.contains($0.source) } == true
        && seen.insert("\(symbol) \(timeframe)").inserted
    }
  }
}
